import { type TextDocument, Uri, workspace } from 'vscode';
import type { PlaceOf } from '../../engine/panel/layers';
import type { DocumentAnalyses } from '../document-analyses';
import type { DocumentView } from '../document-view';

/** How to find, in the editor, what was read in a file: in its document, in another cell of its notebook, or in a file it imports. */
export async function placesIn(view: DocumentView, analyses: DocumentAnalyses): Promise<PlaceOf> {
  const views = [view, ...(await otherCells(view.document, analyses))];
  return (source) => {
    if (!source?.range) return null;
    for (const each of views) {
      const range = each.rangeOf(source);
      if (range) {
        const { line, character } = range.start;
        return { uri: each.document.uri.toString(), line, character };
      }
    }
    if (source.file === view.analysis.file) return null;
    const { line, character } = source.range.start;
    return { uri: besideUri(view.document, source.file).toString(), line, character };
  };
}

async function otherCells(
  document: TextDocument,
  analyses: DocumentAnalyses,
): Promise<readonly DocumentView[]> {
  const notebook = workspace.notebookDocuments.find((n) => n.getCells().some((c) => c.document === document));
  if (!notebook) return [];
  const cells = notebook.getCells().map((c) => c.document);
  const views = await Promise.all(
    cells.filter((c) => c !== document && c.languageId === document.languageId).map((c) => analyses.get(c)),
  );
  return views.filter((v) => v !== undefined);
}

/** A file on the file system that the document lies on. */
function besideUri(document: TextDocument, path: string): Uri {
  const base = document.uri.scheme === 'vscode-notebook-cell' ? Uri.file(document.uri.path) : document.uri;
  return base.with({ path, query: '', fragment: '' });
}
