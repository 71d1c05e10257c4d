import {
  type Dim,
  type Layer,
  type Workload,
  BATCH,
  add,
  constant,
  isRecurrent,
  mul,
  substitute,
  symbolName,
} from '../model';
import { filler } from './filler';
import { forwardOf } from './forward';
import { keptPerStep, keptValues } from './memory';
import { mergeWork, perStepWork, recurrentUses } from './recurrent-work';
import type { Work } from './types';
import { addWork, mapWork, scaleWork } from './work';

/** What one sequence of a batch, or one step of it, takes of a forward pass; undefined where that cannot be told. */
export interface Share {
  readonly work: Work | undefined;
  /** Values kept for the backward pass. */
  readonly kept: Dim | undefined;
}

/** The share of one step of one sequence. Null: only recurrent layers have steps. */
export function perStepOf(layer: Layer): Share | null {
  if (!isRecurrent(layer)) return null;
  const copies = layer.repeat ?? constant(1);
  return { work: scaleWork(perStepWork(layer), copies), kept: mul(copies, keptPerStep(layer)) };
}

/** The share of one sequence of T steps, over all layers: a model's is the sum of theirs. */
export function perSequenceOf(layers: readonly Layer[], workload: Workload): Share {
  const fill = filler(workload);
  const works = layers.map(sequenceWork);
  const kept = layers.map(sequenceKept);
  return {
    work: works.every((w) => w !== undefined) ? mapWork(addWork(works), fill) : undefined,
    kept: kept.every((k) => k !== undefined) ? fill(add(...kept)) : undefined,
  };
}

function sequenceWork(layer: Layer): Work | undefined {
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
  const divides = [forward.work.macs, total, products].every(isOfBatch);
  return divides ? mapWork(forward.work, (d) => withBatch(d, 1)) : undefined;
}

function sequenceKept(layer: Layer): Dim | undefined {
  if (isRecurrent(layer)) {
    const steps = recurrentUses(layer).map((use) => mul(use.steps, use.times));
    return mul(layer.repeat ?? constant(1), keptPerStep(layer), add(...steps));
  }
  const kept = keptValues(layer);
  return kept && isOfBatch(kept) ? withBatch(kept, 1) : undefined;
}

/** Whether all of a size comes from the batch: it does not where the source itself says how many sequences there are. */
function isOfBatch(d: Dim): boolean {
  return withBatch(d, 0).terms.size === 0;
}

function withBatch(d: Dim, batch: number): Dim {
  return substitute(d, new Map([[symbolName(BATCH)!, batch]]));
}
