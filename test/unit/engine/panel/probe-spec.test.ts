import { strict as assert } from 'node:assert';
import { probeSpec } from '../../../../src/engine/panel/probe-spec';
import { DEFAULT_WORKLOAD } from '../../../../src/model';

/** PyTorch: g·H(I + H + 2) with two inputs. */
function params({ cell, hiddenSize: h }: { cell: 'lstm' | 'gru' | 'rnn'; hiddenSize: number }): number {
  return { lstm: 4, gru: 3, rnn: 1 }[cell] * h * (2 + h + 2);
}

describe('Learning probe of the panel', () => {
  it('gives the three cells nearly the same number of parameters', () => {
    const counts = probeSpec('adding', DEFAULT_WORKLOAD).cells.map(params);
    assert.equal(counts.length, 3);
    assert.ok(Math.max(...counts) / Math.min(...counts) < 1.06, counts.join());
  });

  it('takes the sequence length the user works with, within reason', () => {
    const steps = (seqLen: number) => probeSpec('copy', { ...DEFAULT_WORKLOAD, seqLen }).steps;
    assert.deepEqual([1, 50, 10_000].map(steps), [4, 50, 200]);
  });
});
