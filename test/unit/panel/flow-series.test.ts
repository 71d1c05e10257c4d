import { strict as assert } from 'node:assert';
import { decadeTicks, decadesOf, seriesOf } from '../../../src/panel/flow-series';
import type { FlowCaseView } from '../../../src/protocol/panel';

function run(...norms: (number | null)[][]): FlowCaseView {
  return {
    id: 'x',
    label: { text: 'x', args: [] },
    cell: 'lstm',
    role: 'written',
    hiddenSize: 1,
    seeds: norms.map((log10Norms, seed) => ({ seed, log10Norms })),
    verdict: 'healthy',
    sentences: [],
    decayPerStep: null,
    halfLifeSteps: null,
    horizonSteps: null,
    gates: [],
    rules: [],
    hiddenSaturation: [],
    curves: [],
    weightGradients: [],
    recurrentKernel: [],
    lyapunov: null,
  };
}

describe('Curves of the gradient chart', () => {
  it('average the logarithms and span the seeds', () => {
    const series = seriesOf(run([-4, 0], [-2, 1]));
    assert.deepEqual(series.mean, [-3, 0.5]);
    assert.deepEqual(series.low, [-4, 0]);
    assert.deepEqual(series.high, [-2, 1]);
  });

  it('leave a gap where every norm is exactly 0', () => {
    const series = seriesOf(run([null, -1], [null, null]));
    assert.deepEqual(series.mean, [null, -1]);
  });

  it('fit whole decades, and are never flat', () => {
    assert.deepEqual(decadesOf([seriesOf(run([-4.2, 0.3]))]), [-5, 1]);
    assert.deepEqual(decadesOf([seriesOf(run([0, 0]))]), [0, 2]);
    assert.deepEqual(decadesOf([seriesOf(run([null]))]), [-3, 1]);
  });

  it('label a handful of decades, down to the smallest', () => {
    for (const low of [-3, -24, -37, -120, -1000]) {
      const ticks = decadeTicks([low, 1], 7);
      assert.ok(ticks.length >= 2 && ticks.length <= 8, `${low}: ${ticks.join()}`);
      assert.ok(ticks.every((d) => d >= low && d <= 1));
    }
  });
});
