import type { Range, SourceRef } from '../../../model';

/** Characters that a repair put into the text before parsing. */
export interface Insertion {
  /** Offset in the original text in front of which `text` stands. */
  readonly at: number;
  readonly text: string;
  /** What was written is valid Python all the same: nothing to tell. */
  readonly silent?: true;
}

/**
 * A file's text as written, and as parsed (with repairs). Tree offsets count in the parsed text;
 * everything shown to people counts in the written one.
 */
export class SourceText {
  readonly parsed: string;
  private readonly lineStarts: number[] = [0];
  /** End offset of each insertion in the parsed text, with the total inserted so far. */
  private readonly shifts: { readonly end: number; readonly total: number }[] = [];

  constructor(
    readonly file: string,
    readonly written: string,
    readonly insertions: readonly Insertion[] = [],
  ) {
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

  /** An offset of the parsed text, in the written one. */
  private original(offset: number): number {
    let total = 0;
    for (const shift of this.shifts) {
      if (shift.end > offset) break;
      total = shift.total;
    }
    return Math.min(offset - total, this.written.length);
  }

  /** Line (from 0) of an offset of the parsed text. */
  lineOf(offset: number): number {
    const at = this.original(offset);
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
    const line = this.lineOf(offset);
    return { line, character: this.original(offset) - this.lineStarts[line]! };
  }

  range(from: number, to: number): Range {
    return { start: this.position(from), end: this.position(to) };
  }

  ref(from: number, to: number): SourceRef {
    return { file: this.file, range: this.range(from, to) };
  }

  slice(from: number, to: number): string {
    return this.written.slice(this.original(from), this.original(to));
  }
}

/** A stretch of one file, counted in its parsed text. */
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
