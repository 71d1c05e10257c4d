import assert from 'node:assert/strict';
import { costLayer, costModel } from '../../../src/cost';
import {
  type DenseLayer,
  type EmbeddingLayer,
  type Layer,
  type Model,
  type Shape,
  type StoredTensor,
  BATCH,
  DEFAULT_WORKLOAD,
  SEQ_LEN,
  constant,
  equalDims,
  formatDim,
  formatMessage,
  message,
  mul,
  symbol,
  valueOf,
} from '../../../src/model';
import { base, dim, recurrent } from './layers';

const workload = { ...DEFAULT_WORKLOAD, seqLen: 7, batch: 2 };

function model(...layers: Layer[]): Model {
  return {
    name: 'Net',
    framework: 'pytorch',
    source: { file: 'net.py' },
    form: 'class',
    layers,
    unknowns: [],
    assumed: [],
  };
}

function linear(path: string, i: number, o: number, more: Partial<DenseLayer> = {}): DenseLayer {
  const shape: Shape = [SEQ_LEN, BATCH, constant(i)];
  return {
    ...base(path, 'Linear'),
    kind: 'dense',
    inputSize: constant(i),
    outputSize: constant(o),
    bias: constant(1),
    calls: [{ inputs: [shape], times: constant(1) }],
    ...more,
  };
}

function embedding(words: number, size: number): EmbeddingLayer {
  return {
    ...base('encoder', 'Embedding'),
    kind: 'embedding',
    vocabularySize: constant(words),
    embeddingSize: constant(size),
  };
}

function stored(name: string, shape: readonly number[], trainable = true): StoredTensor {
  return { name, shape, dtype: 'float32', trainable };
}

describe('cost of a model', () => {
  it('is the sum of its layers', () => {
    const cost = costModel(
      model(embedding(100, 8), recurrent({ inputSize: 8, hiddenSize: 8 }), linear('out', 8, 100)),
      workload,
    );
    assert.equal(valueOf(cost.params!.total), 800 + 4 * 8 * 18 + 900);
    assert.equal(valueOf(cost.forward!.macs), 14 * (4 * 8 * 16 + 800));
    assert.equal(valueOf(cost.training!.macs), 3 * valueOf(cost.forward!.macs)!);
    assert.equal(valueOf(cost.memory!.weights), 4 * valueOf(cost.params!.total)!);
    assert.deepEqual(cost.unknown, []);
  });

  it('word language model, WikiText-2 sizes: 13,987,678', () => {
    const lstm = recurrent({ inputSize: 200, hiddenSize: 200, numLayers: 2 });
    const cost = costModel(model(embedding(33_278, 200), lstm, linear('decoder', 200, 33_278)), workload);
    assert.equal(valueOf(cost.params!.total), 13_987_678);
  });

  it('has no total when one layer cannot be read, and says why', () => {
    const unread: Layer = {
      ...base('odd', 'Odd'),
      kind: 'unknown',
      reason: message('custom'),
      dependsOn: [],
    };
    const cost = costModel(model(linear('a', 3, 4), unread), workload);
    assert.equal(cost.params, undefined);
    assert.equal(cost.forward, undefined);
    assert.equal(cost.memory, undefined);
    assert.deepEqual(cost.unknown, [message('custom')]);
  });

  it('keeps the parameters when only the work is unknown', () => {
    const unseen: Record<string, unknown> = { ...linear('a', 3, 4) };
    delete unseen.calls;
    const cost = costModel(model(unseen as unknown as Layer), workload);
    assert.equal(valueOf(cost.params!.total), 16);
    assert.equal(cost.forward, undefined);
    assert.equal(cost.unknown.length, 1);
  });

  it('gives one simplified formula for unknown sizes, equal however a size is written', () => {
    const lstm = recurrent({ inputSize: symbol('ninp'), hiddenSize: symbol('nhid') });
    assert.equal(costModel(model(lstm), workload).formula, '4·nhid·(ninp + nhid + 2)');
    const half = symbol('half');
    const one = costLayer(recurrent({ hiddenSize: mul(2, half) }), workload);
    const two = costLayer(recurrent({ hiddenSize: mul(half, 2) }), workload);
    assert.ok(equalDims(one.params!.total, two.params!.total));
  });
});

describe('tensors that are shared, re-parametrised, copied or stored', () => {
  it('tied weights count once, and still work', () => {
    const tied = linear('decoder', 8, 100, { tied: { weight: { layer: 'encoder', tensor: 'weight' } } });
    const cost = costModel(model(embedding(100, 8), tied), workload);
    assert.equal(valueOf(cost.params!.total), 800 + 100);
    assert.equal(valueOf(cost.forward!.macs), 14 * 800);
    assert.equal(costLayer(tied, workload).formula!.filled, '100');
  });

  it('a tied tensor that the layer does not have makes its count unknown', () => {
    const odd = linear('decoder', 8, 100, { tied: { kernel: { layer: 'encoder', tensor: 'weight' } } });
    const cost = costLayer(odd, workload);
    assert.equal(cost.params, undefined);
    assert.deepEqual(
      cost.unknown.map((m) => formatMessage(m)),
      ['kernel is tied or re-parametrised in decoder, but is not among its known tensors.'],
    );
  });

  it('n copies count and work n times, known or not', () => {
    const three = costLayer(linear('blocks', 8, 8, { repeat: constant(3) }), workload);
    assert.equal(valueOf(three.params!.total), 3 * 72);
    assert.equal(valueOf(three.forward!.macs), 3 * 14 * 64);
    const n = costLayer(linear('blocks', 8, 8, { repeat: symbol('depth') }), workload);
    assert.equal(formatDim(n.params!.total), '72·depth');
    assert.equal(formatDim(n.forward!.macs), '896·depth');
    assert.equal(
      valueOf(costLayer(linear('blocks', 8, 8, { repeat: constant(0) }), workload).params!.total),
      0,
    );
  });

  it('a frozen layer or tensor is in the total and does not train', () => {
    assert.equal(valueOf(costLayer(linear('a', 3, 4, { frozen: true }), workload).params!.trainable), 0);
    const part = costLayer(linear('a', 3, 4, { frozen: ['weight'] }), workload).params!;
    assert.deepEqual([valueOf(part.trainable), valueOf(part.nonTrainable)], [4, 12]);
  });

  it('stored tensors are the count, not the formula', () => {
    const file = [stored('weight', [4, 3]), stored('bias', [4]), stored('extra', [5])];
    const cost = costLayer(linear('a', 3, 4, { stored: file }), workload);
    assert.equal(valueOf(cost.params!.total), 12 + 4 + 5);
    assert.equal(valueOf(cost.params!.biases), 4);
    assert.equal(cost.formula!.filled, '4·3 + 4 + 5');
  });

  it('stored statistics count in Keras, not in PyTorch', () => {
    const norm = (framework: 'keras' | 'pytorch', names: readonly string[]): Layer => ({
      ...base('bn', 'BatchNorm'),
      framework,
      kind: 'batch-norm',
      features: constant(8),
      scale: constant(1),
      offset: constant(1),
      stored: names.map((name, i) => stored(name, [8], i < 2)),
    });
    const keras = costLayer(norm('keras', ['gamma', 'beta', 'moving_mean', 'moving_variance']), workload);
    assert.deepEqual([valueOf(keras.params!.total), valueOf(keras.params!.trainable)], [32, 16]);
    const mixed = norm('pytorch', ['weight', 'bias', 'running_mean', 'running_var']);
    const torch = costLayer({ ...mixed, stored: [...mixed.stored!].reverse() }, workload);
    assert.deepEqual([valueOf(torch.params!.total), valueOf(torch.params!.trainable)], [16, 16]);
  });

  it('gates of stored tensors are those of the layer', () => {
    const names = [
      stored('weight_ih_l0', [80, 10]),
      stored('weight_hh_l0', [80, 20]),
      stored('bias_ih_l0', [80]),
      stored('bias_hh_l0', [80]),
    ];
    const cost = costLayer(recurrent({ inputSize: 10, hiddenSize: 20, stored: names }), workload);
    assert.deepEqual(
      cost.byGate!.map((g) => [g.gate, valueOf(g.params)]),
      [
        ['input', 640],
        ['forget', 640],
        ['cell', 640],
        ['output', 640],
      ],
    );
  });

  it('a stack of a million layers is described, not listed', () => {
    const deep = costLayer(recurrent({ numLayers: 1_000_000 }), workload);
    assert.ok(deep.tensors!.length < 20);
    assert.equal(valueOf(deep.params!.total), 99_328 + 999_999 * 4 * 128 * 258);
  });

  it('a projection that may or may not be there', () => {
    const open = costLayer(recurrent({ projSize: symbol('p') }), workload).params!.total;
    assert.match(formatDim(open), /min\(1, p\)/);
    assert.equal(valueOf(dim(costLayer(recurrent({ projSize: 0 }), workload).params!.total)), 99_328);
  });
});
