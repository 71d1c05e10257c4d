import type { SourceRef } from '../../model';

/** The empty place right behind another. */
export function endOf(source: SourceRef): SourceRef {
  const end = source.range?.end;
  return end ? { ...source, range: { start: end, end } } : source;
}

/** The place from the start of the line up to where another begins: a statement's indentation. */
export function indentOf(source: SourceRef): SourceRef {
  const start = source.range?.start;
  return start ? { ...source, range: { start: { ...start, character: 0 }, end: start } } : source;
}
