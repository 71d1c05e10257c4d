import { type Uri, workspace } from 'vscode';
import type { Analysis } from '../../engine/analyse';
import { type Message, message } from '../../model';
import { problemOf } from '../../readers/bytes';
import { DocumentAnalyses } from '../document-analyses';
import type { DocumentView } from '../document-view';
import { analyseSavedFile, isBinaryModel } from '../saved/analyse';
import { workloadFor } from '../settings';

/** A file as the panel reads it; saved models have no document to edit or to put a cursor in. */
export interface ReadModel {
  readonly analysis: Analysis;
  readonly view?: DocumentView;
}

/** Reads a file, or says why it cannot be read. Undefined when a newer version of it is on its way. */
export async function readModel(
  uri: Uri,
  analyses: DocumentAnalyses,
): Promise<ReadModel | { readonly failed: Message } | undefined> {
  try {
    if (isBinaryModel(uri)) return { analysis: await analyseSavedFile(uri, workloadFor(uri)) };
    const document = await workspace.openTextDocument(uri);
    if (!DocumentAnalyses.covers(document)) return { failed: message('Files of this kind are not read.') };
    const view = await analyses.get(document);
    return view && { analysis: view.analysis, view };
  } catch (error) {
    return { failed: problemOf(error, uri.path).message };
  }
}
