import { strict as assert } from 'node:assert';
import {
  type CodeAction,
  type CodeLens,
  commands,
  extensions,
  type Hover,
  languages,
  MarkdownString,
  type Position,
  Range,
  type TextDocument,
  Uri,
  window,
  workspace,
} from 'vscode';

/** The repository, on the file system of the workspace; the extension under test may be installed elsewhere. */
export const repository = workspace.workspaceFolders![0]!.uri.with({ path: Uri.file(REPOSITORY).path });

/** Opens a text in an editor. */
export async function open(content: string, language = 'python'): Promise<TextDocument> {
  // Code actions are not asked of extensions that are still starting.
  await extensions.getExtension('rnn-lens.rnn-lens')!.activate();
  const document = await workspace.openTextDocument({ language, content });
  await window.showTextDocument(document);
  return document;
}

/** The first place of `text` in the document; `offset` counts from there. */
export function at(document: TextDocument, text: string, offset = 0): Position {
  const index = document.getText().indexOf(text);
  assert.ok(index >= 0, `no ${text} in the document`);
  return document.positionAt(index + offset);
}

/** Our hovers at a place, as one Markdown text; other extensions' hovers are left out. */
export async function hoverText(document: TextDocument, position: Position): Promise<string> {
  const hovers = await commands.executeCommand<Hover[]>(
    'vscode.executeHoverProvider',
    document.uri,
    position,
  );
  return hovers
    .flatMap((hover) => hover.contents)
    .filter(
      (content): content is MarkdownString =>
        content instanceof MarkdownString && typeof content.isTrusted === 'object',
    )
    .map((content) => content.value)
    .join('\n\n');
}

export async function lensTitles(document: TextDocument): Promise<string[]> {
  const lenses = await commands.executeCommand<CodeLens[]>(
    'vscode.executeCodeLensProvider',
    document.uri,
    100,
  );
  return lenses.flatMap(({ command }) => (command?.command.startsWith('rnnLens.') ? [command.title] : []));
}

export async function actionsAt(
  document: TextDocument,
  position: Position,
  kind?: string,
): Promise<CodeAction[]> {
  const range = new Range(position, position);
  return commands.executeCommand<CodeAction[]>('vscode.executeCodeActionProvider', document.uri, range, kind);
}

/** Waits until `look` gives something, by asking again whenever something may have changed. */
export async function eventually<T>(
  look: () => T | undefined | Promise<T | undefined>,
  what: string,
): Promise<T> {
  const end = Date.now() + 15_000;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error(`${what} did not happen`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Our findings in a document, as `rule: message`, once there are any. */
export function findings(uri: Uri): string[] {
  return languages
    .getDiagnostics(uri)
    .filter((d) => d.source === 'RNN Lens')
    .map((d) => `${typeof d.code === 'object' ? d.code.value : d.code}: ${d.message}`);
}

/** Changes a setting for one test. */
export async function withSetting<T>(key: string, value: unknown, run: () => Promise<T>): Promise<T> {
  const settings = () => workspace.getConfiguration('rnnLens');
  await settings().update(key, value, true);
  try {
    return await run();
  } finally {
    await settings().update(key, undefined, true);
  }
}

export const LSTM = `import torch.nn as nn


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.LSTM(300, 512, 2)

    def forward(self, x):
        out, (h, c) = self.rnn(x)
        return h[-1]
`;
