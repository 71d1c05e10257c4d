import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { costModel } from '../../../../src/cost';
import {
  DEFAULT_WORKLOAD,
  type RecurrentLayer,
  formatDim,
  isRecurrent,
  valueOf,
} from '../../../../src/model';
import { memorySource } from '../../../../src/readers/bytes';
import { readOnnx } from '../../../../src/readers/onnx/read';
import { loadTensor } from '../../../../src/readers/weights/load';
import { contextFor, fixture, fixtureJson, storedCount } from './support';

const counts = fixtureJson<Record<string, { total: number }>>('onnx/counts.json');
const values = fixtureJson<Record<string, { tensor: string; values: number[] }>>('onnx/values.json');

async function read(name: string) {
  const path = `onnx/${name}`;
  const { models, problems } = await readOnnx(await fixture(path), contextFor(path));
  assert.equal(models.length, 1, JSON.stringify(problems));
  return { model: models[0]!, problems };
}

async function recurrent(name: string): Promise<RecurrentLayer> {
  return (await read(name)).model.layers.find(isRecurrent)!;
}

describe('ONNX', () => {
  for (const [name, { total }] of Object.entries(counts)) {
    if (name === 'weights_fed_in.onnx') continue;
    it(`counts ${name} as ONNX's own loader does`, async () => {
      const { model, problems } = await read(name);
      assert.deepEqual(problems, []);
      assert.equal(storedCount(model), total);
    });
  }

  it('reads every option of the operators', async () => {
    const options = async (name: string) => {
      const l = await recurrent(name);
      const size = (d: RecurrentLayer['bias'] | undefined) => (d === undefined ? undefined : valueOf(d));
      return [
        l.kind,
        size(l.inputSize),
        size(l.hiddenSize),
        size(l.directions),
        size(l.bias),
        size(l.peepholes),
        size(l.resetAfter),
        l.coupledGates,
      ];
    };
    assert.deepEqual(await options('lstm.onnx'), ['lstm', 3, 4, 1, 1, undefined, undefined, undefined]);
    assert.deepEqual(await options('lstm_no_bias.onnx'), [
      'lstm',
      3,
      4,
      1,
      0,
      undefined,
      undefined,
      undefined,
    ]);
    assert.deepEqual(await options('lstm_peepholes_no_bias.onnx'), [
      'lstm',
      3,
      4,
      1,
      0,
      1,
      undefined,
      undefined,
    ]);
    assert.deepEqual(await options('lstm_coupled.onnx'), ['lstm', 3, 4, 1, 1, undefined, undefined, true]);
    assert.deepEqual(await options('lstm_bidirectional.onnx'), [
      'lstm',
      3,
      4,
      2,
      1,
      undefined,
      undefined,
      undefined,
    ]);
    assert.deepEqual(await options('gru.onnx'), ['gru', 3, 4, 1, 1, undefined, 0, undefined]);
    assert.deepEqual(await options('gru_reset_after.onnx'), ['gru', 3, 4, 1, 1, undefined, 1, undefined]);
    assert.deepEqual(await options('unfolded.onnx'), ['lstm', 3, 4, 2, 0, undefined, undefined, undefined]);
    assert.equal((await recurrent('rnn_relu.onnx')).activation, 'relu');
    assert.equal((await recurrent('lstm_reverse.onnx')).typeName, 'LSTM (reverse)');
  });

  it('follows steps and batch, by layout and by name', async () => {
    const call = async (name: string) => {
      const c = (await recurrent(name)).calls![0]!;
      return [formatDim(c.steps!), formatDim(c.batch!), formatDim(c.times)];
    };
    assert.deepEqual(await call('lstm.onnx'), ['seq', 'batch', '1']);
    assert.deepEqual(await call('lstm_batch_first.onnx'), ['7', 'batch', '1']);
    assert.deepEqual(await call('rnn_unnamed_axes.onnx'), ['X[0]', 'X[1]', '1']);
    assert.deepEqual(await call('loop.onnx'), ['5', '1', '3']);
    assert.deepEqual(await call('around.onnx'), ['length', 'batch', '1']);
    const names = (await read('around.onnx')).model.unknowns.map((u) => u.name);
    assert.deepEqual(names, ['batch', 'length']);
  });

  it('reads the layers around', async () => {
    const { model } = await read('around.onnx');
    assert.deepEqual(
      model.layers.map((l) => [l.path, l.kind]),
      [
        ['embed', 'embedding'],
        ['conv', 'conv'],
        ['bn', 'batch-norm'],
        ['enc_lstm', 'lstm'],
        ['ln', 'layer-norm'],
        ['fc', 'dense'],
        ['out', 'dense'],
        ['loose', 'parameter'],
      ],
    );
    const dense = model.layers.find((l) => l.path === 'fc')!;
    assert.deepEqual(dense.calls![0]!.inputs[0]!.map(formatDim), ['length', 'batch', '12']);
    assert.equal(storedCount(model, 'trainable'), counts['around.onnx']!.total - 10);
  });

  it('does not know whether a branch runs, and counts both', async () => {
    const { model } = await read('branches.onnx');
    assert.deepEqual(
      model.layers.map((l) => l.calls),
      [undefined, undefined],
    );
    assert.ok(model.layers.every((l) => l.callsUnknown));
  });

  it('repeats a loop body as often as the loop does, by name when that is open', async () => {
    const { model } = await read('scan.onnx');
    assert.equal(formatDim(model.layers[0]!.calls![0]!.times), 'steps');
  });

  it('counts weights that are fed in by their shapes', async () => {
    const { model, problems } = await read('weights_fed_in.onnx');
    assert.deepEqual(
      problems.map((p) => p.code),
      ['weights-fed-in'],
    );
    assert.equal(model.layers[0]!.stored, undefined);
    const total = costModel(model, DEFAULT_WORKLOAD).params!.total;
    assert.equal(valueOf(total), counts['weights_fed_in.onnx']!.total);
  });

  it('says so when the file with the weights is missing', async () => {
    const source = await fixture('onnx/external.onnx');
    const { models, problems } = await readOnnx(source, { file: 'external.onnx' });
    assert.deepEqual(
      problems.map((p) => p.code),
      ['weights-missing'],
    );
    assert.equal(storedCount(models[0]!), 144);
  });

  for (const [name, { tensor, values: expected }] of Object.entries(values)) {
    it(`loads ${tensor} of ${name}`, async () => {
      const stored = (await recurrent(name)).stored!.find((t) => t.name === tensor)!;
      const { file } = stored.bytes!;
      const holder = await fixture(file.startsWith('onnx/') ? file : `onnx/${file}`);
      assert.deepEqual([...(await loadTensor(holder, stored))], expected);
    });
  }
});

describe("What PyTorch's exporter writes", () => {
  const exported = fixtureJson<Record<string, { total: number }>>('onnx-export/counts.json');
  for (const [name, { total }] of Object.entries(exported)) {
    it(`counts ${name} as PyTorch counts the module`, async () => {
      const path = `onnx-export/${name}`;
      const { models, problems } = await readOnnx(await fixture(path), contextFor(path));
      assert.deepEqual(problems, []);
      assert.equal(storedCount(models[0]!), total);
    });
  }
});

describe('The operator tests of the onnx package', () => {
  const operators = fixtureJson<Record<string, { total: number; operator: string }>>(
    'onnx-operators/counts.json',
  );

  it('are all here', () => assert.ok(Object.keys(operators).length >= 18));

  for (const [name, { total, operator }] of Object.entries(operators)) {
    it(`${name} has one ${operator} with as many weights as are fed in`, async () => {
      const path = `onnx-operators/${name}`;
      const { models } = await readOnnx(await fixture(path), contextFor(path));
      const layers = models[0]!.layers.filter(isRecurrent);
      assert.deepEqual(
        layers.map((l) => l.kind),
        [operator.toLowerCase()],
      );
      const { params } = costModel(models[0]!, DEFAULT_WORKLOAD);
      assert.equal(valueOf(params!.total), total);
    });
  }
});

/** Sums of floating-point tensor sizes by the onnx Python package over all graphs; constants of more than one value included. */
const SILERO = { silero_vad_v5: 545282, silero_vad_legacy: 444944 };

describe('A real voice-activity model', () => {
  for (const [name, total] of Object.entries(SILERO)) {
    it(`counts ${name}.onnx as the sum of its tensors`, async () => {
      const path = require.resolve(`@ricky0123/vad-web/dist/${name}.onnx`);
      const source = memorySource(path, new Uint8Array(readFileSync(path)));
      const { models, problems } = await readOnnx(source, { file: path });
      assert.deepEqual(problems, []);
      assert.equal(storedCount(models[0]!), total);
      const kinds = new Set(
        models[0]!.layers.filter(isRecurrent).map((l) => `${l.kind} ${valueOf(l.hiddenSize)}`),
      );
      assert.deepEqual([...kinds], [name === 'silero_vad_v5' ? 'lstm 128' : 'lstm 64']);
    });
  }
});
