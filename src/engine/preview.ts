import type { LayerCost, ModelCost } from '../cost/types';
import { isRecurrent, valueOf, type Layer } from '../model';
import type { Analysis } from './analyse';

/** What a change of a layer does to its model, read from the changed text. */
export interface Preview {
  readonly before: ModelCost;
  readonly after: ModelCost;
  readonly layer: LayerCost;
}

/**
 * Checks a change against what the reader makes of the changed text: the layer is still there, no new problem has appeared, and no
 * other layer was left with the old size. Undefined when the change would not do what it says.
 */
export function previewOf(
  before: Analysis,
  after: Analysis,
  model: ModelCost,
  path: string,
): Preview | undefined {
  const index = before.models.indexOf(model);
  const changed = after.models[index];
  if (!changed || after.models.length !== before.models.length || changed.model.name !== model.model.name)
    return undefined;
  if (after.problems.length > before.problems.length) return undefined;
  // By place and not by path: Keras names layers after their class.
  const at = model.layers.findIndex(({ layer }) => layer.path === path);
  const [old, layer] = [model.layers[at], changed.layers[at]];
  if (!old || !layer || !isRecurrent(layer.layer) || !isRecurrent(old.layer)) return undefined;
  if (layer.params === undefined || changed.layers.length !== model.layers.length) return undefined;
  if (leftBehind(model, changed, old.layer, layer.layer)) return undefined;
  return { before: model, after: changed, layer };
}

/**
 * A layer that takes as many features as the changed layer used to give, and still does, may be fed by it. PyTorch code
 * writes such sizes twice; Keras infers them.
 */
function leftBehind(before: ModelCost, after: ModelCost, old: Layer, changed: Layer): boolean {
  if (old.framework === 'keras' || old.framework === 'keras2') return false;
  const given = outputSize(old);
  if (given === undefined || given === outputSize(changed)) return false;
  return before.layers.some(({ layer }, i) => {
    const now = after.layers[i]!.layer;
    return layer.path !== old.path && inputSizes(layer).includes(given) && inputSizes(now).includes(given);
  });
}

function outputSize(layer: Layer): number | undefined {
  if (!isRecurrent(layer)) return undefined;
  const [hidden, directions] = [valueOf(layer.hiddenSize), valueOf(layer.directions)];
  return hidden === undefined || directions === undefined ? undefined : hidden * directions;
}

function inputSizes(layer: Layer): readonly (number | undefined)[] {
  if (isRecurrent(layer)) return [valueOf(layer.inputSize)];
  switch (layer.kind) {
    case 'dense':
      return [valueOf(layer.inputSize), ...(layer.secondInputSize ? [valueOf(layer.secondInputSize)] : [])];
    case 'batch-norm':
    case 'layer-norm':
    case 'group-norm':
    case 'instance-norm':
    case 'rms-norm':
      return [valueOf(layer.features)];
    case 'multi-head-attention':
    case 'attention':
    case 'additive-attention':
      return [valueOf(layer.querySize), valueOf(layer.keySize), valueOf(layer.valueSize)];
    case 'conv':
      return [valueOf(layer.inputChannels)];
    default:
      return [];
  }
}
