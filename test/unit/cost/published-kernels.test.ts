import assert from 'node:assert/strict';
import { costLayer } from '../../../src/cost';
import {
  type CellKind,
  type RecurrentLayer,
  DEFAULT_WORKLOAD,
  constant,
  isCell,
  valueOf,
} from '../../../src/model';
import { recurrentTensors } from '../../../src/cost/layers/recurrent';
import { sumSizes } from '../../../src/cost/tensor';
import { dims, recurrent } from './layers';

/** Weight MACs of one forward pass over T steps of N sequences. */
function macs(layer: RecurrentLayer, seqLen: number, batch: number): number {
  return valueOf(costLayer(layer, { ...DEFAULT_WORKLOAD, seqLen, batch }).forward!.macs)!;
}

/** The recurrent product alone: DeepBench leaves the input product out, as it can be done before the loop. */
function recurrentFlops(cell: CellKind, hidden: number, steps: number, batch: number): number {
  const layer = recurrent({ kind: cell, inputSize: hidden, hiddenSize: hidden });
  const values = valueOf(sumSizes(recurrentTensors(layer), (t) => t.role === 'recurrent-kernel'))!;
  return 2 * values * steps * batch;
}

describe('FLOPs of published kernels', () => {
  it('DeepBench: LSTM H=512, N=16, T=25 is 838,860,800', () => {
    assert.equal(recurrentFlops('lstm', 512, 25, 16), 838_860_800);
  });

  it('DeepBench: vanilla H=1760, N=16, T=50 is 4,957,568,000 with its bias-like term TNH', () => {
    assert.equal(recurrentFlops('rnn', 1760, 50, 16) + 50 * 16 * 1760, 4_957_568_000);
  });

  it('DeepBench: GRU H=2816, N=32, T=1500 is 2,283,798,528,000', () => {
    assert.equal(recurrentFlops('gru', 2816, 1500, 32), 2_283_798_528_000);
  });

  const cudnn: readonly (readonly [CellKind, number])[] = [
    ['lstm', 10_737_418_240],
    ['gru', 8_053_063_680],
    ['rnn', 2_684_354_560],
  ];
  for (const [kind, expected] of cudnn) {
    it(`cuDNN sample: ${kind}, 20 steps, 2 layers, H=512, N=64`, () => {
      const layer = recurrent({ kind, inputSize: 512, hiddenSize: 512, numLayers: 2 });
      // The sample counts a multiplication and an addition per weight, as our FLOPs of products do.
      const { forward } = costLayer(layer, { ...DEFAULT_WORKLOAD, seqLen: 20, batch: 64 });
      assert.equal(valueOf(forward!.flops.products), expected);
    });
  }
});

describe('cases that counters get wrong: input 10, hidden 20, T=5, batch 2', () => {
  const toy = { inputSize: 10, hiddenSize: 20 };

  it('RNN 6,000; GRU 18,000; LSTM 24,000', () => {
    assert.equal(macs(recurrent({ ...toy, kind: 'rnn' }), 5, 2), 6_000);
    assert.equal(macs(recurrent({ ...toy, kind: 'gru' }), 5, 2), 18_000);
    assert.equal(macs(recurrent({ ...toy, kind: 'lstm' }), 5, 2), 24_000);
  });

  it('bias=False changes parameters and bias FLOPs, not the MACs', () => {
    const cost = costLayer(recurrent({ ...toy, bias: 0 }), { ...DEFAULT_WORKLOAD, seqLen: 5, batch: 2 });
    assert.equal(valueOf(cost.forward!.macs), 24_000);
    assert.equal(valueOf(cost.forward!.flops.bias), 0);
    assert.equal(valueOf(cost.params!.total), 2_400);
  });

  it('two-layer bidirectional LSTM: 144,000', () => {
    assert.equal(macs(recurrent({ ...toy, numLayers: 2, directions: 2 }), 5, 2), 144_000);
  });

  it('proj_size 8, two layers: 30,400', () => {
    assert.equal(macs(recurrent({ ...toy, numLayers: 2, projSize: 8 }), 5, 2), 30_400);
  });

  it('unbatched input (T, I): 12,000 whatever the assumed batch', () => {
    const call = { inputs: [dims(5, 10)], times: constant(1) };
    assert.equal(macs(recurrent({ ...toy, calls: [call] }), 100, 7), 12_000);
  });

  it('one LSTMCell step on batch 2: 4,800', () => {
    const call = { inputs: [dims(2, 10)], times: constant(1) };
    const cell = recurrent({ ...toy, kind: 'lstm-cell', calls: [call] });
    assert.ok(isCell(cell));
    assert.equal(macs(cell, 100, 7), 4_800);
  });

  it('an LSTMCell in a loop of 5 steps costs what the layer does', () => {
    const call = { inputs: [dims(2, 10)], times: constant(5) };
    assert.equal(macs(recurrent({ ...toy, kind: 'lstm-cell', calls: [call] }), 100, 7), 24_000);
  });

  it('batch_first reads the axes the other way round', () => {
    const call = { inputs: [dims(2, 5, 10)], times: constant(1) };
    assert.equal(
      valueOf(costLayer(recurrent({ ...toy, batchFirst: true, calls: [call] }), DEFAULT_WORKLOAD).steps!),
      5,
    );
    assert.equal(valueOf(costLayer(recurrent({ ...toy, calls: [call] }), DEFAULT_WORKLOAD).steps!), 2);
  });

  it('a layer that is never used costs nothing to run, and still has its parameters', () => {
    const cost = costLayer(recurrent({ ...toy, calls: [] }), DEFAULT_WORKLOAD);
    assert.equal(valueOf(cost.forward!.macs), 0);
    assert.equal(valueOf(cost.params!.total), 2_560);
  });
});
