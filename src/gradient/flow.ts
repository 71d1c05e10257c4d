import { type FlowProfile, type FlowSpec, type LayerCurve, type SeedProfile, message } from '../model';
import type { BackwardResult, Upstream } from './backward';
import { type Weights, initialise, storedWeights } from './initialise';
import { LayerRun } from './layer-run';
import { lyapunovExponent } from './lyapunov';
import { Pace, type Watcher } from './pace';
import type { Products } from './products';
import { Stream, unitVector } from './random';
import { RunRefused, refuseUnfit } from './refuse';
import { type ScaledSteps, addScaled } from './scaled';
import { type DirectionShape, shapesOf } from './shape';
import { recurrentKernelFacts } from './spectrum';
import { Statistics } from './statistics';
import { trainedFacts } from './trained';

/**
 * Runs a spec: for each seed draws weights and input, unrolls the layers, and takes the gradient of
 * L = Σ over sequences of v·h_T back to every step. v is a unit vector for each direction of the top layer; the reverse
 * direction's last state is that at t = 1. With `loss: 'all'` L is the sum of v·h_t over every t.
 * Throws {@link RunRefused} where the run cannot be done, and whatever `watcher.check` throws.
 */
export async function runFlow(
  spec: FlowSpec,
  backend: Products,
  budget: number,
  watcher: Watcher,
): Promise<FlowProfile> {
  const started = performance.now();
  refuseUnfit(spec, budget);
  const products = backend.scope();
  const shapes = shapesOf(spec);
  const pace = new Pace(watcher, 2 * spec.steps * shapes.length * spec.seeds.length);
  const statistics = new Statistics(spec);
  const seeds: SeedProfile[] = [];
  const exponents: (number | undefined)[] = [];
  let first: Pick<FlowProfile, 'weightGradients' | 'recurrentKernel'> | undefined;
  try {
    for (const seed of spec.seeds) {
      const run = await runSeed(spec, shapes, seed, products, pace, statistics);
      seeds.push(run.profile);
      exponents.push(run.lyapunov);
      first ??= {
        weightGradients: await weightGradientsOf(run.layers, pace),
        recurrentKernel: await recurrentKernelFacts(spec, topForward(spec, shapes), run.top, pace),
      };
      products.release();
    }
  } finally {
    products.release();
  }
  const trained = await trainedFacts(spec, shapes, pace);
  const lyapunov = exponents.every((x) => x !== undefined)
    ? exponents.reduce((sum, x) => sum + x, 0) / exponents.length
    : undefined;
  return {
    spec,
    backend: products.backend,
    seeds,
    gates: statistics.gates(),
    hiddenSaturation: statistics.hiddenSaturation(),
    weightGradients: first!.weightGradients,
    recurrentKernel: { ...first!.recurrentKernel, ...(lyapunov === undefined ? {} : { lyapunov }) },
    ...(trained ? { trained } : {}),
    milliseconds: performance.now() - started,
  };
}

interface SeedRun {
  readonly profile: SeedProfile;
  readonly layers: readonly LayerRun[];
  readonly top: Weights;
  readonly lyapunov?: number;
}

async function runSeed(
  spec: FlowSpec,
  shapes: readonly DirectionShape[],
  seed: number,
  products: Products,
  pace: Pace,
  statistics: Statistics,
): Promise<SeedRun> {
  const layers = await forwardAll(spec, shapes, seed, products, pace, statistics);
  const results = await backwardAll(spec, layers, seed, pace);
  const curves = layers.map((run, i) => curveOf(run.shape, results[i]!));
  const top = layers.findIndex((run) => run.shape.layer === spec.numLayers - 1);
  const { log10Norms, log10CellNorms } = curves[top]!;
  return {
    profile: { seed, log10Norms, ...(log10CellNorms ? { log10CellNorms } : {}), layers: curves },
    layers,
    top: layers[top]!.weights,
    ...(spec.loss === 'last' ? { lyapunov: lyapunovExponent(results[top]!.sequenceNorms, spec.steps) } : {}),
  };
}

async function forwardAll(
  spec: FlowSpec,
  shapes: readonly DirectionShape[],
  seed: number,
  products: Products,
  pace: Pace,
  statistics: Statistics,
): Promise<LayerRun[]> {
  const runs: LayerRun[] = [];
  let input = drawInput(spec, seed);
  for (let layer = 0; layer < spec.numLayers; layer++) {
    const own: LayerRun[] = [];
    for (const [index, shape] of shapes.entries()) {
      if (shape.layer !== layer) continue;
      const weights =
        spec.initialiser.kind === 'stored'
          ? storedWeights(spec.initialiser.weights[index]!, shape)
          : initialise(spec, shape, seed);
      const watched = layer === spec.numLayers - 1 && shape.direction === 'forward';
      own.push(
        await LayerRun.forward(
          products,
          spec,
          shape,
          weights,
          input,
          pace,
          watched ? (cell, s) => statistics.note(cell, s) : undefined,
        ),
      );
    }
    input = sideBySide(
      own.map((run) => run.outputs()),
      spec.steps * spec.batch,
    );
    refuseOverflow(input, layer);
    runs.push(...own);
  }
  return runs;
}

async function backwardAll(
  spec: FlowSpec,
  layers: readonly LayerRun[],
  seed: number,
  pace: Pace,
): Promise<BackwardResult[]> {
  const results = new Array<BackwardResult>(layers.length);
  let above: ScaledSteps | undefined;
  for (let layer = spec.numLayers - 1; layer >= 0; layer--) {
    let below: ScaledSteps | undefined;
    for (const [index, run] of layers.entries()) {
      const { shape } = run;
      if (shape.layer !== layer) continue;
      const isTop = layer === spec.numLayers - 1;
      const direct: Upstream['direct'] = isTop
        ? { vector: lossVector(seed, shape), every: spec.loss === 'all' }
        : undefined;
      const part = above && spec.bidirectional ? half(above, shape, spec.batch) : above;
      results[index] = await run.backward(direct, part, pace);
      if (layer === 0) continue;
      const gradient = await run.inputGradient(pace);
      below = below ? addScaled(below, gradient) : gradient;
    }
    above = below;
  }
  return results;
}

/** Standard normal numbers, or the series over all features and sequences; [T × B × I]. */
export function drawInput(spec: FlowSpec, seed: number): Float32Array {
  const { steps, batch, inputSize, input } = spec;
  const x = new Float32Array(steps * batch * inputSize);
  if (input.kind === 'noise') new Stream(seed, 'input').fillNormal(x);
  else
    for (let t = 0; t < steps; t++)
      x.fill(input.values[t]!, t * batch * inputSize, (t + 1) * batch * inputSize);
  return x;
}

function lossVector(seed: number, { direction, outputSize }: DirectionShape): Float64Array {
  return unitVector(new Stream(seed, `loss.${direction}`), outputSize);
}

function topForward(spec: FlowSpec, shapes: readonly DirectionShape[]): DirectionShape {
  return shapes.find((s) => s.layer === spec.numLayers - 1)!;
}

function curveOf(shape: DirectionShape, result: BackwardResult): LayerCurve {
  const inTime = (values: Float64Array): number[] =>
    shape.direction === 'forward' ? Array.from(values) : Array.from(values).reverse();
  const { log10Norms, log10CellNorms } = result;
  return {
    layer: shape.layer,
    direction: shape.direction,
    log10Norms: inTime(log10Norms),
    ...(log10CellNorms ? { log10CellNorms: inTime(log10CellNorms) } : {}),
  };
}

async function weightGradientsOf(
  layers: readonly LayerRun[],
  pace: Pace,
): Promise<FlowProfile['weightGradients']> {
  const all: FlowProfile['weightGradients'][number][] = [];
  for (const run of layers) {
    const { layer, direction } = run.shape;
    for (const gradient of await run.weightGradients(pace)) all.push({ ...gradient, layer, direction });
  }
  return all;
}

/** Matrices with the same rows, joined column-wise. */
function sideBySide(parts: readonly Float32Array[], rows: number): Float32Array {
  if (parts.length === 1) return parts[0]!;
  const widths = parts.map((p) => p.length / rows);
  const total = widths.reduce((a, b) => a + b, 0);
  const out = new Float32Array(rows * total);
  for (let r = 0; r < rows; r++) {
    let at = r * total;
    parts.forEach((p, i) => {
      out.set(p.subarray(r * widths[i]!, (r + 1) * widths[i]!), at);
      at += widths[i]!;
    });
  }
  return out;
}

/** The columns that belong to one direction. */
function half(above: ScaledSteps, { direction, outputSize }: DirectionShape, batch: number): ScaledSteps {
  const rows = above.exponents.length * batch;
  const values = new Float32Array(rows * outputSize);
  const skip = direction === 'forward' ? 0 : outputSize;
  for (let r = 0; r < rows; r++) {
    const from = r * 2 * outputSize + skip;
    values.set(above.values.subarray(from, from + outputSize), r * outputSize);
  }
  return { values, exponents: above.exponents };
}

function refuseOverflow(states: Float32Array, layer: number): void {
  let sum = 0; // one NaN or infinity makes the sum one
  for (let k = 0; k < states.length; k++) sum += Math.abs(states[k]!);
  if (Number.isFinite(sum)) return;
  throw new RunRefused(
    message(
      'The states of layer {0} grow beyond what float32 holds: the forward pass itself explodes.',
      layer + 1,
    ),
  );
}
