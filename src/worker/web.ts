import { serve } from '../protocol/rpc-server';
import type { WebWorkerStart } from '../protocol/web-worker';
import type { WorkerMethods } from '../protocol/worker';
import { gradientHandlers } from './handlers';

/** The gradient thread in a browser. It is given its wasm binaries first and reaches for nothing else. */
function begin({ wasm }: WebWorkerStart): void {
  globalThis.fetch = (address) => {
    const bytes = Object.hasOwn(wasm, String(address)) ? wasm[String(address)] : undefined;
    return Promise.resolve(
      bytes
        ? new Response(bytes as BodyInit, { headers: { 'Content-Type': 'application/wasm' } })
        : new Response(null, { status: 404 }),
    );
  };
  serve<WorkerMethods>(
    {
      postMessage: (value) => globalThis.postMessage(value),
      onMessage: (listener) => globalThis.addEventListener('message', ({ data }) => listener(data)),
    },
    gradientHandlers('wasm/'),
  );
}

globalThis.addEventListener('message', ({ data }) => begin(data as WebWorkerStart), { once: true });
