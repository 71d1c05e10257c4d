import type { Uri } from 'vscode';
import { trainedWeights } from '../../engine/trained-weights';
import type { RecurrentLayer } from '../../model';
import { problemOf } from '../../readers/bytes';
import type { FlowWeights } from '../../readers/weights/flow-weights';
import { openModel } from './bytes';

/** Loads the weights of a layer from the saved model it was read from. Never rejects. */
export async function loadTrained(uri: Uri, layer: RecurrentLayer): Promise<FlowWeights> {
  try {
    const model = await openModel(uri);
    try {
      return await trainedWeights(layer, { file: uri.path, ...model });
    } finally {
      await model.close();
    }
  } catch (error) {
    return { blocked: problemOf(error, uri.path).message };
  }
}
