import { type Message, message } from '../model';
import type { Bundles } from '../engine/platform';
import type { Port } from '../protocol/rpc';
import { WASM_FILES, type WebWorkerStart } from '../protocol/web-worker';

/**
 * A browser's worker as a {@link Port}. Its script and the wasm binaries are read from the extension's folder and handed over,
 * because neither a page of the editor's nor a worker may load them from there. What is posted meanwhile waits.
 */
export function webWorkerPort({ read }: Bundles): Port {
  const messages: ((value: unknown) => void)[] = [];
  const exits: ((reason?: Message) => void)[] = [];
  const waiting: unknown[] = [];
  let worker: Worker | undefined;
  let url: string | undefined;
  let over = false;

  const end = (reason?: Message): void => {
    if (over) return;
    over = true;
    worker?.terminate();
    if (url) URL.revokeObjectURL(url);
    exits.forEach((listener) => listener(reason));
  };
  const start = async (): Promise<void> => {
    const [script, ...binaries] = await Promise.all(['web/worker.js', ...WASM_FILES].map(read));
    if (over) return;
    // The editor's workers load their script later than they are made, so the address has to last.
    url = URL.createObjectURL(new Blob([script as BlobPart], { type: 'text/javascript' }));
    worker = new Worker(url);
    worker.onmessage = ({ data }) => messages.forEach((listener) => listener(data));
    worker.onerror = (event) => {
      // Told here, and so not to whoever listens for errors of the whole host.
      event.preventDefault();
      end(message('The worker crashed: {0}', event.message));
    };
    const wasm = Object.fromEntries(WASM_FILES.map((name, i) => [name, binaries[i]!]));
    worker.postMessage({ wasm } satisfies WebWorkerStart);
    waiting.splice(0).forEach((value) => worker!.postMessage(value));
  };
  start().catch((error: unknown) =>
    end(message('The worker crashed: {0}', error instanceof Error ? error.message : String(error))),
  );
  return {
    postMessage: (value) => (worker ? worker.postMessage(value) : void waiting.push(value)),
    onMessage: (listener) => messages.push(listener),
    onExit: (listener) => exits.push(listener),
    terminate: () => end(),
  };
}
