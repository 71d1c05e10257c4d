import { type Dim, add, floorDiv } from '../model';
import { sizeOf, sumSizes } from './tensor';
import type { ParamCount, WeightTensor } from './types';

/** Sums the tensors that count as parameters. total = trainable + nonTrainable = weights + biases. */
export function countParams(tensors: readonly WeightTensor[]): ParamCount {
  const counted = tensors.filter((t) => t.counted);
  const weights = sumSizes(counted, (t) => t.role !== 'bias');
  const biases = sumSizes(counted, (t) => t.role === 'bias');
  return {
    // In this order, so that formulas name biases last.
    total: add(weights, biases),
    trainable: sumSizes(counted, (t) => t.trainable),
    nonTrainable: sumSizes(counted, (t) => !t.trainable),
    weights,
    biases,
  };
}

/** Adds counts part by part. */
export function addParams(counts: readonly ParamCount[]): ParamCount {
  const sum = (pick: (c: ParamCount) => Dim) => add(...counts.map(pick));
  return {
    total: sum((c) => c.total),
    trainable: sum((c) => c.trainable),
    nonTrainable: sum((c) => c.nonTrainable),
    weights: sum((c) => c.weights),
    biases: sum((c) => c.biases),
  };
}

/**
 * Parameters by gate, in the order of the tensors; what belongs to no gate (an LSTM's projection) under its role.
 * The parts sum to the total.
 */
export function countByGate(
  tensors: readonly WeightTensor[],
): readonly { readonly gate: string; readonly params: Dim }[] {
  const gates = new Map<string, Dim>();
  for (const t of tensors.filter((x) => x.counted)) {
    const blocks = t.gates ?? [t.role];
    const share = floorDiv(sizeOf(t), blocks.length);
    for (const gate of blocks) gates.set(gate, add(gates.get(gate) ?? 0, share));
  }
  return [...gates].map(([gate, params]) => ({ gate, params }));
}
