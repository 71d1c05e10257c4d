import assert from 'node:assert/strict';
import * as tf from '@tensorflow/tfjs';
import { costLayer } from '../../../src/cost';
import { DEFAULT_WORKLOAD, valueOf } from '../../../src/model';
import { type GoldenRow, layerOf } from '../../golden/layers/rows';

type Config = GoldenRow['config'];

/** Small deterministic draws (mulberry32), so that every run asks for the same layers. */
function draws(seed: number): (top: number) => number {
  let state = seed;
  return (top) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return 1 + (((t ^ (t >>> 14)) >>> 0) % top);
  };
}

const RECURRENT = { rnn: tf.layers.simpleRNN, lstm: tf.layers.lstm, gru: tf.layers.gru };
const CELLS = {
  'rnn-cell': tf.layers.simpleRNNCell,
  'lstm-cell': tf.layers.lstmCell,
  'gru-cell': tf.layers.gruCell,
};
const MERGES = ['concat', 'sum', 'mul', 'ave'] as const;

function* configs(): Generator<Config> {
  const draw = draws(7);
  for (const kind of Object.keys(RECURRENT)) {
    for (let i = 0; i < 24; i++) {
      const two = i % 3 === 0;
      yield {
        kind,
        inputSize: draw(20),
        hiddenSize: draw(20),
        bias: draw(2) - 1,
        directions: two ? 2 : 1,
        ...(two ? { mergeMode: MERGES[draw(4) - 1] } : {}),
      };
    }
    yield { kind, inputSize: draw(9), hiddenSize: draw(9), bias: 1, numLayers: 3 };
  }
  for (const kind of Object.keys(CELLS)) {
    for (let i = 0; i < 6; i++) yield { kind, inputSize: draw(20), hiddenSize: draw(20), bias: i % 2 };
  }
  for (let i = 0; i < 6; i++) {
    yield { kind: 'dense', inputSize: draw(20), outputSize: draw(20), bias: i % 2 };
    yield { kind: 'embedding', vocabularySize: draw(99), embeddingSize: draw(20) };
    yield { kind: 'batch-norm', features: draw(20), scale: i % 2, offset: draw(2) - 1 };
    yield { kind: 'layer-norm', features: draw(20), scale: i % 2, offset: draw(2) - 1 };
    const conv = {
      inputChannels: draw(6),
      outputChannels: draw(6),
      kernelSize: [draw(4), draw(4)],
      stride: [1, 1],
      padding: 'same',
      dilation: [1, 1],
      groups: 1,
      channelsFirst: false,
      bias: i % 2,
    };
    yield { kind: 'conv', ...conv };
    yield { kind: 'conv-transpose', ...conv };
    yield { kind: 'separable-conv', ...conv, depthMultiplier: draw(3) };
    const multiplier = draw(3);
    yield {
      kind: 'depthwise-conv',
      ...conv,
      depthMultiplier: multiplier,
      outputChannels: conv.inputChannels * multiplier,
    };
    yield {
      kind: 'conv-lstm',
      inputChannels: draw(4),
      filters: draw(4),
      kernelSize: [draw(3), draw(3)],
      bias: i % 2,
    };
  }
}

/** A model of nothing but the layer, so that tf.js builds its weights. */
function modelOf(c: Config): tf.LayersModel {
  const n = (key: string) => c[key] as number;
  const flag = (key: string) => c[key] === 1;
  const build = (inputShape: (number | null)[], layer: tf.layers.Layer) => {
    const input = tf.input({ shape: inputShape });
    return tf.model({ inputs: input, outputs: layer.apply(input) as tf.SymbolicTensor });
  };
  const recurrent = { units: n('hiddenSize'), useBias: flag('bias') };
  const kernelSize = c.kernelSize as [number, number];
  const conv = { kernelSize, useBias: flag('bias'), padding: 'same' as const };
  const filters = n('outputChannels');
  const image = [9, 9, n('inputChannels')];
  switch (c.kind) {
    case 'rnn':
    case 'lstm':
    case 'gru': {
      const shape = [5, n('inputSize')];
      if (c.numLayers !== undefined) {
        const make = CELLS[`${c.kind}-cell`];
        const cell = Array.from({ length: n('numLayers') }, () => make(recurrent));
        return build(shape, tf.layers.rnn({ cell } as Parameters<typeof tf.layers.rnn>[0]));
      }
      const layer = RECURRENT[c.kind](recurrent) as tf.RNN;
      if (c.directions !== 2) return build(shape, layer);
      const mergeMode = c.mergeMode as (typeof MERGES)[number];
      return build(shape, tf.layers.bidirectional({ layer, mergeMode }));
    }
    case 'rnn-cell':
    case 'lstm-cell':
    case 'gru-cell': {
      const cell = CELLS[c.kind](recurrent);
      return build([5, n('inputSize')], tf.layers.rnn({ cell }));
    }
    case 'dense':
      return build([n('inputSize')], tf.layers.dense({ units: n('outputSize'), useBias: flag('bias') }));
    case 'embedding':
      return build(
        [3],
        tf.layers.embedding({ inputDim: n('vocabularySize'), outputDim: n('embeddingSize') }),
      );
    case 'batch-norm':
      return build(
        [n('features')],
        tf.layers.batchNormalization({ scale: flag('scale'), center: flag('offset') }),
      );
    case 'layer-norm':
      return build(
        [n('features')],
        tf.layers.layerNormalization({ scale: flag('scale'), center: flag('offset') }),
      );
    case 'conv':
      return build(image, tf.layers.conv2d({ ...conv, filters }));
    case 'conv-transpose':
      return build(image, tf.layers.conv2dTranspose({ ...conv, filters }));
    case 'separable-conv':
      return build(
        image,
        tf.layers.separableConv2d({ ...conv, filters, depthMultiplier: n('depthMultiplier') }),
      );
    case 'depthwise-conv':
      return build(image, tf.layers.depthwiseConv2d({ ...conv, depthMultiplier: n('depthMultiplier') }));
    case 'conv-lstm':
      return build(
        [3, ...image],
        tf.layers.convLstm2d({ filters: n('filters'), kernelSize, useBias: flag('bias') }),
      );
    default:
      throw new Error(c.kind);
  }
}

/** `bidirectional_1/forward_lstm_LSTM1/kernel` → `forward/kernel`; a stack's cells follow one another. */
function shortName(originalName: string, c: Config, index: number): string {
  const parts = originalName.split('/');
  const name = parts.at(-1)!;
  if (c.directions === 2) return `${parts.at(-2)!.startsWith('forward') ? 'forward' : 'backward'}/${name}`;
  return c.numLayers === undefined ? name : `cell_${Math.floor(index / 3)}/${name}`;
}

describe('golden: tf.js asked in the test itself', () => {
  const all = [...configs()];

  // Another test may have loaded a backend that is faster, and not ready.
  before(() => tf.setBackend('cpu'));

  it('asks for over a hundred layers', () => assert.ok(all.length > 100, String(all.length)));

  it('per tensor and in total, equal to the integer', () => {
    for (const config of all) {
      const label = JSON.stringify(config);
      const model = modelOf(config);
      const cost = costLayer(layerOf('tfjs', config), DEFAULT_WORKLOAD);
      const theirs = model.weights.map((w, i) => [shortName(w.originalName, config, i), w.shape] as const);
      const ours = cost.tensors!.map((t) => [t.name, t.shape.map((d) => valueOf(d))] as const);
      assert.deepEqual(ours.toSorted(byName), theirs.toSorted(byName), label);
      assert.equal(valueOf(cost.params!.total), model.countParams(), label);
      const trainable = model.trainableWeights.reduce(
        (sum, w) => sum + w.shape.reduce<number>((product, d) => product * d!, 1),
        0,
      );
      assert.equal(valueOf(cost.params!.trainable), trainable, label);
      model.dispose();
      tf.disposeVariables();
    }
  });
});

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}
