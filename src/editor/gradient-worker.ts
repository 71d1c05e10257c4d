import { type ExtensionContext, Uri } from 'vscode';
import { GradientWorker } from '../engine/gradient-client';
import { nodeWorkerPort } from '../node/worker-port';

/** The client of the gradient thread; the thread itself starts with the first run. */
export function startGradientWorker({ extensionUri }: ExtensionContext): GradientWorker {
  const script = Uri.joinPath(extensionUri, 'dist', 'worker.js').fsPath;
  return new GradientWorker(() => nodeWorkerPort(script));
}
