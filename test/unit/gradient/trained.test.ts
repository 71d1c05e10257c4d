import { strict as assert } from 'node:assert';
import { costLayer } from '../../../src/cost';
import { ownRun } from '../../../src/engine/own-run';
import { trainedWeights } from '../../../src/engine/trained-weights';
import { DEFAULT_WORKLOAD, type TrainedGate, isRecurrent } from '../../../src/model';
import { readSavedModel } from '../../../src/readers/registry';
import { contextFor, fixture, fixtureJson } from '../readers/saved/support';
import { profileOf } from './run';

/** What PyTorch and numpy say of the same files: `test/golden/trained_statistics.py`. */
const golden = fixtureJson<Record<string, Record<string, TrainedGate[][]>>>('torch/trained.json');

const WORKLOAD = { ...DEFAULT_WORKLOAD, seqLen: 5 };

async function run(path: string, layerPath: string) {
  const source = await fixture(path);
  const context = contextFor(path);
  const { models } = await readSavedModel(source, context);
  const layer = models[0]!.layers.filter(isRecurrent).find((l) => layerPath === '' || l.path === layerPath)!;
  const trained = await trainedWeights(layer, { ...context, source });
  const found = ownRun(costLayer(layer, WORKLOAD), layer, WORKLOAD, trained, [1]);
  assert.ok('own' in found, JSON.stringify(found));
  return found;
}

describe('Trained weights of a saved model', () => {
  for (const [file, layers] of Object.entries(golden)) {
    for (const [path, places] of Object.entries(layers)) {
      it(`have the statistics that PyTorch and numpy find: ${file} ${path}`, async () => {
        const { own } = await run(`torch/${file}`, path);
        const { trained } = await profileOf(own);
        assert.equal(trained?.length, places.length);
        for (const [i, gates] of places.entries()) {
          assert.deepEqual(
            trained[i]!.gates.map((g) => g.gate),
            gates.map((g) => g.gate),
          );
          for (const [g, expected] of gates.entries()) {
            const actual = trained[i]!.gates[g]!;
            const pairs = [
              ...(['mean', 'std', 'min', 'max'] as const).map((k) => [actual.bias?.[k], expected.bias?.[k]]),
              [actual.sigmaMax, expected.sigmaMax],
              [actual.spectralRadius, expected.spectralRadius],
            ];
            for (const [a, e] of pairs)
              assert.ok(Math.abs(a! - e!) < 1e-5, `${expected.gate}: ${a}, not ${e}`);
          }
        }
      });
    }
  }

  it('run beside the layer before training, where the framework has an initialisation', async () => {
    const torch = await run('torch/lstm.pt', '');
    assert.equal(torch.own.initialiser.kind, 'stored');
    assert.equal(torch.untrained?.initialiser.kind, 'default');
    assert.equal((await run('onnx/lstm.onnx', '')).untrained, undefined);
  });

  it('that cannot be loaded leave the run before training, with the reason', async () => {
    const path = 'torch/lstm.pt';
    const context = contextFor(path);
    const source = await fixture(path);
    const { models } = await readSavedModel(source, context);
    const layer = models[0]!.layers.find(isRecurrent)!;
    const stored = layer.stored!.map(({ name, shape, dtype, trainable }) => ({
      name,
      shape,
      dtype,
      trainable,
    }));
    const moved = { ...layer, stored };
    const trained = await trainedWeights(moved, { ...context, source });
    const found = ownRun(costLayer(moved, WORKLOAD), moved, WORKLOAD, trained, [1]);
    assert.ok('own' in found);
    assert.equal(found.own.initialiser.kind, 'default');
    assert.match(found.notTrained!.text, /not loaded/);
  });

  it('are refused when they hold values that are no numbers', async () => {
    const path = 'safetensors/lstm.safetensors';
    const source = await fixture(path);
    const { models } = await readSavedModel(source, contextFor(path));
    const layer = models[0]!.layers.find(isRecurrent)!;
    const { offset } = layer.stored![0]!.bytes!;
    const broken = {
      ...source,
      read: async (at: number, length: number) => {
        const bytes = (await source.read(at, length)).slice();
        if (offset >= at && offset + 4 <= at + length) bytes.set([0, 0, 0xc0, 0x7f], offset - at);
        return bytes;
      },
    };
    const result = await trainedWeights(layer, { ...contextFor(path), source: broken });
    assert.match('blocked' in result ? result.blocked.text : '', /no numbers/);
  });

  it('are read across the files that TensorFlow.js cut them into', async () => {
    const path = 'tfjs/stack.json';
    const source = await fixture(path);
    const context = contextFor(path);
    const { models } = await readSavedModel(source, context);
    const layers = models[0]!.layers.filter(isRecurrent);
    const tensors = layers.flatMap((l) => l.stored ?? []);
    assert.ok(tensors.every((t) => t.bytes));
    assert.ok(tensors.some((t) => t.bytes?.more));
    const all = await Promise.all(['1', '2'].map((n) => fixture(`tfjs/stack-shard${n}of2.bin`)));
    const bytes = Buffer.concat(await Promise.all(all.map((f) => f.read(0, f.size))));
    // The manifest lists tensors in the order in which they lie in the files, laid end to end.
    const manifest = fixtureJson<{ weightsManifest: { weights: { name: string; shape: number[] }[] }[] }>(
      path,
    );
    let at = 0;
    const values = new Map<string, number[]>();
    for (const { name, shape } of manifest.weightsManifest[0]!.weights) {
      const count = shape.reduce((a, b) => a * b, 1);
      values.set(
        name,
        Array.from({ length: count }, (_, i) => bytes.readFloatLE(at + 4 * i)),
      );
      at += 4 * count;
    }
    const kernels = [...values].filter(([name]) => name.endsWith('/recurrent_kernel')).map(([, v]) => v);
    const loaded: number[][] = [];
    for (const layer of layers) {
      const trained = await trainedWeights(layer, { ...context, source });
      assert.ok('weights' in trained, JSON.stringify(trained));
      loaded.push(...trained.weights.map((w) => [...w.recurrent]));
    }
    const sorted = (lists: number[][]) => lists.map((l) => l.toSorted((a, b) => a - b).join()).sort();
    assert.deepEqual(sorted(loaded), sorted(kernels));
  });
});
