import type { Uri } from 'vscode';
import { type Analysis, analyseSaved } from '../../engine/analyse';
import type { Workload } from '../../model';
import { BINARY_MODEL_EXTENSIONS } from '../../readers/registry';
import { openModel } from './bytes';

/** Reads and costs a saved model. Rejects only when the file cannot be opened. */
export async function analyseSavedFile(uri: Uri, workload: Workload): Promise<Analysis> {
  const model = await openModel(uri);
  try {
    return await analyseSaved(model.source, { file: uri.path, sibling: model.sibling }, workload);
  } finally {
    await model.close();
  }
}

/** By its ending: a saved model that is no text, whether it can be read or only refused with the reason. */
export function isBinaryModel({ path }: Uri): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  const extension = name.slice(name.lastIndexOf('.') + 1);
  return BINARY_MODEL_EXTENSIONS.includes(extension) || extension === 'tflite' || name === 'saved_model.pb';
}
