import { WorkspaceEdit } from 'vscode';
import type { Change } from '../../edits';
import type { DocumentView } from '../document-view';

/** The edit in the document; undefined when a part of it lies in another cell. */
export function editFor(view: DocumentView, change: Change): WorkspaceEdit | undefined {
  const edit = new WorkspaceEdit();
  for (const { range, text } of change.edits) {
    const here = view.toDocument(range);
    if (!here) return undefined;
    edit.replace(view.document.uri, here, text);
  }
  return edit;
}
