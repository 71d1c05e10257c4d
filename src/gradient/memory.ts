import type { FlowSpec } from '../model';
import { shapesOf } from './shape';

const FLOAT32 = 4;
const FLOAT64 = 8;

/**
 * The most bytes a run holds at one time, in the thread and in tfjs together: what each step keeps for the way back,
 * the weights in all their forms (drawn in float64, kept, transposed, packed by the backend) and their gradients.
 */
export function memoryOf(spec: FlowSpec): number {
  const rows = spec.steps * spec.batch;
  let kept = rows * spec.inputSize * FLOAT32;
  let largestWeight = 0;
  for (const { inputSize, hiddenSize, outputSize, gates } of shapesOf(spec)) {
    const width = gates * hiddenSize;
    const perRow = width + outputSize + (spec.cell === 'lstm' ? 3 * hiddenSize : hiddenSize) + inputSize;
    const weights = (inputSize + outputSize) * width + hiddenSize * outputSize;
    // x·K is copied out of tfjs, and its gradient is copied in: twice the gates for a moment.
    kept += (rows * perRow + 6 * weights) * FLOAT32;
    largestWeight = Math.max(largestWeight, weights, (rows * width) / 2);
  }
  return kept + largestWeight * (2 * FLOAT64 + FLOAT32);
}

/** The largest value of one size for which the run fits the budget, the others as they are; 0 when not even 1 fits. */
export function largestThatFits(
  spec: FlowSpec,
  size: 'steps' | 'batch' | 'hiddenSize',
  budget: number,
): number {
  let low = 0;
  let high = spec[size];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (memoryOf({ ...spec, [size]: middle }) <= budget) low = middle;
    else high = middle - 1;
  }
  return low;
}
