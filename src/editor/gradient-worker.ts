import { type ExtensionContext, Uri, workspace } from 'vscode';
import { GradientWorker } from '../engine/gradient-client';
import { platform } from '../node/platform';

/** The client of the gradient thread; the thread itself starts with the first run. */
export function startGradientWorker({ extensionUri }: ExtensionContext): GradientWorker {
  const dist = Uri.joinPath(extensionUri, 'dist');
  return new GradientWorker(() =>
    platform.startGradientThread({
      folder: dist.fsPath,
      read: async (name) => workspace.fs.readFile(Uri.joinPath(dist, name)),
    }),
  );
}
