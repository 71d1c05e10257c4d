import {
  type CustomDocument,
  type CustomReadonlyEditorProvider,
  type Disposable,
  l10n,
  RelativePattern,
  Uri,
  type WebviewPanel,
  window,
  workspace,
} from 'vscode';
import { randomBytes } from 'node:crypto';
import type { Analysis } from '../../engine/analyse';
import { savedModelHtml } from '../../report/saved-model-html';
import { SAVED_EDITOR } from '../ids';
import { translate } from '../say';
import { affectsNumbers, workloadFor } from '../settings';
import { analyseSavedFile } from './analyse';

/** Shows a saved model (ONNX, Keras, PyTorch, safetensors) read-only: what it holds and what its recurrent layers cost. */
export class SavedModelEditor implements CustomReadonlyEditorProvider<CustomDocument> {
  static register(): Disposable {
    return window.registerCustomEditorProvider(SAVED_EDITOR, new SavedModelEditor(), {
      supportsMultipleEditorsPerDocument: true,
    });
  }

  openCustomDocument(uri: Uri): CustomDocument {
    return { uri, dispose: () => undefined };
  }

  async resolveCustomEditor({ uri }: CustomDocument, panel: WebviewPanel): Promise<void> {
    // The page is plain HTML: no scripts, nothing from outside.
    panel.webview.options = { enableScripts: false, localResourceRoots: [] };
    const show = async () => {
      const html = await page(uri);
      if (open) panel.webview.html = html;
    };
    let open = true;
    const watcher = workspace.createFileSystemWatcher(
      new RelativePattern(Uri.joinPath(uri, '..'), uri.path.slice(uri.path.lastIndexOf('/') + 1)),
    );
    const subscriptions: Disposable[] = [
      watcher,
      watcher.onDidChange(() => void show()),
      watcher.onDidCreate(() => void show()),
      workspace.onDidChangeConfiguration((event) => {
        if (affectsNumbers(event)) void show();
      }),
    ];
    panel.onDidDispose(() => {
      open = false;
      subscriptions.forEach((s) => s.dispose());
    });
    await show();
  }
}

async function page(uri: Uri): Promise<string> {
  const name = uri.path.slice(uri.path.lastIndexOf('/') + 1);
  const nonce = randomBytes(16).toString('base64');
  const result = await analyseSavedFile(uri, workloadFor(uri)).catch((error: Error) => error);
  const analysis: Analysis =
    result instanceof Error
      ? {
          file: uri.path,
          format: 'unknown',
          models: [],
          imported: [],
          problems: [
            {
              code: 'unreadable',
              severity: 'error',
              message: { text: l10n.t('The file cannot be read: {0}', result.message), args: [] },
              source: { file: uri.path },
            },
          ],
        }
      : result;
  return savedModelHtml(name, analysis, nonce, translate);
}
