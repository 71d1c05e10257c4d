import { join } from 'node:path';
import type { Platform } from '../engine/platform';
import { fileByteSource, siblingsOf } from './file-bytes';
import { runProgram } from './programs';
import { nodeWorkerPort } from './worker-port';

/** The extension in Node: on this machine, in a container or over SSH. `scripts/lib/bundles.mjs` puts `src/web/platform.ts` here for browsers. */
export const platform: Platform = {
  runProgram,
  startGradientThread: ({ folder }) => nodeWorkerPort(join(folder, 'worker.js')),
  openDiskFile: async (path) => {
    const source = await fileByteSource(path);
    const siblings = siblingsOf(path);
    return {
      source,
      sibling: siblings.sibling,
      close: async () => void (await Promise.all([source.close(), siblings.close()])),
    };
  },
};
