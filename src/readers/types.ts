import type { Assumptions, ReadResult } from '../model';
import type { ReaderMemory } from './memory';

/** A text a reader may look at: the file itself, or one it imports. */
export interface TextFile {
  /** Path with `/` separators, as the caller names files; imports are resolved beside it. */
  readonly file: string;
  readonly text: string;
}

/**
 * What a source reader is given. Reading is synchronous and pure: files it would like to see but was not given are named in
 * `wanted`, and the caller reads again with them (bounded by the caller).
 */
export interface SourceReaderOptions {
  readonly assumptions: Assumptions;
  /** Other files already at hand, by path. A value of `undefined` says that there is no such file. */
  readonly files?: ReadonlyMap<string, string | undefined>;
  /** Tell only of models of classes that this other file defines, as the file that is read constructs them. */
  readonly about?: string;
  /** What earlier readings of this document left behind. */
  readonly memory?: ReaderMemory;
  /** Aborts between steps when it returns true. */
  readonly cancelled?: () => boolean;
}

export interface SourceReadResult extends ReadResult {
  /** Paths (candidates, best first per import) that were not in `files`. */
  readonly wanted: readonly string[];
}
