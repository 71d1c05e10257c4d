import type { Port } from '../protocol/rpc';
import type { ByteSource } from '../readers/bytes';

/** What the hosts that run the extension do differently: Node (`src/node`) and the browser's web worker (`src/web`). */
export interface Platform {
  /** Starts the thread that computes gradient flow. */
  readonly startGradientThread: (bundles: Bundles) => Port;
  /** Opens a file of this machine's disk by ranges; absent where there is no disk. Rejects when the file is not there. */
  readonly openDiskFile?: (path: string) => Promise<OpenedModel>;
}

/** The folder with the product's bundles. */
export interface Bundles {
  /** As a path, for those that have a disk. */
  readonly folder: string;
  /** The bytes of a file in it. */
  readonly read: (name: string) => Promise<Uint8Array>;
}

/** A saved model's bytes, and those of the files beside it. */
export interface OpenedModel {
  readonly source: ByteSource;
  readonly sibling: (relativePath: string) => Promise<ByteSource | undefined>;
  close(): Promise<void>;
}
