import type { ReadResult } from '../model';
import type { ByteSource } from './bytes';

/** What a reader of saved models is given beside the bytes. */
export interface SavedReaderContext {
  /** What {@link SourceRef.file} will say. */
  readonly file: string;
  /**
   * A file beside this one, by relative path with `/` (weights kept apart); undefined when there is none. Absent: only the file itself
   * can be read.
   */
  readonly sibling?: (relativePath: string) => Promise<ByteSource | undefined>;
  readonly cancelled?: () => boolean;
}

/** Reads one format. Never rejects for anything a file may hold: what went wrong is in `problems`. */
export type SavedReader = (source: ByteSource, context: SavedReaderContext) => Promise<ReadResult>;
