import assert from 'node:assert/strict';
import { costLayer } from '../../../src/cost';
import {
  type DimLike,
  type Framework,
  type Layer,
  type LayerCall,
  type Shape,
  BATCH,
  DEFAULT_WORKLOAD,
  SEQ_LEN,
  constant,
  formatDim,
  formatMessage,
  message,
  symbol,
  valueOf,
} from '../../../src/model';
import { base, dim, dims, recurrent } from './layers';

const workload = { ...DEFAULT_WORKLOAD, seqLen: 50, batch: 4 };

/** A layer from its own fields; numbers become sizes. */
function layer(kind: Layer['kind'], fields: Record<string, unknown>, calls?: readonly LayerCall[]): Layer {
  const sized = Object.entries(fields).map(([key, value]) => [
    key,
    typeof value === 'number'
      ? constant(value)
      : Array.isArray(value)
        ? value.map((v) => dim(v as DimLike))
        : value,
  ]);
  return { ...base('layer', kind), kind, ...Object.fromEntries(sized), ...(calls ? { calls } : {}) } as Layer;
}

function on(...inputs: readonly (Shape | undefined)[]): LayerCall {
  return { inputs, times: constant(1) };
}

function work(l: Layer) {
  const { forward } = costLayer(l, workload);
  assert.ok(forward, 'forward is known');
  const ops = Object.entries(forward.flops.pointwiseByOp).map(([op, n]) => [op, valueOf(n)]);
  return {
    macs: valueOf(forward.macs),
    products: valueOf(forward.flops.products),
    bias: valueOf(forward.flops.bias),
    ops: Object.fromEntries(ops) as Record<string, number>,
  };
}

describe('work of the layers around recurrent ones', () => {
  it('a dense layer works at every position of its input', () => {
    const dense = { inputSize: 20, outputSize: 7, bias: 1 };
    assert.deepEqual(work(layer('dense', dense, [on(dims(4, 50, 20))])), {
      macs: 4 * 50 * 20 * 7,
      products: 2 * 4 * 50 * 20 * 7,
      bias: 4 * 50 * 7,
      ops: {},
    });
    const softmax = work(layer('dense', { ...dense, activation: 'softmax' }, [on(dims(4, 20))]));
    assert.deepEqual(softmax.ops, { exp: 28, add: 28, div: 28 });
  });

  it('assumed T and B in a shape are the workload’s', () => {
    const dense = layer('dense', { inputSize: 20, outputSize: 7, bias: 0 }, [
      on([BATCH, SEQ_LEN, constant(20)]),
    ]);
    assert.equal(work(dense).macs, 4 * 50 * 20 * 7);
  });

  it('another unknown in a shape stays in the formula', () => {
    const dense = layer('dense', { inputSize: 2, outputSize: 3, bias: 0 }, [
      on([BATCH, symbol('width'), constant(2)]),
    ]);
    assert.equal(formatDim(costLayer(dense, workload).forward!.macs), '24·width');
  });

  it('two uses of one layer cost twice and count once', () => {
    const shared = layer('dense', { inputSize: 20, outputSize: 7, bias: 1 }, [
      on(dims(4, 20)),
      on(dims(4, 20)),
    ]);
    assert.equal(work(shared).macs, 2 * 4 * 20 * 7);
    assert.equal(valueOf(costLayer(shared, workload).params!.total), 147);
  });

  it('a bilinear layer multiplies two inputs', () => {
    const bilinear = layer('dense', { inputSize: 3, secondInputSize: 5, outputSize: 2, bias: 1 }, [
      on(dims(4, 3)),
    ]);
    assert.equal(work(bilinear).macs, 4 * 3 * 5 * 2);
  });

  it('an embedding looks up: no products, whatever goes in', () => {
    const embedding = layer('embedding', { vocabularySize: 1000, embeddingSize: 64 });
    assert.equal(work(embedding).macs, 0);
    assert.equal(valueOf(costLayer(embedding, workload).forward!.flops.total), 0);
  });

  it('norms are elementwise, by kind', () => {
    const norm = { features: 8, scale: 1, offset: 1 };
    const of = (kind: Layer['kind']) => work(layer(kind, norm, [on(dims(4, 8))])).ops;
    assert.deepEqual(of('batch-norm'), { sub: 32, mul: 64, add: 32 });
    assert.deepEqual(of('layer-norm'), { sub: 32, mul: 96, add: 96 });
    assert.deepEqual(of('rms-norm'), { mul: 96, add: 64 });
  });

  it('activation and merge layers cost one operation per value', () => {
    assert.deepEqual(work(layer('activation', { op: 'relu' }, [on(dims(4, 8))])).ops, { relu: 32 });
    const two = dims(4, 8);
    assert.deepEqual(work(layer('merge', { op: 'add' }, [on(two, two, two)])).ops, { add: 64 });
    assert.deepEqual(work(layer('merge', { op: 'average' }, [on(two, two)])).ops, { add: 32, div: 32 });
    assert.deepEqual(work(layer('merge', { op: 'concat' }, [on(two, two)])).ops, {});
  });

  it('Dot multiplies activations: FLOPs, no weight MACs; the axes are seen from the shapes', () => {
    const [query, value] = [dims(3, 10, 8), dims(3, 12, 8)];
    const dot = (...shapes: readonly Shape[]) => {
      const [a, b, output] = shapes;
      return layer('merge', { op: 'dot' }, [{ ...on(a, b), output: output! }]);
    };
    const scores = work(dot(query, value, dims(3, 10, 12)));
    assert.deepEqual([scores.macs, scores.products], [0, 2 * 3 * 10 * 12 * 8]);
    const context = work(dot(dims(3, 10, 12), value, dims(3, 10, 8)));
    assert.equal(context.products, 2 * 3 * 10 * 8 * 12);
    assert.equal(work(dot(dims(3, 8), dims(3, 8), dims(3, 1))).products, 2 * 3 * 8);
    assert.equal(costLayer(dot(query, value, dims(3, 99)), workload).forward, undefined);
  });

  it('PReLU is an activation with learnt slopes', () => {
    const prelu = layer('parameter', { shape: [1], typeName: 'PReLU' }, [on(dims(4, 8))]);
    assert.deepEqual(work(prelu).ops, { prelu: 32 });
  });

  it('what a merge of another kind computes is not known', () => {
    const odd = layer('merge', { op: 'cosine-similarity' }, [on(dims(4, 8), dims(4, 8))]);
    assert.equal(costLayer(odd, workload).forward, undefined);
  });

  it('a convolutional LSTM runs both kernels at every output position and step', () => {
    const conv = { inputChannels: 3, filters: 2, kernelSize: [3, 3], directions: 1, bias: 1 };
    const call = { ...on(dims(4, 5, 9, 8, 3)), output: dims(4, 7, 6, 2) };
    const { macs, bias } = work(layer('conv-lstm', { ...conv, framework: 'keras' }, [call]));
    assert.equal(macs, 4 * 5 * 7 * 6 * (9 * 3 * 8 + 9 * 2 * 8));
    assert.equal(bias, 4 * 5 * 7 * 6 * 8);
  });
});

describe('work of attention', () => {
  const heads = {
    querySize: 16,
    keySize: 12,
    valueSize: 10,
    numHeads: 2,
    keyDim: 5,
    valueDim: 6,
    outputSize: 16,
  };
  const keras = { ...heads, framework: 'keras' as Framework, bias: 1 };

  it('projections are weight MACs, scores only FLOPs', () => {
    const q = 3 * 7;
    const k = 3 * 9;
    const cross = layer('multi-head-attention', keras, [on(dims(3, 7, 16), dims(3, 9, 10), dims(3, 9, 12))]);
    const projections = q * 16 * 10 + k * 12 * 10 + k * 10 * 12 + q * 12 * 16;
    const scores = 3 * 7 * 9 * (10 + 12);
    assert.deepEqual(work(cross), {
      macs: projections,
      products: 2 * (projections + scores),
      bias: q * 10 + k * 10 + k * 12 + q * 16,
      ops: { exp: 2 * 189, add: 2 * 189, div: 2 * 189, mul: q * 10 },
    });
  });

  it('PyTorch has length before batch unless batch_first says otherwise', () => {
    const same = { ...heads, keySize: 16, valueSize: 16, keyDim: 8, valueDim: 8, bias: 0 };
    const run = (batchFirst: boolean | undefined) => {
      const l = layer(
        'multi-head-attention',
        { ...same, ...(batchFirst === undefined ? {} : { batchFirst }) },
        [on(dims(7, 3, 16))],
      );
      const { products, macs } = work(l);
      return products! - 2 * macs!;
    };
    assert.equal(run(undefined), 2 * 3 * 7 * 7 * 32);
    assert.equal(run(true), 2 * 7 * 3 * 3 * 32);
  });

  it('dot-product attention without weights has no weight MACs', () => {
    const dot = { ...keras, keySize: 16, valueSize: 16, bias: 0, useScale: 0 };
    const plain = work(layer('attention', dot, [on(dims(2, 4, 16), dims(2, 5, 16))]));
    assert.equal(plain.macs, 0);
    assert.equal(plain.products, 2 * 2 * 4 * 5 * 32);
  });

  it('a transformer encoder layer: four projections and two dense layers per position', () => {
    const encoder = { modelSize: 16, numHeads: 4, feedForwardSize: 64, bias: 1 };
    const { macs } = work(layer('transformer-encoder-layer', encoder, [on(dims(7, 3, 16))]));
    assert.equal(macs, 21 * (4 * 16 * 16 + 2 * 16 * 64));
    const cost = costLayer(layer('transformer-encoder-layer', encoder), workload);
    assert.equal(valueOf(cost.params!.total), 4 * 16 * 17 + 16 * 64 + 64 + 64 * 16 + 16 + 4 * 16);
  });

  it('a decoder layer attends to the memory too', () => {
    const decoder = { modelSize: 16, numHeads: 4, feedForwardSize: 64, bias: 1 };
    const { macs } = work(layer('transformer-decoder-layer', decoder, [on(dims(7, 3, 16), dims(9, 3, 16))]));
    assert.equal(macs, 21 * (6 * 256 + 2 * 16 * 64) + 27 * 2 * 256);
  });
});

describe('what cannot be known is not 0', () => {
  it('a dense layer of which no use is seen has parameters and no forward work, with the reason', () => {
    const cost = costLayer(layer('dense', { inputSize: 3, outputSize: 4, bias: 1 }), workload);
    assert.equal(valueOf(cost.params!.total), 16);
    assert.equal(cost.forward, undefined);
    assert.equal(cost.backward, undefined);
    assert.deepEqual(
      cost.unknown.map((m) => formatMessage(m)),
      ['How often layer runs in a forward pass cannot be seen.'],
    );
  });

  it('a use on an unknown shape likewise; the reader’s own reason comes first', () => {
    const dense = { inputSize: 3, outputSize: 4, bias: 1 };
    assert.equal(costLayer(layer('dense', dense, [on(undefined)]), workload).forward, undefined);
    const why = message('forward could not be followed');
    assert.deepEqual(costLayer(layer('dense', { ...dense, callsUnknown: why }), workload).unknown, [why]);
  });

  it('an unused layer’s work is 0: that is a fact', () => {
    const cost = costLayer(layer('dense', { inputSize: 3, outputSize: 4, bias: 1 }, []), workload);
    assert.equal(valueOf(cost.forward!.macs), 0);
    assert.deepEqual(cost.unknown, []);
  });

  it('a layer that could not be read has no count', () => {
    const reason = message('custom layer');
    const cost = costLayer(layer('unknown', { reason, dependsOn: undefined }), workload);
    assert.equal(cost.params, undefined);
    assert.equal(cost.formula, undefined);
    assert.deepEqual(cost.unknown, [reason]);
  });

  it('a free weight’s products cannot be seen', () => {
    const cost = costLayer(layer('parameter', { shape: [3, 4] }, [on(dims(2, 3))]), workload);
    assert.equal(valueOf(cost.params!.total), 12);
    assert.equal(cost.forward, undefined);
  });
});

describe('recurrent work, itemised', () => {
  const ops = (spec: Parameters<typeof recurrent>[0]) => {
    const step = costLayer(recurrent({ inputSize: 3, hiddenSize: 1, ...spec }), workload).perStep!;
    return Object.fromEntries(Object.entries(step.flops.pointwiseByOp).map(([op, n]) => [op, valueOf(n)]));
  };

  it('per hidden unit and step', () => {
    assert.deepEqual(ops({ kind: 'rnn' }), { tanh: 1 });
    assert.deepEqual(ops({ kind: 'rnn', activation: 'relu' }), { relu: 1 });
    assert.deepEqual(ops({ kind: 'lstm' }), { sigmoid: 3, tanh: 2, mul: 3, add: 1 });
    assert.deepEqual(ops({ kind: 'gru' }), { sigmoid: 2, tanh: 1, mul: 3, sub: 1, add: 2 });
    assert.deepEqual(ops({ kind: 'gru', framework: 'keras', resetAfter: 0 }), {
      sigmoid: 2,
      tanh: 1,
      mul: 3,
      sub: 1,
      add: 1,
    });
    assert.deepEqual(ops({ kind: 'lstm', framework: 'tfjs' }), { hard_sigmoid: 3, tanh: 2, mul: 3, add: 1 });
  });

  it('peepholes are weight MACs; coupled gates leave the forget gate’s weights unused', () => {
    const macs = (spec: Parameters<typeof recurrent>[0]) =>
      valueOf(
        costLayer(recurrent({ framework: 'onnx', inputSize: 3, hiddenSize: 5, ...spec }), workload).perStep!
          .macs,
      );
    assert.equal(macs({}), 4 * 5 * 8);
    assert.equal(macs({ peepholes: 1 }), 4 * 5 * 8 + 3 * 5);
    assert.equal(macs({ coupledGates: true }), 3 * 5 * 8);
    assert.deepEqual(ops({ framework: 'onnx', coupledGates: true }), {
      sigmoid: 2,
      tanh: 2,
      mul: 3,
      add: 1,
      sub: 1,
    });
  });

  it('joining two directions costs once per output', () => {
    const total = (mergeMode: 'concat' | 'sum' | 'mul' | 'ave', returnSequences: boolean) => {
      const spec = {
        framework: 'keras',
        directions: 2,
        inputSize: 3,
        hiddenSize: 5,
        mergeMode,
        returnSequences,
      } as const;
      return valueOf(costLayer(recurrent(spec), workload).forward!.flops.total)!;
    };
    const concat = total('concat', true);
    assert.equal(total('sum', true) - concat, 50 * 4 * 5);
    assert.equal(total('ave', true) - concat, 2 * 50 * 4 * 5);
    assert.equal(total('mul', false) - concat, 4 * 5);
  });

  it('backward: twice the products, one addition per bias use, derivatives of kept activations', () => {
    const { forward, backward } = costLayer(recurrent({ inputSize: 3, hiddenSize: 5 }), workload);
    const units = 50 * 4 * 5;
    assert.equal(valueOf(backward!.macs), 2 * valueOf(forward!.macs)!);
    assert.equal(valueOf(backward!.flops.bias), valueOf(forward!.flops.bias));
    assert.deepEqual(
      Object.fromEntries(Object.entries(backward!.flops.pointwiseByOp).map(([op, n]) => [op, valueOf(n)])),
      // 5 activations at 2 products and a difference each; 3 products pass gradients to both factors.
      { mul: units * (5 * 2 + 3 * 2), sub: units * 5 },
    );
  });
});

describe('memory', () => {
  const of = (
    spec: Parameters<typeof recurrent>[0],
    numberType: (typeof DEFAULT_WORKLOAD)['numberType'] = 'float32',
  ) => costLayer(recurrent({ inputSize: 3, hiddenSize: 5, ...spec }), { ...workload, numberType }).memory!;

  it('weights, gradients and optimiser state in the number type', () => {
    const params = 4 * 5 * (3 + 5 + 2);
    for (const [type, bytes] of [
      ['float32', 4],
      ['float16', 2],
      ['bfloat16', 2],
      ['int8', 1],
      ['float64', 8],
    ] as const) {
      const memory = of({}, type);
      assert.equal(valueOf(memory.weights), params * bytes);
      assert.equal(valueOf(memory.gradients), params * bytes);
      assert.equal(valueOf(memory.optimiser.sgd), 0);
      assert.equal(valueOf(memory.optimiser.momentum), params * bytes);
      assert.equal(valueOf(memory.optimiser.adam), 2 * params * bytes);
    }
  });

  it('frozen weights have neither gradients nor optimiser state', () => {
    assert.equal(valueOf(of({ frozen: true }).gradients), 0);
    assert.equal(valueOf(of({ frozen: ['bias_ih_l0'] }).optimiser.adam), 2 * 4 * (200 - 20));
  });

  it('activations kept for BPTT: input, gates, cell state, hidden state', () => {
    const values = (spec: Parameters<typeof recurrent>[0]) => valueOf(of(spec).activations!)! / 4 / (50 * 4);
    assert.equal(values({}), 3 + 4 * 5 + 5 + 5);
    assert.equal(values({ kind: 'gru' }), 3 + 3 * 5 + 5 + 5);
    assert.equal(values({ kind: 'gru', framework: 'keras', resetAfter: 0 }), 3 + 3 * 5 + 5);
    assert.equal(values({ kind: 'rnn' }), 3 + 5);
    assert.equal(values({ numLayers: 2, directions: 2 }), 3 + 4 * 6 * 5);
    assert.equal(values({ projSize: 2 }), 3 + 4 * 5 + 5 + 5 + 2);
  });

  const kept = (l: Layer) => valueOf(costLayer(l, workload).memory!.activations!)! / 4;

  it('attention keeps what it reads, projections, scores and what they pick', () => {
    const heads = {
      querySize: 16,
      keySize: 12,
      valueSize: 10,
      numHeads: 2,
      keyDim: 5,
      valueDim: 6,
      outputSize: 16,
    };
    const cross = layer('multi-head-attention', { ...heads, framework: 'keras', bias: 1 }, [
      on(dims(3, 7, 16), dims(3, 9, 10), dims(3, 9, 12)),
    ]);
    assert.equal(kept(cross), 21 * 16 + 27 * 22 + (21 * 10 + 27 * 22) + 2 * 3 * 7 * 9 + 21 * 12);
    const encoder = { modelSize: 16, numHeads: 4, feedForwardSize: 64, bias: 1 };
    // Input, three projections, the picked values, two norms and the first dense layer read E; the hidden layer is F wide.
    const self = layer('transformer-encoder-layer', encoder, [on(dims(7, 3, 16))]);
    assert.equal(kept(self), 21 * (8 * 16 + 64) + 4 * 3 * 7 * 7);
  });

  it('a convolutional LSTM keeps six values per filter, position and step, and its input', () => {
    const conv = {
      inputChannels: 3,
      filters: 2,
      kernelSize: [3],
      directions: 1,
      bias: 1,
      framework: 'keras',
    };
    const call = { ...on(dims(4, 5, 9, 3)), output: dims(4, 7, 2) };
    assert.equal(kept(layer('conv-lstm', conv, [call])), 4 * 5 * 9 * 3 + 6 * 4 * 5 * 7 * 2);
  });

  it('a dense layer keeps its input, with an activation its output too', () => {
    const call = { ...on(dims(4, 8)), output: dims(4, 5) };
    const dense = { inputSize: 8, outputSize: 5, bias: 1 };
    assert.equal(kept(layer('dense', dense, [call])), 32);
    assert.equal(kept(layer('dense', { ...dense, activation: 'relu' }, [call])), 52);
  });
});
