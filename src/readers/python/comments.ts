import type { AssumableValue, Assumed, Assumptions } from '../../model';
import type { ClassDef, Stmt } from './parse/ast';
import type { ParsedFile } from './parse';

const MARK = 'rnn-lens:';

/** The given assumptions together with those in comments, `# rnn-lens: ntoken=33278, rnn_type=LSTM`. The given ones win. */
export function withComments(parsed: ParsedFile, given: Assumptions): Assumptions {
  const all = new Map<string, Assumed>();
  const classes = classesIn(parsed);
  for (const comment of parsed.comments) {
    const at = comment.text.indexOf(MARK);
    if (at < 0) continue;
    const owner = classOf(parsed.text.lineOf(comment.from), parsed, classes);
    for (const [name, value] of pairs(comment.text.slice(at + MARK.length))) {
      if (given.has(name) || (owner !== undefined && given.has(`${owner}.${name}`))) continue;
      all.set(owner === undefined ? name : `${owner}.${name}`, {
        name,
        value,
        from: 'comment',
        source: parsed.text.ref(comment.from, comment.to),
      });
    }
  }
  for (const [name, assumed] of given) all.set(name, assumed);
  return all;
}

interface Place {
  readonly name: string;
  readonly firstLine: number;
  readonly lastLine: number;
}

function classesIn(parsed: ParsedFile): Place[] {
  const places: Place[] = [];
  const visit = (body: readonly Stmt[]): void => {
    for (const stmt of body) {
      if (stmt.type !== 'class') continue;
      const start = Math.min(stmt.from, ...stmt.decorators.map((d) => d.from));
      places.push({
        name: stmt.name,
        firstLine: parsed.text.lineOf(start),
        lastLine: parsed.text.lineOf(endOf(stmt)),
      });
      visit(stmt.body);
    }
  };
  visit(parsed.body);
  return places;
}

function endOf(stmt: ClassDef): number {
  return stmt.body.at(-1)?.to ?? stmt.to;
}

/** The class a comment belongs to: it stands inside it, on its header, or on the lines right above. */
function classOf(at: number, parsed: ParsedFile, classes: readonly Place[]): string | undefined {
  const inside = classes.filter((c) => c.firstLine <= at && at <= c.lastLine).at(-1);
  if (inside) return inside.name;
  const commentLines = new Set(parsed.comments.map((c) => parsed.text.lineOf(c.from)));
  let line = at + 1;
  while (commentLines.has(line)) line++;
  return classes.find((c) => c.firstLine === line)?.name;
}

function pairs(text: string): [string, AssumableValue][] {
  const list: [string, AssumableValue][] = [];
  for (const part of text.split(/[,;\s]+(?=[\p{L}_][\p{L}\p{N}_.]*\s*=)/u)) {
    const at = part.indexOf('=');
    if (at <= 0) continue;
    const name = part.slice(0, at).trim();
    const value = part
      .slice(at + 1)
      .replace(/[,;\s]+$/, '')
      .trim();
    if (name !== '' && value !== '') list.push([name, plain(value)]);
  }
  return list;
}

/** A value as people write it: a number, a flag, or text with or without quotes. */
function plain(text: string): AssumableValue {
  if (/^[+-]?(\d[\d_]*)(\.\d+)?([eE][+-]?\d+)?$/.test(text)) return Number(text.replaceAll('_', ''));
  if (/^(true|false)$/i.test(text)) return text.toLowerCase() === 'true';
  const quoted = /^(['"])(.*)\1$/.exec(text);
  return quoted ? quoted[2]! : text;
}
