import assert from 'node:assert/strict';
import { costLayer, costPacked, perSequenceOf } from '../../../src/cost';
import {
  type RecurrentLayer,
  BATCH,
  DEFAULT_WORKLOAD,
  SEQ_LEN,
  areLengths,
  constant,
  valueOf,
  withLengths,
} from '../../../src/model';
import { dims, recurrent } from './layers';

const over = (...lengths: number[]) => withLengths(DEFAULT_WORKLOAD, lengths);
const packedOf = (layer: RecurrentLayer, ...lengths: number[]) => costPacked(layer, over(...lengths))!;

describe('packed sequences cost their real lengths', () => {
  const layer = recurrent({ inputSize: 10, hiddenSize: 20 });
  const call = { inputs: [undefined], steps: SEQ_LEN, batch: BATCH, packed: true, times: constant(1) };

  it('lengths 5, 3 and 1 run 9 steps, padded 15', () => {
    const work = packedOf(layer, 5, 3, 1);
    assert.deepEqual([work.steps, work.paddedSteps], [9, 15]);
    assert.equal(valueOf(work.packed.macs), 9 * 2_400);
    assert.equal(valueOf(work.padded.macs), 15 * 2_400);
  });

  it('a layer that reads a packed input costs them in its own numbers, one that does not the longest', () => {
    const packed = costLayer({ ...layer, calls: [call] }, over(5, 3, 1));
    assert.equal(valueOf(packed.forward!.macs), 9 * 2_400);
    assert.equal(valueOf(packed.memory!.activations!), 9 * (10 + 6 * 20) * 4);
    assert.equal(valueOf(perSequenceOf([{ ...layer, calls: [call] }], over(5, 3, 1)).work!.macs), 5 * 2_400);
    const padded = costLayer({ ...layer, calls: [{ ...call, packed: false }] }, over(5, 3, 1));
    assert.equal(valueOf(padded.forward!.macs), 15 * 2_400);
  });

  it('without lengths, and where the source says how many sequences there are, packing changes nothing', () => {
    const equal = costLayer({ ...layer, calls: [call] }, { ...DEFAULT_WORKLOAD, seqLen: 5, batch: 3 });
    assert.equal(valueOf(equal.forward!.macs), 15 * 2_400);
    const fixed = { ...call, inputs: [dims(7, 2, 10)], steps: constant(7), batch: constant(2) };
    const own = costLayer({ ...layer, calls: [fixed] }, over(5, 3, 1));
    assert.equal(valueOf(own.forward!.macs), 14 * 2_400);
  });

  it('equal lengths cost the same packed and padded, and what the layer costs over that batch', () => {
    const work = packedOf(layer, 7, 7);
    const cost = costLayer(layer, { ...DEFAULT_WORKLOAD, seqLen: 7, batch: 2 });
    assert.equal(valueOf(work.packed.flops.total), valueOf(work.padded.flops.total));
    assert.equal(valueOf(work.packed.flops.total), valueOf(cost.forward!.flops.total));
  });

  it('joins two directions once per sequence, or at every step', () => {
    const two = { framework: 'keras', directions: 2, mergeMode: 'sum', hiddenSize: 4, inputSize: 3 } as const;
    const adds = (sequences: boolean) => {
      const flops = (mergeMode: 'sum' | 'concat') =>
        valueOf(
          packedOf(recurrent({ ...two, mergeMode, returnSequences: sequences }), 5, 3).packed.flops.total,
        )!;
      return flops('sum') - flops('concat');
    };
    assert.equal(adds(false), 2 * 4);
    assert.equal(adds(true), 8 * 4);
  });

  it('knows what is no length', () => {
    for (const lengths of [[0], [2.5], [-1], [NaN], ['3'], [null]]) assert.equal(areLengths(lengths), false);
    assert.equal(areLengths(Array.from({ length: 10_001 }, () => 1)), false);
    assert.equal(areLengths([1, 2, 3]), true);
    assert.equal(costPacked(layer, DEFAULT_WORKLOAD), undefined);
  });
});
