import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { costModel } from '../../../../src/cost';
import { DEFAULT_WORKLOAD, type Model, formatDim, formatMessage, valueOf } from '../../../../src/model';
import { readPython } from '../../../../src/readers/python';

interface Printed {
  readonly variable: string;
  readonly class: string;
  readonly built: boolean;
  readonly total: number | null;
  readonly trainable: number | null;
}

const golden = JSON.parse(readFileSync('test/golden/python_keras.json', 'utf8')) as {
  files: Readonly<Record<string, readonly Printed[]>>;
};
/** Models that a wrapper holds: shown in the model around them. */
const SHOWN_INSIDE: ReadonlySet<string> = new Set(['frame_model']);
const NOTHING = { assumptions: new Map() };

function read(text: string, file = 'model.py'): readonly Model[] {
  return readPython({ file, text }, NOTHING).models;
}

function total(model: Model | undefined): number | string | undefined {
  const params = model && costModel(model, DEFAULT_WORKLOAD).params;
  return params && (valueOf(params.total) ?? formatDim(params.total));
}

describe('Keras in Python source against what Keras counted', () => {
  for (const [file, printed] of Object.entries(golden.files)) {
    const built = printed.filter((p) => p.built);
    it(`${file}: ${built.map((p) => p.variable).join(', ')}`, () => {
      const { models, problems } = readPython({ file, text: readFileSync(file, 'utf8') }, NOTHING);
      assert.deepEqual(
        problems.map((p) => formatMessage(p.message)),
        [],
      );
      assert.ok(built.length > 0);
      for (const p of built) {
        const ours = models.find((m) => m.name === p.variable || m.name === p.class);
        if (SHOWN_INSIDE.has(p.variable)) continue;
        const params = ours && costModel(ours, DEFAULT_WORKLOAD).params;
        assert.equal(params && valueOf(params.total), p.total, p.variable);
        assert.equal(params && valueOf(params.trainable), p.trainable, `${p.variable}, trainable`);
        assert.deepEqual(
          ours?.unknowns.filter((u) => !/axis\d$/.test(u.name)),
          [],
        );
      }
    });
  }
});

describe('Keras in Python source: what cannot be known', () => {
  const head = 'import keras\nfrom keras import layers\n';

  it('an embedding whose size comes from data is a formula in a named unknown, and can be assumed', () => {
    const text = `${head}vocab = load()\nmodel = keras.Sequential([keras.Input((None,)), layers.Embedding(len(vocab), 8), layers.LSTM(4)])\n`;
    const [model] = read(text);
    const name = model!.unknowns.map((u) => u.name).join();
    assert.equal(total(model), `8·(${name} + 26)`);
    const assumed = readPython(
      { file: 'm.py', text },
      { assumptions: new Map([[name, { name, value: 100, from: 'argument' as const }]]) },
    ).models[0];
    assert.equal(total(assumed), 800 + 4 * 4 * (8 + 4 + 1));
  });

  it('a layer of somebody else’s is unknown, and so is the total', () => {
    const [model] = read(
      `${head}from other import CRF\nx = i = keras.Input((5, 3))\nx = layers.LSTM(4)(x)\nx = CRF(3)(x)\nmodel = keras.Model(i, layers.Dense(2)(x))\n`,
    );
    assert.equal(total(model), undefined);
    assert.ok(model!.layers.some((l) => l.kind === 'unknown'));
    assert.ok(model!.layers.some((l) => l.kind === 'lstm'));
  });

  it('a size that Keras refuses is unknown, and so is the total', () => {
    for (const [layer, reason] of [
      ['LSTM(0)', '`units` of `LSTM` is 0 here; `LSTM` takes no size below 1.'],
      ['Dense(-3)', '`units` of `Dense` is -3 here; `Dense` takes no size below 1.'],
    ]) {
      const [model] = read(
        `from keras import Input, Sequential, layers\nm = Sequential([Input((5, 3)), layers.${layer}])\n`,
      );
      assert.notEqual(typeof total(model), 'number');
      assert.deepEqual(
        model?.unknowns.map((u) => formatMessage(u.reason)),
        [reason],
      );
    }
  });

  it('layers in a loop of unknown length never give a number', () => {
    const [functional] = read(
      `${head}def build(n):\n  x = i = keras.Input((5, 3))\n  for _ in range(n):\n    x = layers.LSTM(4, return_sequences=True)(x)\n  return keras.Model(i, layers.Dense(2)(x))\n`,
    );
    assert.equal(total(functional), undefined);
    const [sequential] = read(
      `${head}def build(n):\n  m = keras.Sequential([keras.Input((5, 3))])\n  for _ in range(n):\n    m.add(layers.LSTM(4, return_sequences=True))\n  m.add(layers.Dense(1))\n  return m\n`,
    );
    assert.equal(total(sequential), undefined);
  });

  it('a cell chosen by an argument is unknown until it is assumed', () => {
    const text = `${head}def build(kind):\n  m = keras.Sequential([keras.Input((5, 3))])\n  if kind == "lstm":\n    m.add(layers.LSTM(4))\n  else:\n    m.add(layers.GRU(4))\n  m.add(layers.Dense(1))\n  return m\n`;
    const [model] = read(text);
    assert.equal(total(model), undefined);
    assert.ok(model!.unknowns.some((u) => u.name === 'kind'));
    const given = new Map([['kind', { name: 'kind', value: 'lstm', from: 'argument' as const }]]);
    assert.equal(
      total(readPython({ file: 'm.py', text }, { assumptions: given }).models[0]),
      4 * 4 * (3 + 4 + 1) + 5,
    );
  });

  it('a cell that is run by an RNN and called by hand counts once', () => {
    const [model] = read(
      `${head}class Feedback(keras.Model):\n  def __init__(self):\n    super().__init__()\n    self.cell = layers.LSTMCell(4)\n    self.warm = layers.RNN(self.cell, return_state=True)\n  def call(self, x):\n    y, *state = self.warm(x)\n    y, state = self.cell(y, states=state)\n    return y\nmodel = Feedback()\nmodel.build((None, 6, 4))\n`,
    );
    assert.equal(total(model), 4 * 4 * (4 + 4 + 1));
  });

  it('old standalone Keras applies the reset gate first', () => {
    const body = 'model = Sequential()\nmodel.add(GRU(5, input_shape=(None, 4)))\n';
    const [old] = read(
      `from keras.models import Sequential\nfrom keras.layers.recurrent import GRU\n${body}`,
    );
    assert.equal(old!.framework, 'keras2');
    assert.equal(total(old), 150);
    const [now] = read(`from keras.models import Sequential\nfrom keras.layers import GRU\n${body}`);
    assert.equal(total(now), 165);
  });

  it('half-typed files end, throw nothing, and keep the models before the cursor', () => {
    const text = readFileSync('test/fixtures/python-keras/imports.py', 'utf8');
    for (let end = 0; end <= text.length; end += 7) {
      const { models, problems } = readPython({ file: 'm.py', text: text.slice(0, end) }, NOTHING);
      assert.ok(!problems.some((p) => p.code === 'python-internal'), `at ${end}`);
      if (end > text.indexOf('\nb = '))
        assert.equal(total(models.find((m) => m.name === 'a')), 252, `at ${end}`);
    }
  });
});
