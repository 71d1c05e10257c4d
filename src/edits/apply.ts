import type { Position } from '../model';
import type { TextEdit } from './types';

/** The text after the edits. Throws RangeError when two edits overlap. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const starts = lineStarts(text);
  const offset = ({ line, character }: Position) =>
    Math.min((starts[line] ?? text.length) + character, text.length);
  const ordered = edits
    .map((e) => ({ from: offset(e.range.start), to: offset(e.range.end), text: e.text }))
    .sort((a, b) => a.from - b.from || a.to - b.to);
  let result = '';
  let at = 0;
  for (const edit of ordered) {
    if (edit.from < at) throw new RangeError('edits overlap');
    result += text.slice(at, edit.from) + edit.text;
    at = edit.to;
  }
  return result + text.slice(at);
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) starts.push(i + 1);
  return starts;
}
