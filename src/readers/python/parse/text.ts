import type { Range, SourceRef } from '../../../model';

/** Characters that a repair put into the text before parsing. */
export interface Insertion {
  /** Offset in the original text in front of which `text` stands. */
  readonly at: number;
  readonly text: string;
  /** What was written is valid Python all the same: nothing to tell. */
  readonly silent?: true;
}

/** A stretch of addresses, and where the statement that has them stands in the parsed text. */
export interface Segment {
  readonly address: number;
  readonly at: number;
}

/**
 * A file's text as written, and as parsed (with repairs). Syntax trees count in addresses: offsets in the parsed text, unless a
 * statement was taken over from an earlier version of the text, where it keeps those it had. Everything shown to people counts
 * in the written text.
 */
export class SourceText {
  readonly parsed: string;
  /** Addresses of the statements, in the order of the text. */
  private readonly starts: readonly number[];
  /** By address; none when addresses are offsets. */
  private readonly segments: readonly Segment[] = [];
  private readonly lineStarts: number[] = [0];
  /** End offset of each insertion in the parsed text, with the total inserted so far. */
  private readonly shifts: { readonly end: number; readonly total: number }[] = [];

  constructor(
    readonly file: string,
    readonly written: string,
    readonly insertions: readonly Insertion[] = [],
    /** Where its statements stand, in the order of the text. */
    statements: readonly Segment[] = [],
  ) {
    this.starts = statements.map((s) => s.address);
    if (statements.some((s) => s.address !== s.at))
      this.segments = [...statements].sort((a, b) => a.address - b.address);
    for (let i = written.indexOf('\n'); i >= 0; i = written.indexOf('\n', i + 1)) this.lineStarts.push(i + 1);
    let parsed = '';
    let from = 0;
    let total = 0;
    for (const { at, text } of insertions) {
      parsed += written.slice(from, at) + text;
      from = at;
      total += text.length;
      this.shifts.push({ end: parsed.length, total });
    }
    this.parsed = parsed + written.slice(from);
  }

  /** Where an address is in the parsed text. Address 0 is the start of the file. */
  private offsetOf(address: number): number {
    if (address === 0) return 0;
    let low = 0;
    let high = this.segments.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.segments[middle]!.address <= address) low = middle + 1;
      else high = middle;
    }
    const segment = this.segments[low - 1];
    return segment === undefined ? address : address - segment.address + segment.at;
  }

  /** An address, as an offset of the written text; an end belongs to what stands before it. */
  private original(address: number, end = false): number {
    const offset = end ? this.offsetOf(address - 1) + 1 : this.offsetOf(address);
    let total = 0;
    for (const shift of this.shifts) {
      if (shift.end > offset) break;
      total = shift.total;
    }
    return Math.min(offset - total, this.written.length);
  }

  /** Line (from 0) of an address. */
  lineOf(address: number): number {
    return this.lineAt(this.original(address));
  }

  private lineAt(at: number): number {
    let low = 0;
    let high = this.lineStarts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.lineStarts[middle]! <= at) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  private position(offset: number): Range['start'] {
    const line = this.lineAt(offset);
    return { line, character: offset - this.lineStarts[line]! };
  }

  /** Where the lines of an earlier version are now, by the addresses of what stands on them; undefined when none has moved. */
  movedLines(before: SourceText): ((line: number) => number) | undefined {
    const here = new Set(this.starts);
    const moves: { readonly line: number; readonly by: number }[] = [];
    for (const address of before.starts) {
      if (!here.has(address)) continue;
      const line = before.lineOf(address);
      const by = this.lineOf(address) - line;
      if (by !== (moves.at(-1)?.by ?? 0)) moves.push({ line, by });
    }
    if (moves.length === 0) return undefined;
    return (line) => line + (moves.findLast((m) => m.line <= line)?.by ?? 0);
  }

  range(from: number, to: number): Range {
    return { start: this.position(this.original(from)), end: this.position(this.original(to, to > from)) };
  }

  ref(from: number, to: number): SourceRef {
    return { file: this.file, range: this.range(from, to) };
  }

  slice(from: number, to: number): string {
    return this.written.slice(this.original(from), this.original(to, to > from));
  }
}

/** A stretch of one file, in addresses. */
export interface Site {
  readonly text: SourceText;
  readonly from: number;
  readonly to: number;
}

export function refOf(site: Site): SourceRef {
  return site.text.ref(site.from, site.to);
}

/** The site's text on one line, shortened to what fits beside a number. */
export function textOf(site: Site, limit = 60): string {
  const text = site.text
    .slice(site.from, Math.min(site.to, site.from + 4 * limit))
    .split(/\s+/)
    .join(' ');
  return text.length > limit ? `${text.slice(0, limit - 1)}…` : text;
}
