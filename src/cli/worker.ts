import { join } from 'node:path';
import { GradientWorker } from '../engine/gradient-client';
import { nodeWorkerPort } from '../node/worker-port';

/** The gradient thread of a terminal run. The CLI is one bundle in dist/, the worker's bundle lies beside it. */
export function startWorker(): GradientWorker {
  return new GradientWorker(() => nodeWorkerPort(join(__dirname, 'worker.js')));
}
