import { join } from 'node:path';
import { parentPort } from 'node:worker_threads';
import { serve } from '../protocol/rpc-server';
import type { WorkerMethods } from '../protocol/worker';
import { gradientHandlers } from './handlers';

// The wasm binaries lie beside this bundle.
const port = parentPort!;
serve<WorkerMethods>(
  {
    postMessage: (value) => port.postMessage(value),
    onMessage: (listener) => port.on('message', listener),
  },
  gradientHandlers(join(__dirname, 'wasm', '/')),
);
