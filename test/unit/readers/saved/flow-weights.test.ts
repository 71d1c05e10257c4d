import assert from 'node:assert/strict';
import { type RecurrentLayer, type StoredWeights, cellOf, isRecurrent, valueOf } from '../../../../src/model';
import { readSavedModel } from '../../../../src/readers/registry';
import { flowWeights } from '../../../../src/readers/weights/flow-weights';
import { loadTensor } from '../../../../src/readers/weights/load';
import { contextFor, fixture, fixtureJson } from './support';

type Run = { readonly x: number[][]; readonly y?: number[][]; readonly last?: number[] };

const sigmoid = (v: number) => 1 / (1 + Math.exp(-v));

/** One direction over a sequence, by the textbook, with weights in our order. */
function run(layer: RecurrentLayer, w: StoredWeights, x: readonly number[][]): number[][] {
  const hidden = valueOf(layer.hiddenSize)!;
  const cell = cellOf(layer.kind);
  const width = { rnn: 1, gru: 3, lstm: 4 }[cell] * hidden;
  const size = w.projection ? w.projection.length / hidden : hidden;
  const times = (v: readonly number[], m: ArrayLike<number>) =>
    Array.from({ length: width }, (_, j) => v.reduce((sum, a, i) => sum + a * m[i * width + j]!, 0));
  let h: number[] = Array.from({ length: size }, () => 0);
  let c: number[] = Array.from({ length: hidden }, () => 0);
  return x.map((input) => {
    const a = times(input, w.kernel).map((v, j) => v + (w.bias?.[j] ?? 0));
    const r = times(h, w.recurrent);
    const gate = (g: number, j: number) => a[g * hidden + j]! + r[g * hidden + j]!;
    const units = Array.from({ length: hidden }, (_, j) => j);
    if (cell === 'rnn') {
      h = units.map((j) => (layer.activation === 'relu' ? Math.max(0, gate(0, j)) : Math.tanh(gate(0, j))));
    } else if (cell === 'gru') {
      const reset = units.map((j) => sigmoid(gate(0, j)));
      const old = h;
      const before = times(
        old.map((v, j) => v * reset[j]!),
        w.recurrent,
      );
      const candidate = units.map((j) =>
        w.recurrentBias || after(layer)
          ? a[2 * hidden + j]! + reset[j]! * (r[2 * hidden + j]! + (w.recurrentBias?.[j] ?? 0))
          : a[2 * hidden + j]! + before[2 * hidden + j]!,
      );
      h = units.map((j) => {
        const z = sigmoid(gate(1, j));
        return z * old[j]! + (1 - z) * Math.tanh(candidate[j]!);
      });
    } else {
      c = units.map((j) => sigmoid(gate(1, j)) * c[j]! + sigmoid(gate(0, j)) * Math.tanh(gate(2, j)));
      const out = units.map((j) => sigmoid(gate(3, j)) * Math.tanh(c[j]!));
      h = w.projection
        ? Array.from({ length: size }, (_, p) =>
            out.reduce((s, v, j) => s + v * w.projection![j * size + p]!, 0),
          )
        : out;
    }
    return h;
  });
}

const after = (layer: RecurrentLayer) =>
  layer.framework === 'pytorch' || (layer.resetAfter !== undefined && valueOf(layer.resetAfter) === 1);

function runAll(
  layer: RecurrentLayer,
  weights: readonly StoredWeights[],
  x: readonly number[][],
): number[][] {
  const directions = valueOf(layer.directions)!;
  let sequence = x.map((v) => [...v]);
  for (let level = 0; level < valueOf(layer.numLayers)!; level++) {
    const forward = run(layer, weights[level * directions]!, sequence);
    if (directions === 1) sequence = forward;
    else {
      const backward = run(layer, weights[level * 2 + 1]!, [...sequence].reverse()).reverse();
      sequence = forward.map((h, t) => [...h, ...backward[t]!]);
    }
  }
  return sequence;
}

function close(actual: readonly number[], expected: readonly number[], what: string): void {
  assert.equal(actual.length, expected.length, what);
  actual.forEach((v, i) =>
    assert.ok(Math.abs(v - expected[i]!) < 1e-5, `${what}: ${v} instead of ${expected[i]}`),
  );
}

describe('Trained weights, in one order', () => {
  for (const folder of ['torch', 'keras', 'onnx', 'onnx-export']) {
    for (const [name, { x, y, last }] of Object.entries(
      fixtureJson<Record<string, Run>>(`${folder}/runs.json`),
    )) {
      it(`${folder}/${name} gives what the framework gives`, async () => {
        const path = `${folder}/${name}`;
        const source = await fixture(path);
        const { models } = await readSavedModel(source, contextFor(path));
        const layer = models[0]!.layers.find(isRecurrent)!;
        const result = await flowWeights(layer, (tensor) => loadTensor(source, tensor));
        assert.ok('weights' in result);
        const out = runAll(layer, result.weights, x);
        if (last) close(out.at(-1)!, last, name);
        y?.forEach((h, t) => close(out[t]!, h, `${name} at ${t}`));
      });
    }
  }

  it('says why when a layer has peepholes', async () => {
    const path = 'onnx/lstm_peepholes.onnx';
    const source = await fixture(path);
    const { models } = await readSavedModel(source, contextFor(path));
    const result = await flowWeights(models[0]!.layers.find(isRecurrent)!, (t) => loadTensor(source, t));
    assert.ok('blocked' in result);
  });
});
