import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { initialise } from '../../../src/gradient/initialise';
import { type DirectionShape, shapesOf } from '../../../src/gradient/shape';
import { largestSingularValue } from '../../../src/gradient/singular';
import type { CellKind, FlowSpec, Framework } from '../../../src/model';
import { SMALL, wasm } from './run';

interface Drawn {
  readonly framework: Framework;
  readonly cell: CellKind;
  readonly kernel: { readonly std: number; readonly largest: number };
  readonly recurrent: {
    readonly std: number;
    readonly largest: number;
    readonly sigmaMax: number;
    readonly gateSigmaMax: number;
  };
  readonly biasMeans: readonly number[];
  readonly biasStd: number;
}

const file = join(import.meta.dirname, '../../golden/gradient/initialisers.json');
/** What test/golden/gradient/initialisers.py saw the frameworks draw. */
const golden = JSON.parse(readFileSync(file, 'utf8')) as {
  readonly inputSize: number;
  readonly hiddenSize: number;
  readonly cells: readonly Drawn[];
};

function std(values: Float32Array): number {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return Math.sqrt(values.reduce((s, x) => s + (x - mean) ** 2, 0) / values.length);
}

const largest = (values: Float32Array): number => values.reduce((m, x) => Math.max(m, Math.abs(x)), 0);

function ours(framework: Framework, cell: CellKind, inputSize: number, hidden: number): Drawn {
  const spec: FlowSpec = { ...SMALL, framework, cell, inputSize, hiddenSize: hidden };
  const shape: DirectionShape = shapesOf(spec)[0]!;
  const { kernel, recurrent, bias, recurrentBias } = initialise(spec, shape, 5);
  // The frameworks' two bias vectors were added before they were measured.
  recurrentBias?.forEach((b, k) => (bias[2 * hidden + k]! += b));
  const width = shape.gates * hidden;
  const blocks = Array.from({ length: shape.gates }, (_, g) =>
    Float32Array.from(
      { length: hidden * hidden },
      (_, i) => recurrent[Math.floor(i / hidden) * width + g * hidden + (i % hidden)]!,
    ),
  );
  const biases = Array.from({ length: shape.gates }, (_, g) => bias.slice(g * hidden, (g + 1) * hidden));
  const mean = (xs: ArrayLike<number>): number => Array.from(xs).reduce((a, b) => a + b, 0) / xs.length;
  return {
    framework,
    cell,
    kernel: { std: std(kernel), largest: largest(kernel) },
    recurrent: {
      std: std(recurrent),
      largest: largest(recurrent),
      sigmaMax: largestSingularValue(recurrent, hidden, width),
      gateSigmaMax: mean(blocks.map((b) => largestSingularValue(b, hidden, hidden))),
    },
    biasMeans: biases.map(mean),
    biasStd: mean(biases.map(std)),
  };
}

/** Two samples of some thousand draws each. */
function alike(what: string, a: number, b: number, tolerance: number): void {
  assert.ok(Math.abs(a - b) <= tolerance * Math.max(Math.abs(a), Math.abs(b)) + 1e-6, `${what}: ${a} / ${b}`);
}

function compare(a: Drawn, b: Drawn): void {
  alike('kernel std', a.kernel.std, b.kernel.std, 0.03);
  alike('kernel largest', a.kernel.largest, b.kernel.largest, 0.03);
  alike('recurrent std', a.recurrent.std, b.recurrent.std, 0.03);
  alike('recurrent sigma', a.recurrent.sigmaMax, b.recurrent.sigmaMax, 0.05);
  alike('gate sigma', a.recurrent.gateSigmaMax, b.recurrent.gateSigmaMax, 0.06);
  a.biasMeans.forEach((m, g) => assert.ok(Math.abs(m - b.biasMeans[g]!) < 0.05, `bias ${g}: ${m}`));
  assert.ok(Math.abs(a.biasStd - b.biasStd) < 0.015, `bias std ${a.biasStd} / ${b.biasStd}`);
}

describe('initialisers draw what the frameworks draw', () => {
  it('PyTorch, Keras and both of Flax, three cells each', () => assert.equal(golden.cells.length, 12));

  for (const drawn of golden.cells) {
    it(`${drawn.framework} ${drawn.cell}`, () =>
      compare(ours(drawn.framework, drawn.cell, golden.inputSize, golden.hiddenSize), drawn));
  }

  it('TensorFlow.js lstm, asked now', async () => {
    await wasm();
    const { inputSize, hiddenSize } = golden;
    const layer = tf.layers.lstm({
      units: hiddenSize,
      kernelInitializer: tf.initializers.glorotNormal({ seed: 1 }),
      recurrentInitializer: 'zeros',
    });
    layer.build([null, 5, inputSize]);
    const [kernel, , bias] = layer.getWeights().map((w) => w.dataSync() as Float32Array);
    const mine = ours('tfjs', 'lstm', inputSize, hiddenSize);
    alike('kernel std', mine.kernel.std, std(kernel!), 0.03);
    alike('kernel largest', mine.kernel.largest, largest(kernel!), 0.03);
    assert.deepEqual(
      mine.biasMeans,
      [0, 1, 2, 3].map((g) => bias!.slice(g * hiddenSize, (g + 1) * hiddenSize)[0]),
    );
  });
});
