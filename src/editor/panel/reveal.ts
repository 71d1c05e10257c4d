import { Position, Range, TextEditorRevealType, Uri, ViewColumn, window, workspace } from 'vscode';
import type { Place } from '../../protocol/panel';

/** Shows a place of the source, in the editor that already has it where there is one, else beside the panel. */
export async function revealPlace({ uri, line, character }: Place): Promise<void> {
  const target = Uri.parse(uri);
  const at = new Position(line, character);
  const open = window.visibleTextEditors.find((e) => e.document.uri.toString() === target.toString());
  const document = open?.document ?? (await workspace.openTextDocument(target));
  const editor = await window.showTextDocument(document, {
    viewColumn: open?.viewColumn ?? ViewColumn.One,
    selection: new Range(at, at),
  });
  editor.revealRange(new Range(at, at), TextEditorRevealType.InCenterIfOutsideViewport);
}
