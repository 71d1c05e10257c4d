/** A place in a text, counted from 0 as editors do. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

/** A half-open stretch of text. */
export interface Range {
  readonly start: Position;
  readonly end: Position;
}

/** Where something was read. `file` is what the caller of the reader named it (a path or a URI). */
export interface SourceRef {
  readonly file: string;
  /** Absent for binary files, where a place in the text means nothing. */
  readonly range?: Range;
  /** A member inside the file: an archive entry, a graph node, a notebook cell. */
  readonly member?: string;
}

/** How a value came to be known. */
export type Provenance =
  'literal' | 'constant' | 'default' | 'argument' | 'config' | 'inferred' | 'assumed' | 'file';

/** One argument of a layer: what it was, as written, and where the number behind it stands. */
export interface Fact {
  /** The expression as written at the layer, e.g. `hidden // 2`. */
  readonly text: string;
  readonly source: SourceRef;
  readonly how: Provenance;
  /** Where the literal that decides the value is written, when one place does (the place an edit would change). */
  readonly origin?: SourceRef;
}
