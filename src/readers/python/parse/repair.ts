import type { Insertion } from './text';

const CLOSER: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };
/** Keywords that can only start a statement, never continue an expression. */
const STATEMENT_WORDS = new Set([
  'class',
  'def',
  'return',
  'import',
  'with',
  'while',
  'try',
  'raise',
  'pass',
  'break',
  'continue',
  'del',
  'global',
  'nonlocal',
  'assert',
  'elif',
  'except',
  'finally',
]);

interface Open {
  readonly bracket: string;
  /** Indentation of the line that opened it. */
  readonly indent: number;
}

/**
 * What to insert so that half-typed code costs one statement only: the closing brackets where a statement starts
 * inside an open bracket, and the end of a `"""` that never ends. Nothing for text whose brackets balance.
 */
export function repairs(text: string): readonly Insertion[] {
  const strict = scan(text, false);
  return strict.broken ? scan(text, true).insertions : strict.insertions;
}

function scan(text: string, repairing: boolean): { insertions: Insertion[]; broken: boolean } {
  const insertions: Insertion[] = [];
  const open: Open[] = [];
  let broken = false;
  let indent = 0;
  /** End of the last thing on an earlier line that is not blank or comment: where closers go. */
  let codeEnd = 0;
  let i = 0;
  let lineStart = true;
  const close = () => {
    insertions.push({
      at: codeEnd,
      text: open
        .reverse()
        .map((o) => CLOSER[o.bracket]!)
        .join(''),
    });
    open.length = 0;
  };
  while (i < text.length) {
    if (lineStart) {
      lineStart = false;
      const start = i;
      while (text[i] === ' ' || text[i] === '\t') i++;
      if (open.length === 0) indent = i - start;
      else if (repairing && startsStatement(text, i, i - start, open)) {
        indent = i - start;
        close();
      }
    }
    const c = text[i]!;
    if (c === '\n') {
      lineStart = true;
      i++;
    } else if (c === '#') {
      while (i < text.length && text[i] !== '\n') i++;
    } else if (c === '"' || c === "'") {
      const end = stringEnd(text, i);
      if (end < 0) {
        const lineEnd = text.indexOf('\n', i);
        const at = lineEnd < 0 ? text.length : lineEnd;
        if (open.length > 0) broken = true;
        insertions.push({ at, text: c.repeat(3) });
        i = at;
      } else i = end;
      codeEnd = i;
    } else if (isWord(c)) {
      const start = i;
      while (isWord(text[i])) i++;
      codeEnd = i;
      const missing = completion(text, start, i);
      if (missing) {
        insertions.push({ at: missing.at, text: missing.text, silent: true });
        codeEnd = i = Math.max(i, missing.at);
      }
    } else {
      if (c === '(' || c === '[' || c === '{') open.push({ bracket: c, indent });
      else if (c === ')' || c === ']' || c === '}') {
        const top = open.pop();
        if (top === undefined || CLOSER[top.bracket] !== c) broken = true;
      }
      i++;
      if (c !== ' ' && c !== '\t' && c !== '\r') codeEnd = i;
    }
  }
  if (open.length > 0) {
    broken = true;
    if (repairing) close();
  }
  return { insertions, broken };
}

/** Valid Python that the grammar does not know: `1.` (read as `1.0`) and a bare `yield` (as `yield None`). */
function completion(text: string, start: number, end: number): { at: number; text: string } | undefined {
  const first = text[start]!;
  if (first >= '0' && first <= '9') {
    const plain = /^[0-9_]+$/.test(text.slice(start, end)) && text[start - 1] !== '.';
    return plain && text[end] === '.' && !/[0-9_]/.test(text[end + 1] ?? '')
      ? { at: end + 1, text: '0' }
      : undefined;
  }
  if (end - start !== 5 || text.slice(start, end) !== 'yield') return undefined;
  let at = end;
  while (text[at] === ' ' || text[at] === '\t') at++;
  return at >= text.length || '\r\n#)]};'.includes(text[at]!) ? { at: end, text: ' None' } : undefined;
}

/** Where the string that starts at `i` ends; -1 for a triple quote that never does. Plain strings end with their line. */
function stringEnd(text: string, i: number): number {
  const quote = text[i]!;
  if (text.startsWith(quote.repeat(3), i)) {
    for (let at = i + 3; at < text.length; at++) {
      if (text[at] === '\\') at++;
      else if (text.startsWith(quote.repeat(3), at)) return at + 3;
    }
    return -1;
  }
  for (let at = i + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === quote) return at + 1;
    else if (text[at] === '\n') return at;
  }
  return text.length;
}

function startsStatement(text: string, at: number, indent: number, open: readonly Open[]): boolean {
  const first = text[at];
  if (first === '@' && indent <= open[0]!.indent) return true;
  let end = at;
  while (isWord(text[end])) end++;
  const word = text.slice(at, end);
  if (word === '') return false;
  if (STATEMENT_WORDS.has(word)) return true;
  if (indent > open[0]!.indent) return false;
  if (word === 'if' || word === 'for' || word === 'from' || word === 'else') return true;
  // `self.x = …` is no keyword argument; `x = …` may be one, but not at or left of the statement's own indentation.
  while (text[end] === '.' || isWord(text[end])) end++;
  while (text[end] === ' ') end++;
  return (
    (text[end] === '=' && text[end + 1] !== '=') || (text[end] === '(' && text.slice(at, end).includes('.'))
  );
}

function isWord(c: string | undefined): boolean {
  if (c === undefined) return false;
  if (c < '\u0080')
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c === '_';
  return /[\p{L}\p{N}]/u.test(c);
}
