import {
  type Dim,
  type Layer,
  type Message,
  type Workload,
  BATCH,
  SEQ_LEN,
  add,
  isRecurrent,
  message,
  mul,
  substitute,
  symbolName,
} from '../model';
import { backwardOf } from './backward';
import { formulaOf } from './formula';
import { forwardOf } from './forward';
import { layerTensors, strayName } from './layer-tensors';
import { keptValues, memoryOf } from './memory';
import { countByGate, countParams } from './params';
import { perStepWork, recurrentUses } from './recurrent-work';
import type { LayerCost } from './types';
import { addWork, mapWork } from './work';

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
  return {
    layer,
    tensors,
    params,
    formula: params && formulaOf(layer, params.total),
    ...(isRecurrent(layer) && tensors
      ? { byGate: countByGate(tensors), perStep: perStepWork(layer), steps: fill(stepsOf(layer)) }
      : {}),
    forward: work,
    ...(work && backward ? { backward, training: addWork([work, backward]) } : {}),
    memory: params && memoryOf(params, kept && fill(kept), workload.numberType),
    unknown,
  };
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

/** Replaces the assumed sequence length and batch by the workload's numbers. */
export function filler(workload: Workload): (d: Dim) => Dim {
  const values = new Map([
    [symbolName(SEQ_LEN)!, workload.seqLen],
    [symbolName(BATCH)!, workload.batch],
  ]);
  return (d) => substitute(d, values);
}

function stepsOf(layer: Layer): Dim {
  if (!isRecurrent(layer)) return add();
  return add(...recurrentUses(layer).map((use) => mul(use.steps, use.times)));
}
