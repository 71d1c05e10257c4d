import type { SourceRef } from '../../../model';

/** Where a line of an earlier version of a text is now. */
export type Lines = (line: number) => number;

/** A copy of plain data in which every place in a file is where its line is now; the data itself when no line has moved. */
export function relocated(data: unknown, file: string, lines: Lines | undefined): unknown {
  return lines === undefined ? data : moved(data, file, lines, new Map());
}

function moved(value: unknown, file: string, lines: Lines, seen: Map<object, unknown>): unknown {
  if (typeof value !== 'object' || value === null || value instanceof Map || value instanceof Set)
    return value;
  const known = seen.get(value);
  if (known !== undefined) return known;
  const copy: unknown = Array.isArray(value)
    ? value.map((item) => moved(item, file, lines, seen))
    : isRef(value, file)
      ? movedRef(value, lines)
      : Object.fromEntries(Object.entries(value).map(([k, v]) => [k, moved(v, file, lines, seen)]));
  seen.set(value, copy);
  return copy;
}

function isRef(value: object, file: string): value is SourceRef {
  return 'file' in value && value.file === file && 'range' in value;
}

function movedRef(ref: SourceRef, lines: Lines): SourceRef {
  const { start, end } = ref.range!;
  const by = lines(start.line) - start.line;
  return {
    ...ref,
    range: { start: { ...start, line: start.line + by }, end: { ...end, line: end.line + by } },
  };
}
