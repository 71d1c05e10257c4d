import { type Dim, type Layer, BATCH, constant, isRecurrent, substitute, symbolName } from '../model';
import { forwardOf } from './forward';
import { mergeWork, perStepWork, recurrentUses } from './recurrent-work';
import type { Work } from './types';
import { addWork, mapWork, scaleWork } from './work';

/** A size with another batch. */
function withBatch(d: Dim, batch: number): Dim {
  return substitute(d, new Map([[symbolName(BATCH)!, batch]]));
}

/**
 * A size's share of one sequence of T steps: its value for a batch of one. Undefined where part of it does not come from the batch, as it is when
 * the source fixes how many sequences there are.
 */
export function perSequenceShare(d: Dim): Dim | undefined {
  return withBatch(d, 0).terms.size === 0 ? withBatch(d, 1) : undefined;
}

/** Work of a forward pass for one sequence of T steps, still in T. Undefined when the share of one sequence cannot be told. */
export function perSequenceOf(layer: Layer): Work | undefined {
  if (isRecurrent(layer)) {
    const step = perStepWork(layer);
    const one = constant(1);
    const runs = recurrentUses(layer).map((use) => {
      const single = { ...use, batch: one, positions: use.steps };
      return scaleWork(addWork([scaleWork(step, use.steps), mergeWork(layer, single)]), use.times);
    });
    return scaleWork(addWork(runs), layer.repeat ?? one);
  }
  const forward = forwardOf(layer);
  if ('unknown' in forward) return undefined;
  const { total, products } = forward.work.flops;
  const divides = [forward.work.macs, total, products].every((d) => perSequenceShare(d) !== undefined);
  return divides ? mapWork(forward.work, (d) => withBatch(d, 1)) : undefined;
}
