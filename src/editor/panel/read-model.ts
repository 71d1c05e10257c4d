import { type Uri, workspace } from 'vscode';
import { type Analysis, analyseSaved } from '../../engine/analyse';
import { type Message, message } from '../../model';
import { fileByteSource, siblingsOf } from '../../node/file-bytes';
import { readerFor } from '../../readers/registry';
import { DocumentAnalyses } from '../document-analyses';
import type { DocumentView } from '../document-view';
import { workloadFor } from '../settings';

/** A file as the panel reads it; saved models have no document to edit or to put a cursor in. */
export interface ReadModel {
  readonly analysis: Analysis;
  readonly view?: DocumentView;
}

/** True for a saved model: a file that is read by bytes, not as text. */
export function isSavedModel(uri: Uri): boolean {
  return uri.scheme === 'file' && readerFor(uri.path, new Uint8Array())?.kind === 'saved';
}

/** Reads a file, or says why it cannot be read. Undefined when a newer version of it is on its way. */
export async function readModel(
  uri: Uri,
  analyses: DocumentAnalyses,
): Promise<ReadModel | { readonly failed: Message } | undefined> {
  try {
    if (isSavedModel(uri)) return { analysis: await readSaved(uri) };
    const document = await workspace.openTextDocument(uri);
    if (!DocumentAnalyses.covers(document)) return { failed: message('Files of this kind are not read.') };
    const view = await analyses.get(document);
    return view && { analysis: view.analysis, view };
  } catch (error) {
    return { failed: message('{0}', error instanceof Error ? error.message : String(error)) };
  }
}

async function readSaved(uri: Uri): Promise<Analysis> {
  const source = await fileByteSource(uri.fsPath);
  const siblings = siblingsOf(uri.fsPath);
  try {
    return await analyseSaved(source, { file: uri.path, sibling: siblings.sibling }, workloadFor(uri));
  } finally {
    await Promise.all([source.close(), siblings.close()]);
  }
}
