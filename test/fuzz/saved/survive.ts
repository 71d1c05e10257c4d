import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { costModel } from '../../../src/cost';
import { trainedWeights } from '../../../src/engine/trained-weights';
import { DEFAULT_WORKLOAD, type RecurrentLayer, formatMessage, isRecurrent } from '../../../src/model';
import type { ReadResult } from '../../../src/model';
import { memorySource } from '../../../src/readers/bytes';
import { readSavedModel } from '../../../src/readers/registry';
import { BUDGET, tried } from '../support/tried';

const ROOT = fileURLToPath(new URL('../../fixtures/saved/', import.meta.url));

export { BUDGET };

/** One real file per way of storing a model. */
export const SEEDS = [
  'torch/net.pt',
  'torch/net_legacy.pth',
  'torch/whole_module.pt',
  'torch/torchscript_traced.pt',
  'safetensors/net.safetensors',
  'onnx/around.onnx',
  'onnx/loop.onnx',
  'onnx/external.onnx',
  'keras/two_of_a_kind.keras',
  'keras/two_of_a_kind.h5',
  'keras/two_of_a_kind.json',
  'hdf5/latest.h5',
  'tfjs/stack.json',
];

export function seed(path: string): Uint8Array {
  return new Uint8Array(readFileSync(ROOT + path));
}

/**
 * Reads bytes as a file of that name and holds the reader to its promises: it does not throw, answers in time, has something to say,
 * says it in whole sentences, leaves objects' prototypes alone, and what it read can be costed.
 */
export async function survives(name: string, bytes: Uint8Array): Promise<ReadResult> {
  const read = () =>
    readSavedModel(memorySource(name, bytes), {
      file: name,
      sibling: async () => undefined,
    });
  const result = await tried('Saved models', bytes.length, read);
  assert.ok(result.models.length + result.problems.length > 0, `${name}: nothing to say`);
  for (const problem of result.problems) {
    assert.ok(!/\{\d\}/.test(formatMessage(problem.message)), problem.message.text);
    // What no reader foresaw is a defect even if it does not crash.
    assert.notEqual(problem.code, 'unreadable-file', formatMessage(problem.message));
  }
  for (const model of result.models) {
    costModel(model, DEFAULT_WORKLOAD);
    for (const layer of model.layers.filter(isRecurrent)) await loads(layer, name, bytes);
    assert.equal(new Set(model.layers.map((l) => l.path)).size, model.layers.length, `${name}: paths`);
  }
  return result;
}

/** The same promises for loading trained weights: what comes has the sizes of the layer, or a reason comes instead. */
async function loads(layer: RecurrentLayer, name: string, bytes: Uint8Array): Promise<void> {
  const found = await tried('Trained weights', bytes.length, () =>
    trainedWeights(layer, { file: name, source: memorySource(name, bytes) }),
  );
  if ('blocked' in found) assert.ok(!/\{\d\}/.test(formatMessage(found.blocked)), found.blocked.text);
  else assert.ok(found.weights.every((w) => w.kernel.length > 0 && w.recurrent.length > 0));
}
