import assert from 'node:assert/strict';
import { matchWeights } from '../../../src/compare/match-weights';
import { storedDisagreements } from '../../../src/compare/stored-agreement';
import {
  type DimLike,
  type Layer,
  type Model,
  constant,
  formatMessage,
  mul,
  symbol,
} from '../../../src/model';
import { readSavedModel } from '../../../src/readers/registry';
import { contextFor, fixture } from '../readers/saved/support';

async function read(path: string): Promise<Model> {
  return (await readSavedModel(await fixture(path), contextFor(path))).models[0]!;
}

/** The source of the two layers of `two_of_a_kind` as a PyTorch-like source reader would give it. */
function source(layers: readonly Layer[]): Model {
  return {
    name: 'M',
    framework: 'pytorch',
    source: { file: 'm.py' },
    form: 'class',
    layers,
    unknowns: [],
    assumed: [],
  };
}

const one = constant(1);
const dim = (d: DimLike) => (typeof d === 'object' ? d : constant(d));

function lstm(path: string, input: DimLike, hidden: DimLike, bias = 1): Layer {
  return {
    kind: 'lstm',
    path,
    typeName: 'LSTM',
    framework: 'pytorch',
    source: { file: 'm.py' },
    inputSize: dim(input),
    hiddenSize: dim(hidden),
    numLayers: one,
    directions: one,
    bias: constant(bias),
  };
}

describe('Do weights and source describe the same model?', () => {
  for (const [config, weights] of [
    ['functional.json', 'functional.keras'],
    ['functional.json', 'functional.h5'],
    ['nested.json', 'nested.keras'],
  ]) {
    it(`${config} and ${weights}: yes`, async () => {
      const match = matchWeights(await read(`keras/${config}`), await read(`keras/${weights}`));
      assert.deepEqual(
        match.differences.map((m) => formatMessage(m)),
        [],
      );
      assert.equal(match.same, true);
    });
  }

  it('no, when a size differs', async () => {
    const match = matchWeights(source([lstm('LSTM', 3, 5)]), await read('torch/lstm.pt'));
    assert.equal(match.same, false);
    assert.match(formatMessage(match.differences[0]!), /^LSTM has tensors \[20, 3\].* and \[16, 3\]/);
  });

  it('no, when a bias is missing', async () => {
    assert.equal(matchWeights(source([lstm('LSTM', 3, 4)]), await read('torch/lstm_no_bias.pt')).same, false);
    assert.equal(
      matchWeights(source([lstm('LSTM', 3, 4, 0)]), await read('torch/lstm_no_bias.pt')).same,
      true,
    );
  });

  it('no, when a layer is on one side only', async () => {
    const saved = await read('safetensors/net.safetensors');
    const { differences } = matchWeights(source([lstm('rnn', 5, 6), lstm('extra', 6, 6)]), saved);
    const texts = differences.map((m) => formatMessage(m));
    assert.ok(texts.includes('extra is in the source but not in the weights.'));
    assert.ok(texts.includes('out is in the weights but not in the source.'));
  });

  it('settles open sizes, and holds them to it', async () => {
    const [i, h] = [symbol('inputs'), symbol('hidden')];
    const saved = await read('torch/lstm.pt');
    const match = matchWeights(source([lstm('LSTM', i, h)]), saved);
    assert.equal(match.same, true);
    assert.deepEqual([...match.settled].sort(), [
      ['hidden', 4],
      ['inputs', 3],
    ]);
    assert.equal(matchWeights(source([lstm('LSTM', h, h)]), saved).same, false);
    assert.equal(matchWeights(source([lstm('LSTM', 3, mul(3, h))]), saved).same, false);
  });

  it('passes over a prefix that all paths have', async () => {
    const match = matchWeights(source([lstm('rnn', 3, 4)]), {
      ...(await read('torch/lstm.pt')),
      layers: [{ ...(await read('torch/lstm.pt')).layers[0]!, path: 'module.rnn' }],
    });
    assert.equal(match.same, true);
  });
});

describe('Does a file agree with itself?', () => {
  it('says which layer contradicts its configuration', async () => {
    const model = await read('keras/lstm.keras');
    assert.deepEqual(storedDisagreements(model), []);
    const layers = model.layers.map((l) =>
      l.stored ? { ...l, stored: l.stored.map((t, i) => (i === 0 ? { ...t, shape: [9, 16] } : t)) } : l,
    );
    assert.deepEqual(
      storedDisagreements({ ...model, layers }).map((p) => p.code),
      ['weights-disagree'],
    );
  });
});
