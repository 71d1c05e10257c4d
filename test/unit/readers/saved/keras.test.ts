import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { costModel } from '../../../../src/cost';
import {
  DEFAULT_WORKLOAD,
  type Model,
  type RecurrentLayer,
  isRecurrent,
  valueOf,
} from '../../../../src/model';
import { readKerasArchive } from '../../../../src/readers/keras-saved/read-archive';
import { readKerasHdf5 } from '../../../../src/readers/keras-saved/read-hdf5';
import { readModelJson } from '../../../../src/readers/keras-saved/read-json';
import { loadTensor } from '../../../../src/readers/weights/load';
import { contextFor, fixture, fixtureJson, fixturePath, storedCount } from './support';

interface Count {
  readonly total: number;
  readonly trainable?: number;
  readonly layers?: Record<string, number>;
}

function readerOf(name: string) {
  return name.endsWith('.keras') ? readKerasArchive : name.endsWith('.json') ? readModelJson : readKerasHdf5;
}

async function read(path: string): Promise<Model> {
  const { models, problems } = await readerOf(path)(await fixture(path), contextFor(path));
  assert.deepEqual(problems, []);
  assert.equal(models.length, 1);
  return models[0]!;
}

function costs(model: Model) {
  const { params } = costModel(model, DEFAULT_WORKLOAD);
  return { total: valueOf(params!.total), trainable: valueOf(params!.trainable) };
}

function costsOfLayer(model: Model, name: string): number {
  const { layers } = costModel(model, DEFAULT_WORKLOAD);
  const own = layers.filter(({ layer }) => layer.path === name || layer.path.startsWith(`${name}.`));
  return own.reduce((sum, l) => sum + valueOf(l.params!.total)!, 0);
}

for (const folder of ['keras', 'tfjs']) {
  const counts = fixtureJson<Record<string, Count>>(`${folder}/counts.json`);
  const values = fixtureJson<Record<string, { tensor: string; values: number[] }>>(`${folder}/values.json`);

  describe(`Saved ${folder} models`, () => {
    for (const [name, says] of Object.entries(counts)) {
      it(`counts ${name} as the framework does`, async () => {
        const model = await read(`${folder}/${name}`);
        assert.equal(costs(model).total, says.total);
        if (says.trainable !== undefined) assert.equal(costs(model).trainable, says.trainable);
        for (const [layer, count] of Object.entries(says.layers ?? {})) {
          assert.equal(costsOfLayer(model, layer), count, layer);
        }
      });

      if (folder === 'keras' && name.endsWith('.json')) continue;
      it(`finds every weight of ${name} in the file`, async () => {
        assert.equal(storedCount(await read(`${folder}/${name}`)), says.total);
      });
    }

    for (const [name, { tensor, values: expected }] of Object.entries(values)) {
      it(`loads ${tensor} of ${name}`, async () => {
        const model = await read(`${folder}/${name}`);
        const stored = model.layers.find(isRecurrent)!.stored!.find((t) => t.name === tensor)!;
        const file = stored.bytes!.file;
        const source = await fixture(file.startsWith(`${folder}/`) ? file : `${folder}/${file}`);
        assert.deepEqual([...(await loadTensor(source, stored))], expected);
      });
    }
  });
}

describe('Keras files', () => {
  it('say where in the text each layer stands', async () => {
    const model = await read('keras/two_of_a_kind.json');
    const text = readFileSync(fixturePath('keras/two_of_a_kind.json'), 'utf8');
    const lstm = model.layers.find((l) => l.path === 'second')!;
    const { start, end } = lstm.source.range!;
    const part = JSON.parse(text.split('\n')[start.line]!.slice(start.character, end.character)) as {
      config: { name: string };
    };
    assert.equal(part.config.name, 'second');
  });

  it('give the same layers in each format', async () => {
    const layers = async (ext: string) =>
      (await read(`keras/functional.${ext}`)).layers
        .filter(isRecurrent)
        .map((l: RecurrentLayer) => [
          l.path,
          l.kind,
          valueOf(l.inputSize),
          valueOf(l.hiddenSize),
          valueOf(l.directions),
        ]);
    const expected = [
      ['both', 'gru', 5, 4, 2],
      ['bidirectional', 'lstm', 8, 3, 2],
      ['stack.lstm_cell', 'lstm', 6, 4, 1],
      ['stack.gru_cell', 'gru', 4, 2, 1],
    ];
    for (const ext of ['json', 'h5', 'keras']) assert.deepEqual(await layers(ext), expected);
  });

  it('name tensors by part and direction', async () => {
    for (const ext of ['h5', 'keras']) {
      const both = (await read(`keras/functional.${ext}`)).layers.find((l) => l.path === 'both')!;
      assert.deepEqual(
        both.stored!.map((t) => [t.name, t.shape]),
        [
          ['forward/kernel', [5, 12]],
          ['forward/recurrent_kernel', [4, 12]],
          ['forward/bias', [2, 12]],
          ['backward/kernel', [5, 12]],
          ['backward/recurrent_kernel', [4, 12]],
          ['backward/bias', [2, 12]],
        ],
      );
    }
  });

  it('recover recurrent layers from weights alone', async () => {
    const { layers } = await read('keras/two_of_a_kind.weights.h5');
    const sizes = layers
      .filter(isRecurrent)
      .map((l) => [l.kind, valueOf(l.inputSize), valueOf(l.hiddenSize)]);
    assert.deepEqual(sizes, [
      ['lstm', 3, 4],
      ['lstm', 4, 2],
    ]);
  });

  it('keep the old bias of a GRU with the reset before the product', async () => {
    const gru = (await read('keras/gru_reset_before.keras')).layers.find(isRecurrent)!;
    assert.equal(valueOf(gru.resetAfter!), 0);
  });
});
