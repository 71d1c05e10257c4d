import { applyEdits } from './apply';
import type { TextEdit } from './types';

/** A stretch of lines that an edit changes. */
export interface Hunk {
  /** The first changed line, counted from 0 in the text before the edit. */
  readonly line: number;
  readonly removed: readonly string[];
  readonly added: readonly string[];
}

/** What the edits change, line by line, in the order of the text. */
export function hunksOf(text: string, edits: readonly TextEdit[]): readonly Hunk[] {
  const lines = text.split('\n');
  return clusters(edits).flatMap((cluster) => {
    const first = Math.min(...cluster.map((e) => e.range.start.line));
    const last = Math.min(Math.max(...cluster.map((e) => e.range.end.line)), lines.length - 1);
    const before = lines.slice(first, last + 1);
    const shifted = cluster.map(({ range: { start, end }, text: inserted }) => ({
      text: inserted,
      range: { start: { ...start, line: start.line - first }, end: { ...end, line: end.line - first } },
    }));
    return trimmed(first, before, applyEdits(before.join('\n'), shifted).split('\n'));
  });
}

/** Edits that touch the same lines belong together. */
function clusters(edits: readonly TextEdit[]): readonly (readonly TextEdit[])[] {
  const ordered = [...edits].sort((a, b) => a.range.start.line - b.range.start.line);
  const result: TextEdit[][] = [];
  let end = -1;
  for (const edit of ordered) {
    if (result.length > 0 && edit.range.start.line <= end) result.at(-1)!.push(edit);
    else result.push([edit]);
    end = Math.max(end, edit.range.end.line);
  }
  return result;
}

/** Leaves out the lines at both ends that stay as they are. */
function trimmed(first: number, before: readonly string[], after: readonly string[]): readonly Hunk[] {
  let top = 0;
  while (top < before.length && top < after.length && before[top] === after[top]) top++;
  let tail = 0;
  while (
    tail < before.length - top &&
    tail < after.length - top &&
    before[before.length - 1 - tail] === after[after.length - 1 - tail]
  ) {
    tail++;
  }
  const removed = before.slice(top, before.length - tail);
  const added = after.slice(top, after.length - tail);
  return removed.length + added.length === 0 ? [] : [{ line: first + top, removed, added }];
}
