import type { FlowSpec, RecurrentKernelFacts } from '../model';
import { columns } from './cell';
import { spectralRadius } from './eigenvalues';
import type { Weights } from './initialise';
import type { Pace } from './pace';
import { type DirectionShape, GATES } from './shape';
import { largestSingularValue } from './singular';
import { singularValues } from './singular-values';

/** Eigenvalues take on the order of 10·n³ steps: beyond this they and all but the largest singular value are left unknown. */
const LARGEST_FOR_ALL = 384;
const LARGEST_FOR_ONE = 2048;

/** Singular values and spectral radii of the recurrent kernel's blocks; empty with `detail: 'curves'`. */
export async function recurrentKernelFacts(
  spec: FlowSpec,
  { hiddenSize, outputSize, gates }: DirectionShape,
  { recurrent }: Weights,
  pace: Pace,
): Promise<RecurrentKernelFacts> {
  const sigmaMax: { gate: string; value: number }[] = [];
  const all: { gate: string; values: readonly number[] }[] = [];
  const radii: { gate: string; value: number }[] = [];
  if (spec.detail === 'curves' || hiddenSize > LARGEST_FOR_ONE)
    return { sigmaMax, singularValues: all, spectralRadius: radii };
  for (const [g, gate] of GATES[spec.cell].entries()) {
    const block = columns(recurrent, gates * hiddenSize, g * hiddenSize, (g + 1) * hiddenSize);
    sigmaMax.push({ gate, value: largestSingularValue(block, outputSize, hiddenSize) });
    await pace.step(0);
    if (hiddenSize > LARGEST_FOR_ALL) continue;
    all.push({ gate, values: Array.from(singularValues(block, outputSize, hiddenSize)) });
    await pace.step(0);
    if (outputSize !== hiddenSize) continue;
    const value = spectralRadius(block, hiddenSize);
    if (value !== undefined) radii.push({ gate, value });
    await pace.step(0);
  }
  return { sigmaMax, singularValues: all, spectralRadius: radii };
}
