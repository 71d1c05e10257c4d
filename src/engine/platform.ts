import type { Port } from '../protocol/rpc';
import type { ByteSource } from '../readers/bytes';

/** What the hosts that run the extension do differently: Node (`src/node`) and the browser's web worker (`src/web`). */
export interface Platform {
  /** Starts the thread that computes gradient flow. */
  readonly startGradientThread: (bundles: Bundles) => Port;
  /** Opens a file of this machine's disk by ranges; absent where there is no disk. Rejects when the file is not there. */
  readonly openDiskFile?: (path: string) => Promise<OpenedModel>;
  /** Runs a program; absent where none can be started. Never rejects. */
  readonly runProgram?: (program: Program) => Promise<Ran>;
}

/** A program to run in a process of its own. */
export interface Program {
  readonly program: string;
  readonly args: readonly string[];
  /** Where it runs. */
  readonly folder: string;
  /** It is killed after this long. */
  readonly timeoutMs: number;
  /** Aborting kills it. */
  readonly signal: AbortSignal;
}

/** How a program ended. */
export type Ran =
  | { readonly ended: 'itself'; readonly output: string; readonly errors: string; readonly code: number }
  | { readonly ended: 'time' | 'stopped' }
  | { readonly ended: 'missing'; readonly why: string };

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
