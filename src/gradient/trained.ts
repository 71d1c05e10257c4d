import type { FlowSpec, TrainedFacts, TrainedGate } from '../model';
import { type Weights, storedWeights } from './initialise';
import type { Pace } from './pace';
import { type DirectionShape, GATES } from './shape';
import { recurrentKernelFacts } from './spectrum';

/** Statistics of stored weights for each layer and direction; undefined where a spec draws its weights. */
export async function trainedFacts(
  spec: FlowSpec,
  shapes: readonly DirectionShape[],
  pace: Pace,
): Promise<readonly TrainedFacts[] | undefined> {
  const { initialiser } = spec;
  if (initialiser.kind !== 'stored') return undefined;
  const facts: TrainedFacts[] = [];
  for (const [i, shape] of shapes.entries()) {
    const weights = storedWeights(initialiser.weights[i]!, shape);
    const gates = await gatesOf(spec, shape, weights, pace);
    facts.push({ layer: shape.layer, direction: shape.direction, gates });
  }
  return facts;
}

async function gatesOf(
  spec: FlowSpec,
  shape: DirectionShape,
  weights: Weights,
  pace: Pace,
): Promise<readonly TrainedGate[]> {
  const { sigmaMax, spectralRadius } = await recurrentKernelFacts(spec, shape, weights, pace);
  return GATES[spec.cell].map((gate, g) => {
    const sigma = sigmaMax.find((s) => s.gate === gate)?.value;
    const radius = spectralRadius.find((s) => s.gate === gate)?.value;
    const { hiddenSize } = shape;
    return {
      gate,
      ...(spec.bias ? { bias: spread(weights.bias.subarray(g * hiddenSize, (g + 1) * hiddenSize)) } : {}),
      ...(sigma === undefined ? {} : { sigmaMax: sigma }),
      ...(radius === undefined ? {} : { spectralRadius: radius }),
    };
  });
}

/** Mean, standard deviation (of the population) and range. */
function spread(values: Float32Array): NonNullable<TrainedGate['bias']> {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  const variance = values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length;
  return {
    mean,
    std: Math.sqrt(variance),
    min: values.reduce((a, b) => Math.min(a, b)),
    max: values.reduce((a, b) => Math.max(a, b)),
  };
}
