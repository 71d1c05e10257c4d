import { Worker } from 'node:worker_threads';
import { message } from '../model';
import type { Port } from '../protocol/rpc';

/**
 * A Node worker thread as a {@link Port}.
 * @param file absolute path of the worker's bundle (`dist/worker.js`; its wasm binaries lie in `wasm/` beside it)
 */
export function nodeWorkerPort(file: string): Port {
  // tfjs talks to the console when wasm does not start; the result says which backend ran, so nobody need read it.
  const worker = new Worker(file, { execArgv: [], stdout: true, stderr: true });
  worker.stdout.resume();
  worker.stderr.resume();
  return {
    postMessage: (value) => worker.postMessage(value),
    onMessage: (listener) => worker.on('message', listener),
    onExit: (listener) => {
      worker.on('error', (error) => listener(message('The worker crashed: {0}', describe(error))));
      worker.on('exit', (code) =>
        listener(code === 0 ? undefined : message('The worker ended with code {0}.', code)),
      );
    },
    terminate: () => void worker.terminate(),
  };
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
