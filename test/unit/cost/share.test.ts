import assert from 'node:assert/strict';
import { costLayer, memoryIn, perSequenceOf, perStepOf } from '../../../src/cost';
import {
  type DimLike,
  type Layer,
  BATCH,
  DEFAULT_WORKLOAD,
  SEQ_LEN,
  constant,
  valueOf,
} from '../../../src/model';
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

const sequenceOf = (layer: Layer) => perSequenceOf([layer], workload);

describe('the share of one sequence', () => {
  it('of a recurrent layer: T single steps, a third of a batch of three', () => {
    const layer = recurrent({ numLayers: 2, directions: 2 });
    const cost = costLayer(layer, workload);
    const [step, sequence] = [perStepOf(layer)!, sequenceOf(layer)];
    assert.equal(valueOf(sequence.work!.macs), 7 * valueOf(step.work!.macs)!);
    assert.equal(valueOf(cost.forward!.flops.total), 3 * valueOf(sequence.work!.flops.total)!);
    assert.equal(valueOf(cost.memory!.activations!), 3 * 4 * valueOf(sequence.kept!)!);
    assert.equal(valueOf(sequence.kept!), 7 * valueOf(step.kept!)!);
  });

  it('of a recurrent layer whose source fixes the batch', () => {
    const layer = recurrent({ calls: [{ inputs: [dims(5, 4, 64)], times: constant(1) }] });
    const macs = valueOf(sequenceOf(layer).work!.macs)!;
    assert.equal(macs, 5 * valueOf(perStepOf(layer)!.work!.macs)!);
    assert.equal(valueOf(costLayer(layer, workload).forward!.macs), 4 * macs);
  });

  it('of a dense layer over an open batch; unknown over a batch that the source fixes', () => {
    const open = dense(SEQ_LEN, BATCH, 20);
    assert.equal(valueOf(sequenceOf(open).work!.macs), 7 * 100);
    assert.equal(valueOf(costLayer(open, workload).forward!.macs), 21 * 100);
    assert.deepEqual(sequenceOf(dense(4, 20)), { work: undefined, kept: undefined });
    assert.equal(perStepOf(open), null);
  });

  it('copies in a loop count in every column', () => {
    const layer = recurrent({ repeat: constant(4) });
    const cost = costLayer(layer, workload);
    assert.equal(valueOf(cost.forward!.macs), 21 * valueOf(perStepOf(layer)!.work!.macs)!);
    assert.equal(valueOf(cost.perStep!.macs), valueOf(perStepOf(layer)!.work!.macs));
  });

  it('of a model is the sum of its layers, and unknown as soon as one layer’s is', () => {
    const layers = [recurrent({}), dense(SEQ_LEN, BATCH, 20)];
    const sum = layers.reduce((n, layer) => n + valueOf(sequenceOf(layer).work!.macs)!, 0);
    assert.equal(valueOf(perSequenceOf(layers, workload).work!.macs), sum);
    assert.equal(perSequenceOf([...layers, dense(4, 20)], workload).work, undefined);
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
