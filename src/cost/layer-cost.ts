import {
  type Dim,
  type Layer,
  type Message,
  type Workload,
  add,
  constant,
  isRecurrent,
  message,
  mul,
} from '../model';
import { backwardOf } from './backward';
import { filler } from './filler';
import { formulaOf } from './formula';
import { forwardOf } from './forward';
import { layerTensors, strayName } from './layer-tensors';
import { keptValues, memoryOf } from './memory';
import { countByGate, countParams } from './params';
import { perStepWork, recurrentUses } from './recurrent-work';
import type { LayerCost } from './types';
import { addWork, mapWork, scaleWork } from './work';

/**
 * What one layer costs under a workload: its tensors, parameters with their formula, work of a forward and a backward pass, memory.
 * Sizes with unknowns stay formulas; what cannot be known at all is undefined, with the reason in `unknown`.
 */
export function costLayer(layer: Layer, workload: Workload): LayerCost {
  const fill = filler(workload);
  const unknown: Message[] = [];
  const tensors = layerTensors(layer);
  if (tensors === undefined) unknown.push(whyUncounted(layer));
  const params = tensors && countParams(tensors);
  const forward = forwardOf(layer);
  if ('unknown' in forward && layer.kind !== 'unknown') unknown.push(forward.unknown);
  const work = 'work' in forward ? mapWork(forward.work, fill) : undefined;
  const backward = work && backwardOf(work);
  const kept = keptValues(layer);
  const copies = layer.repeat ?? constant(1);
  return {
    layer,
    tensors,
    params,
    formula: params && formulaOf(layer, params.total),
    ...(isRecurrent(layer) && tensors
      ? {
          byGate: countByGate(tensors),
          perStep: scaleWork(perStepWork(layer), copies),
          steps: fill(stepsOf(layer)),
        }
      : {}),
    forward: work,
    ...(work && backward ? { backward, training: addWork([work, backward]) } : {}),
    memory: params && memoryOf(params, kept && fill(kept), workload.numberType),
    unknown,
    supposed: supposedOf(layer),
  };
}

/** A recurrent layer is taken to run once over T steps where its runs cannot be seen: a loop may well make it T − 1. */
function supposedOf(layer: Layer): readonly Message[] {
  if (!isRecurrent(layer) || layer.calls !== undefined) return [];
  const supposed = message(
    'How often {0} runs cannot be seen: its MACs, FLOPs and activations suppose one run over T steps.',
    layer.path,
  );
  return layer.callsUnknown ? [supposed, layer.callsUnknown] : [supposed];
}

function whyUncounted(layer: Layer): Message {
  if (layer.kind === 'unknown') return layer.reason;
  const stray = strayName(layer) ?? '';
  return message(
    '{0} is tied or re-parametrised in {1}, but is not among its known tensors.',
    stray,
    layer.path,
  );
}

function stepsOf(layer: Layer): Dim {
  if (!isRecurrent(layer)) return add();
  return add(...recurrentUses(layer).map((use) => mul(use.steps, use.times)));
}
