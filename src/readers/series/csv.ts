import { type Message, message } from '../../model';

/** More rows than this are not read: no run has as many steps. */
const MAX_ROWS = 1_000_000;

const DELIMITERS = [',', ';', '\t'] as const;

/** A column of a table, as far down as it holds numbers. */
export interface Column {
  readonly name: string;
  readonly values: readonly number[];
  /** What stands below the last number, where something does that is none. */
  readonly end?: Message;
}

/**
 * The columns of a CSV file (RFC 4180; commas, semicolons or tabs) that begin with a number. The first row gives the names, unless
 * it holds numbers only. A decimal comma is no number here: `1,234` might be a thousand.
 *
 * Of our own and not a library's: only plain numbers of one rectangle are wanted, with the row at which they end.
 */
export function numericColumns(text: string): readonly Column[] {
  const rows = rowsOf(text);
  const first = rows.next();
  if (first.done) return [];
  const headless = first.value.every((cell) => numberIn(cell) !== undefined);
  const names = first.value.map((cell, i) => (headless || cell.trim() === '' ? `${i + 1}` : cell.trim()));
  const columns = names.map((name) => ({
    name,
    values: [] as number[],
    end: undefined as Message | undefined,
  }));
  let row = 1;
  const take = (cells: readonly string[]): void => {
    // A blank line is one empty cell.
    if (cells.length === 1 && cells[0] === '' && columns.length > 1) return;
    columns.forEach((column, i) => {
      if (column.end) return;
      const cell = cells[i] ?? '';
      const value = numberIn(cell);
      if (value !== undefined) column.values.push(value);
      else column.end = message('row {0} holds “{1}”, which is no number', row, cell.slice(0, 30));
    });
  };
  if (headless) take(first.value);
  for (const cells of rows) {
    row++;
    if (row > MAX_ROWS) break;
    take(cells);
  }
  return columns
    .filter((c) => c.values.length > 0)
    .map(({ name, values, end }) => ({ name, values, ...(end ? { end } : {}) }));
}

/** Shifted and scaled to mean 0 and standard deviation 1, as recurrent layers are usually fed; a constant becomes 0. */
export function standardised(values: readonly number[]): readonly number[] {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const deviation = Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length);
  return values.map((x) => (deviation === 0 ? 0 : (x - mean) / deviation));
}

function numberIn(cell: string): number | undefined {
  const trimmed = cell.trim();
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(trimmed)) return undefined;
  const value = Number(trimmed);
  return Number.isFinite(value) ? value : undefined;
}

function* rowsOf(text: string): Generator<string[], undefined> {
  const start = text.startsWith('\uFEFF') ? 1 : 0;
  const delimiter = delimiterOf(text.slice(start));
  let row: string[] = [];
  let cell = '';
  let at = start;
  while (at < text.length) {
    const c = text[at]!;
    if (c === '"' && cell === '') {
      // Quoted: until a quote that no other follows.
      let close = at + 1;
      while (close < text.length && !(text[close] === '"' && text[close + 1] !== '"'))
        close += text[close] === '"' ? 2 : 1;
      cell = text.slice(at + 1, close).replaceAll('""', '"');
      at = close + 1;
      continue;
    }
    if (c === delimiter || c === '\n' || c === '\r') {
      row.push(cell);
      cell = '';
      if (c !== delimiter) {
        yield row;
        row = [];
        if (c === '\r' && text[at + 1] === '\n') at++;
      }
      at++;
      continue;
    }
    let end = at + 1;
    while (end < text.length && text[end] !== delimiter && text[end] !== '\n' && text[end] !== '\r') end++;
    cell += text.slice(at, end);
    at = end;
  }
  if (cell !== '' || row.length > 0) yield [...row, cell];
  return undefined;
}

/** What separates the cells of the first line: whichever stands there most often outside quotes. */
function delimiterOf(text: string): string {
  const line = (/^[^\r\n]*/.exec(text)?.[0] ?? '').replace(/"[^"]*"/g, '');
  const counts = DELIMITERS.map((d) => line.split(d).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))]!;
}
