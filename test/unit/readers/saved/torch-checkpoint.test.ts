import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { type RecurrentLayer, isRecurrent, valueOf } from '../../../../src/model';
import { readTorchCheckpoint } from '../../../../src/readers/torch-checkpoint/read';
import { contextFor, fixture, fixtureJson, storedCount } from './support';

interface Count {
  readonly total: number;
  readonly trainable: number;
}
const counts = fixtureJson<Record<string, Count | Record<string, number>>>('torch/counts.json');

async function read(name: string) {
  const path = `torch/${name}`;
  return readTorchCheckpoint(await fixture(path), contextFor(path));
}

async function readOne(name: string) {
  const result = await read(name);
  assert.deepEqual(result.problems, []);
  assert.equal(result.models.length, 1, name);
  return result.models[0]!;
}

async function recurrent(name: string): Promise<RecurrentLayer[]> {
  return (await readOne(name)).layers.filter(isRecurrent);
}

describe('PyTorch checkpoints', () => {
  for (const [name, count] of Object.entries(counts)) {
    if (typeof (count as Count).trainable !== 'number') continue;
    it(`counts ${name} as PyTorch does`, async () => {
      assert.equal(storedCount(await readOne(name)), (count as Count).total);
    });
  }

  it('finds the models of a checkpoint that holds two', async () => {
    const { models } = await read('two_models.pt');
    const found = Object.fromEntries(models.map((m) => [m.name, storedCount(m)]));
    assert.deepEqual(found, counts['two_models.pt']);
  });

  it('recovers kinds and sizes from names and shapes', async () => {
    const sizes = async (name: string) => {
      const [layer] = await recurrent(name);
      assert.ok(layer, name);
      const { kind, inputSize, hiddenSize, numLayers, directions, bias, projSize } = layer;
      return [
        kind,
        ...[inputSize, hiddenSize, numLayers, directions, bias, projSize ?? 0].map((d) => valueOf(d)),
      ];
    };
    assert.deepEqual(await sizes('lstm.pt'), ['lstm', 3, 4, 1, 1, 1, 0]);
    assert.deepEqual(await sizes('lstm_no_bias.pt'), ['lstm', 3, 4, 1, 1, 0, 0]);
    assert.deepEqual(await sizes('lstm_projected.pt'), ['lstm', 3, 6, 2, 2, 1, 2]);
    assert.deepEqual(await sizes('gru_stacked.pt'), ['gru', 3, 4, 3, 1, 1, 0]);
    assert.deepEqual(await sizes('gru_bidirectional.pt'), ['gru', 3, 4, 1, 2, 0, 0]);
    assert.deepEqual(await sizes('rnn.pt'), ['rnn', 3, 4, 1, 1, 1, 0]);
    assert.deepEqual(await sizes('lstm_cell.pt'), ['lstm-cell', 3, 4, 1, 1, 1, 0]);
    assert.deepEqual(await sizes('gru_cell_no_bias.pt'), ['gru-cell', 3, 4, 1, 1, 0, 0]);
    assert.deepEqual(await sizes('rnn_cell.pt'), ['rnn-cell', 3, 4, 1, 1, 1, 0]);
    assert.deepEqual(await sizes('one_unit.pt'), ['gru', 1, 1, 1, 1, 1, 0]);
    assert.deepEqual(await sizes('transposed.pt'), ['lstm', 3, 4, 1, 1, 1, 0]);
  });

  for (const name of ['net.pt', 'net_legacy.pth', 'torchscript.pt']) {
    it(`reads the layers of ${name}`, async () => {
      const { layers } = await readOne(name);
      const kinds = Object.fromEntries(layers.map((l) => [l.path, l.kind]));
      assert.equal(kinds['encoder'], 'lstm');
      assert.equal(kinds['decoder'], 'gru-cell');
      assert.equal(kinds['out'], 'dense');
      assert.equal(kinds['bn'], 'batch-norm');
      assert.equal(kinds['scale'], 'parameter');
    });
  }

  it('does not guess between a dense layer and an embedding', async () => {
    const { layers } = await readOne('net.pt');
    const embedding = layers.find((l) => l.path === 'embedding');
    assert.equal(embedding?.kind, 'parameter');
    assert.equal(embedding?.typeName, 'Linear or Embedding');
  });

  it('lists buffers without counting them', async () => {
    const { layers } = await readOne('net.pt');
    const norm = layers.find((l) => l.path === 'bn');
    assert.deepEqual(
      norm?.stored?.filter((t) => t.counted === false).map((t) => t.name),
      ['running_mean', 'running_var', 'num_batches_tracked'],
    );
    assert.equal(layers.find((l) => l.path === 'steps')?.kind, 'other');
  });

  it('ties tensors that share their storage', async () => {
    const { layers } = await readOne('tied.pt');
    assert.deepEqual(layers.find((l) => l.path === 'decoder')?.tied, {
      weight: { layer: 'encoder', tensor: 'weight' },
    });
  });

  it('knows classes and frozen weights of whole modules', async () => {
    const { layers } = await readOne('whole_module.pt');
    assert.deepEqual(
      layers.map((l) => [l.path, l.kind, l.typeName]),
      [
        ['0', 'embedding', 'Embedding'],
        ['1', 'lstm', 'LSTM'],
        ['2', 'dense', 'Linear'],
      ],
    );
    assert.equal((layers[1] as RecurrentLayer).batchFirst, true);
    for (const name of ['whole_module.pt', 'whole_module_legacy.pt']) {
      assert.equal(storedCount(await readOne(name), 'trainable'), (counts[name] as Count).trainable);
    }
  });

  for (const name of ['evil.pt', 'evil_legacy.pt']) {
    it(`warns of ${name} and runs nothing`, async () => {
      const { models, problems } = await read(name);
      assert.deepEqual(
        problems.map((p) => [p.code, p.message.args[0]]),
        [['dangerous-pickle', 'posix.system']],
      );
      assert.equal(storedCount(models[0]!), 48);
      assert.equal(existsSync('/tmp/rnn-lens-was-fooled'), false);
    });
  }

  it('says that a bare pickle is no checkpoint', async () => {
    const { models, problems } = await read('evil.pkl');
    assert.deepEqual([models.length, problems.map((p) => p.code)], [0, ['not-a-checkpoint']]);
  });

  for (const [name, { total }] of Object.entries(
    fixtureJson<Record<string, { total: number }>>('torch-script/counts.json'),
  )) {
    it(`${name}: counts no buffer, as PyTorch does`, async () => {
      const path = `torch-script/${name}`;
      const { models } = await readTorchCheckpoint(await fixture(path), contextFor(path));
      assert.equal(storedCount(models[0]!), total);
      const buffer = models[0]!.layers.find((l) => l.path.endsWith('basis'));
      assert.deepEqual(
        buffer?.stored?.map((t) => t.counted),
        [false],
      );
    });
  }
});
