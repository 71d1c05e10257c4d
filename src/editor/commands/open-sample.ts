import { type ExtensionContext, Uri, window, workspace } from 'vscode';

/** Opens a small PyTorch model as an untitled file: something to hover over that nobody can break. */
export async function openSample({ extensionUri }: ExtensionContext): Promise<void> {
  const bytes = await workspace.fs.readFile(Uri.joinPath(extensionUri, 'media', 'walkthrough', 'sample.py'));
  const document = await workspace.openTextDocument({
    language: 'python',
    content: new TextDecoder().decode(bytes),
  });
  await window.showTextDocument(document);
}
