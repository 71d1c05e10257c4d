import { type Dim, type RecurrentLayer, constant, mul } from '../model';
import { mergeWork, perStepWork } from './recurrent-work';
import type { Work } from './types';
import { addWork, scaleWork } from './work';

/** Work of a batch of sequences of different lengths. */
export interface PackedWork {
  /** Steps over all sequences: the sum of their lengths. */
  readonly steps: number;
  /** Packed (`pack_padded_sequence`, ragged or masked and skipped): each sequence costs its own length. */
  readonly packed: Work;
  /** The same batch padded to its longest sequence. */
  readonly padded: Work;
}

/**
 * Forward work of one run of a recurrent layer over a batch with the given lengths. Throws RangeError for an
 * empty batch and for a length that is not a whole number of at least 1.
 */
export function costPacked(layer: RecurrentLayer, lengths: readonly number[]): PackedWork {
  if (lengths.length === 0) throw new RangeError('a batch holds at least one sequence');
  for (const n of lengths) {
    if (!Number.isSafeInteger(n) || n < 1) throw new RangeError(`not a sequence length: ${n}`);
  }
  const steps = lengths.reduce((sum, n) => sum + n, 0);
  const longest = lengths.reduce((max, n) => Math.max(max, n), 1);
  return {
    steps,
    packed: run(layer, constant(steps), lengths.length),
    padded: run(layer, mul(longest, lengths.length), lengths.length),
  };
}

function run(layer: RecurrentLayer, steps: Dim, sequences: number): Work {
  const one = constant(1);
  // Directions are joined at every step, or once per sequence where only the last output is kept.
  const joined = layer.returnSequences
    ? { steps, batch: one, times: one }
    : { steps: one, batch: constant(sequences), times: one };
  return addWork([scaleWork(perStepWork(layer), steps), mergeWork(layer, joined)]);
}
