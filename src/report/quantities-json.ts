import { type Share, addWork, backwardOf, costPacked, memoryIn } from '../cost';
import type { LayerCost, Memory, ModelCost, Work } from '../cost/types';
import {
  type Dim,
  type NumberType,
  type Workload,
  BYTES_PER_NUMBER,
  isCell,
  isRecurrent,
  mul,
} from '../model';
import { numberOf } from './json-numbers';
import { type Shares, SHOWN_TYPES, sharesOf } from './quantities';

/** All quantities of a layer or a model as JSON, the same in `analyze` and `explain`. A number that cannot be known is null. */
export function quantitiesJson(cost: LayerCost | ModelCost, workload: Workload) {
  const { params, memory } = cost;
  const layer = 'layer' in cost ? cost.layer : undefined;
  const recurrent = layer && isRecurrent(layer) ? layer : undefined;
  const byGate = 'byGate' in cost ? cost.byGate : undefined;
  const shares = sharesOf(cost, workload);
  const packed = recurrent && !isCell(recurrent) ? costPacked(recurrent, workload) : undefined;
  return {
    params: {
      total: numberOf(params?.total),
      trainable: numberOf(params?.trainable),
      nonTrainable: numberOf(params?.nonTrainable),
      weights: numberOf(params?.weights),
      biases: numberOf(params?.biases),
      ...(byGate && { byGate: byGate.map((g) => ({ gate: g.gate, params: numberOf(g.params) })) }),
    },
    work: {
      // Only recurrent layers have steps.
      ...(shares.step && { perStep: workJson(shares.step.work) }),
      perSequence: workJson(shares.sequence.work),
      perBatch: workJson(cost.forward),
    },
    ...(packed && {
      packed: {
        steps: packed.steps,
        flops: numberOf(packed.packed.flops.total),
        paddedSteps: packed.paddedSteps,
        paddedFlops: numberOf(packed.padded.flops.total),
      },
    }),
    bytes: Object.fromEntries(
      SHOWN_TYPES.map((type) => [type, memoryJson(memory, workload.numberType, type, shares)]),
    ),
  };
}

function workJson(work: Work | undefined) {
  const flops = work?.flops;
  const backward = work && backwardOf(work);
  const training = work && backward && addWork([work, backward]);
  return {
    macs: numberOf(work?.macs),
    flops: {
      forward: numberOf(flops?.total),
      products: numberOf(flops?.products),
      biases: numberOf(flops?.bias),
      elementwise: numberOf(flops?.pointwise),
      byOperation: numbersOf(flops?.pointwiseByOp ?? {}),
      backward: numberOf(backward?.flops.total),
      training: numberOf(training?.flops.total),
    },
  };
}

function memoryJson(
  memory: Memory | undefined,
  given: NumberType,
  type: NumberType,
  { step, sequence }: Shares,
) {
  const bytes = ({ kept }: Share) => numberOf(kept && mul(kept, BYTES_PER_NUMBER[type]));
  const m = memory && memoryIn(memory, given, type);
  return {
    weights: numberOf(m?.weights),
    gradients: numberOf(m?.gradients),
    optimiser: {
      sgd: numberOf(m?.optimiser.sgd),
      momentum: numberOf(m?.optimiser.momentum),
      adam: numberOf(m?.optimiser.adam),
    },
    ...(step && { activationsPerStep: bytes(step) }),
    activationsPerSequence: bytes(sequence),
    activations: numberOf(m?.activations),
  };
}

function numbersOf(dims: Readonly<Record<string, Dim>>): Record<string, number | null> {
  return Object.fromEntries(Object.entries(dims).map(([key, dim]) => [key, numberOf(dim)]));
}
