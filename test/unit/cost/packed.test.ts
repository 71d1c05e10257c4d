import assert from 'node:assert/strict';
import { costLayer, costPacked } from '../../../src/cost';
import { DEFAULT_WORKLOAD, valueOf } from '../../../src/model';
import { recurrent } from './layers';

describe('packed sequences cost their real lengths', () => {
  const layer = recurrent({ inputSize: 10, hiddenSize: 20 });

  it('lengths 5, 3 and 1 run 9 steps, padded 15', () => {
    const work = costPacked(layer, [5, 3, 1]);
    assert.equal(work.steps, 9);
    assert.equal(valueOf(work.packed.macs), 9 * 2_400);
    assert.equal(valueOf(work.padded.macs), 15 * 2_400);
  });

  it('equal lengths cost the same packed and padded, and what the layer costs over that batch', () => {
    const work = costPacked(layer, [7, 7]);
    const cost = costLayer(layer, { ...DEFAULT_WORKLOAD, seqLen: 7, batch: 2 });
    assert.equal(valueOf(work.packed.flops.total), valueOf(work.padded.flops.total));
    assert.equal(valueOf(work.packed.flops.total), valueOf(cost.forward!.flops.total));
  });

  it('joins two directions once per sequence, or at every step', () => {
    const two = { framework: 'keras', directions: 2, mergeMode: 'sum', hiddenSize: 4, inputSize: 3 } as const;
    const adds = (sequences: boolean) => {
      const joined = costPacked(recurrent({ ...two, returnSequences: sequences }), [5, 3]).packed;
      const apart = costPacked(
        recurrent({ ...two, mergeMode: 'concat', returnSequences: sequences }),
        [5, 3],
      ).packed;
      return valueOf(joined.flops.total)! - valueOf(apart.flops.total)!;
    };
    assert.equal(adds(false), 2 * 4);
    assert.equal(adds(true), 8 * 4);
  });

  it('refuses what is no length', () => {
    for (const lengths of [[], [0], [2.5], [-1], [NaN]])
      assert.throws(() => costPacked(layer, lengths), RangeError);
  });
});
