/** The code of a notebook as one Python text, with the way back to its cells. */
export interface NotebookText {
  readonly text: string;
  /** Per line of `text`: the cell's number (from 1, markdown cells counted) and the line in it (from 0). */
  readonly lines: readonly { readonly cell: number; readonly line: number }[];
}

/** Cell magics under which the rest of the cell is still Python. */
const PYTHON_MAGICS: ReadonlySet<string> = new Set([
  'time',
  'timeit',
  'capture',
  'prun',
  'python',
  'python3',
  'tensorflow_version',
  'matplotlib',
]);

/**
 * Joins the code cells of a parsed `.ipynb`. Lines that only IPython understands (`%magic`, `!command`, `name?`) become comments
 * of the same length, so that places stay. Undefined when it is no notebook of Python code.
 */
export function notebookText(json: unknown): NotebookText | undefined {
  if (typeof json !== 'object' || json === null) return undefined;
  const cells = field(json, 'cells') ?? cellsOfWorksheet(json);
  if (!Array.isArray(cells)) return undefined;
  const text: string[] = [];
  const lines: { cell: number; line: number }[] = [];
  cells.forEach((cell: unknown, index) => {
    const source = codeOf(cell);
    if (source === undefined) return;
    pythonLines(source).forEach((line, n) => {
      text.push(line);
      lines.push({ cell: index + 1, line: n });
    });
  });
  return { text: text.join('\n'), lines };
}

/** Notebooks of format 3 keep their cells in a worksheet. */
function cellsOfWorksheet(json: object): unknown {
  const sheets = field(json, 'worksheets');
  const first: unknown = Array.isArray(sheets) ? sheets[0] : undefined;
  return typeof first === 'object' && first !== null ? field(first, 'cells') : undefined;
}

function field(json: object, name: string): unknown {
  return Object.hasOwn(json, name) ? (json as Record<string, unknown>)[name] : undefined;
}

function codeOf(cell: unknown): string | undefined {
  if (typeof cell !== 'object' || cell === null || field(cell, 'cell_type') !== 'code') return undefined;
  const source = field(cell, 'source') ?? field(cell, 'input');
  if (typeof source === 'string') return source;
  return Array.isArray(source) ? source.filter((s) => typeof s === 'string').join('') : undefined;
}

/** The lines of a cell, those that are not Python as comments of the same length. */
export function pythonLines(source: string): readonly string[] {
  const lines = source.split('\n').map((l) => (l.endsWith('\r') ? l.slice(0, -1) : l));
  const first = lines.find((l) => l.trim() !== '')?.trim();
  if (first?.startsWith('%%')) {
    const magic = first.slice(2).split(' ')[0]!;
    if (!PYTHON_MAGICS.has(magic)) return lines.map(hidden);
  }
  let open: string | undefined;
  let continued = false;
  return lines.map((line) => {
    const blank = open === undefined && (continued || isForeign(line));
    // A shell command goes on where its line ends in a backslash.
    continued = blank && line.trimEnd().endsWith('\\');
    if (blank) return hidden(line);
    open = stringAfter(line, open);
    return line;
  });
}

function hidden(line: string): string {
  const start = line.length - line.trimStart().length;
  return start === line.length ? line : `${line.slice(0, start)}#${line.slice(start + 1)}`;
}

function isForeign(line: string): boolean {
  const text = line.trim();
  if (text.startsWith('%') || text.startsWith('!') || text.startsWith('?')) return true;
  if (text.endsWith('?') && !text.startsWith('#')) return true;
  const equals = text.indexOf('=');
  const right = equals > 0 && text[equals + 1] !== '=' ? text.slice(equals + 1).trimStart() : '';
  return right.startsWith('!') || right.startsWith('%');
}

/** Which triple-quoted string is open after a line. */
function stringAfter(line: string, open: string | undefined): string | undefined {
  let inside = open;
  for (let i = 0; i < line.length; i++) {
    const c = line[i]!;
    if (c === '\\') i++;
    else if (inside !== undefined) {
      if (line.startsWith(inside, i)) {
        i += inside.length - 1;
        inside = undefined;
      }
    } else if (c === '#') return undefined;
    else if (c === '"' || c === "'") {
      inside = line.startsWith(c.repeat(3), i) ? c.repeat(3) : c;
      i += inside.length - 1;
    }
  }
  // Only triple-quoted strings reach the next line.
  return inside?.length === 3 ? inside : undefined;
}
