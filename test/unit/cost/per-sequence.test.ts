import assert from 'node:assert/strict';
import { costLayer, costModel, memoryIn } from '../../../src/cost';
import { type DimLike, type Layer, BATCH, DEFAULT_WORKLOAD, SEQ_LEN, constant, valueOf } from '../../../src/model';
import { base, dims, recurrent } from './layers';

const workload = { ...DEFAULT_WORKLOAD, seqLen: 7, batch: 3 };
const dense = (...shape: readonly DimLike[]): Layer => ({
  ...base('fc', 'Linear'),
  kind: 'dense',
  inputSize: constant(20),
  outputSize: constant(5),
  bias: constant(1),
  calls: [{ inputs: [dims(...shape)], times: constant(1) }],
});

describe('the share of one sequence', () => {
  it('of a recurrent layer: T single steps, a third of a batch of three', () => {
    const cost = costLayer(recurrent({ numLayers: 2, directions: 2 }), workload);
    assert.equal(valueOf(cost.perSequence!.macs), 7 * valueOf(cost.perStep!.macs)!);
    assert.equal(valueOf(cost.forward!.flops.total), 3 * valueOf(cost.perSequence!.flops.total)!);
    const memory = cost.memory!;
    assert.equal(valueOf(memory.activations!), 3 * valueOf(memory.activationsPerSequence!)!);
    assert.equal(valueOf(memory.activationsPerSequence!), 7 * valueOf(memory.activationsPerStep!)!);
  });

  it('of a recurrent layer whose source fixes the batch', () => {
    const call = { inputs: [dims(5, 4, 64)], times: constant(1) };
    const cost = costLayer(recurrent({ calls: [call] }), workload);
    assert.equal(valueOf(cost.perSequence!.macs), 5 * valueOf(cost.perStep!.macs)!);
    assert.equal(valueOf(cost.forward!.macs), 4 * valueOf(cost.perSequence!.macs)!);
  });

  it('of a dense layer over an open batch; unknown over a batch that the source fixes', () => {
    const open = costLayer(dense(SEQ_LEN, BATCH, 20), workload);
    assert.equal(valueOf(open.perSequence!.macs), 7 * 100);
    assert.equal(valueOf(open.forward!.macs), 21 * 100);
    const fixed = costLayer(dense(4, 20), workload);
    assert.equal(fixed.perSequence, undefined);
    assert.equal(fixed.memory!.activationsPerSequence, undefined);
  });

  it('copies in a loop count in every column', () => {
    const cost = costLayer(recurrent({ repeat: constant(4) }), workload);
    assert.equal(valueOf(cost.forward!.macs), 21 * valueOf(cost.perStep!.macs)!);
  });

  it('of a model is the sum of its layers', () => {
    const layers = [recurrent({}), dense(SEQ_LEN, BATCH, 20)];
    const model = {
      name: 'M',
      framework: 'pytorch' as const,
      source: { file: 'm.py' },
      form: 'class' as const,
      layers,
      unknowns: [],
      assumed: [],
    };
    const cost = costModel(model, workload);
    assert.equal(valueOf(cost.forward!.macs), 3 * valueOf(cost.perSequence!.macs)!);
  });
});

describe('memory in another number type', () => {
  it('scales every part', () => {
    const { memory } = costLayer(recurrent({}), workload);
    for (const [type, bytes] of [
      ['float16', 2],
      ['bfloat16', 2],
      ['int8', 1],
      ['float64', 8],
    ] as const) {
      const direct = costLayer(recurrent({}), { ...workload, numberType: type }).memory;
      assert.deepEqual(memoryIn(memory!, 'float32', type), direct, type);
      assert.equal(valueOf(direct!.weights), 99_328 * bytes);
    }
  });
});
