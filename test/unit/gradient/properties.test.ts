import assert from 'node:assert/strict';
import type { FlowSpec } from '../../../src/model';
import { SMALL, profileOf } from './run';

const LINEAR: FlowSpec = { ...SMALL, cell: 'rnn', nonlinearity: 'linear', bias: false, steps: 500 };

describe('gradient flow: properties', () => {
  it('an identity recurrent kernel without nonlinearity keeps the norm', async () => {
    const { seeds, recurrentKernel } = await profileOf({
      ...LINEAR,
      initialiser: { kind: 'identity', scale: 1 },
    });
    for (const n of seeds[0]!.log10Norms) assert.ok(Math.abs(n - Math.log10(Math.sqrt(SMALL.batch))) < 1e-7);
    assert.ok(Math.abs(recurrentKernel.lyapunov!) < 1e-7);
  });

  for (const gain of [0.5, 0.9, 1.05]) {
    it(`an orthogonal one scaled by ${gain} decays as ${gain} to the power of the distance`, async () => {
      const { seeds, recurrentKernel } = await profileOf({
        ...LINEAR,
        initialiser: { kind: 'orthogonal', gain },
      });
      const { log10Norms } = seeds[0]!;
      log10Norms.forEach((n, t) => {
        const expected = (log10Norms.length - 1 - t) * Math.log10(gain) + 0.5 * Math.log10(SMALL.batch);
        assert.ok(Math.abs(n - expected) < 1e-4, `t = ${t + 1}: ${n} instead of ${expected}`);
      });
      assert.ok(Math.abs(recurrentKernel.lyapunov! - Math.log(gain)) < 1e-5);
      assert.ok(Math.abs(recurrentKernel.sigmaMax[0]!.value - gain) < 1e-6);
      assert.ok(Math.abs(recurrentKernel.spectralRadius[0]!.value - gain) < 1e-6);
    });
  }

  it('norms far below what any float holds are numbers, not zero', async () => {
    const spec: FlowSpec = { ...LINEAR, steps: 3000, initialiser: { kind: 'orthogonal', gain: 0.5 } };
    const { log10Norms } = (await profileOf(spec)).seeds[0]!;
    assert.ok(Math.abs(log10Norms[0]! - (2999 * Math.log10(0.5) + 0.5 * Math.log10(2))) < 1e-3);
    assert.ok(log10Norms[0]! < -900);
  });

  it('a dead ReLU layer gives an exact zero', async () => {
    const spec: FlowSpec = {
      ...SMALL,
      cell: 'rnn',
      nonlinearity: 'relu',
      initialiser: {
        kind: 'named',
        initialisers: { kernel: 'zeros', recurrentKernel: 'zeros', bias: 'zeros' },
      },
    };
    const { log10Norms } = (await profileOf(spec)).seeds[0]!;
    assert.deepEqual(log10Norms.slice(0, -1), new Array(SMALL.steps - 1).fill(-Infinity));
  });

  it('the same seed gives the same numbers, another seed others', async () => {
    const [a, b, c] = await Promise.all([
      profileOf(SMALL),
      profileOf(SMALL),
      profileOf({ ...SMALL, seeds: [2] }),
    ]);
    assert.deepEqual(a.seeds, b.seeds);
    assert.notDeepEqual(a.seeds[0]!.log10Norms, c.seeds[0]!.log10Norms);
  });

  it('the forward direction of a bidirectional layer is the layer by itself', async () => {
    const alone = await profileOf(SMALL);
    const both = await profileOf({ ...SMALL, bidirectional: true });
    assert.deepEqual(both.seeds[0]!.log10Norms, alone.seeds[0]!.log10Norms);
    const reverse = both.seeds[0]!.layers![1]!;
    // The reverse direction ends at t = 1: there its gradient is the loss vector itself.
    assert.ok(Math.abs(reverse.log10Norms[0]! - Math.log10(Math.sqrt(2))) < 1e-6);
    assert.ok(reverse.log10Norms.at(-1)! < reverse.log10Norms[0]!);
  });

  it('stored weights take the place of drawn ones', async () => {
    const hidden = 2;
    const spec: FlowSpec = {
      ...LINEAR,
      inputSize: 1,
      hiddenSize: hidden,
      steps: 4,
      initialiser: { kind: 'stored', weights: [{ kernel: [1, 1], recurrent: [0, 2, 2, 0] }] },
    };
    const { log10Norms } = (await profileOf(spec)).seeds[0]!;
    log10Norms.forEach((n, t) =>
      assert.ok(Math.abs(n - (3 - t) * Math.log10(2) - 0.5 * Math.log10(2)) < 1e-6),
    );
  });

  it('refuses what does not fit the memory budget and says what would', async () => {
    const huge: FlowSpec = { ...SMALL, hiddenSize: 1024, steps: 100_000, batch: 64 };
    await assert.rejects(profileOf(huge), (error: { reason?: { args: number[] } }) => {
      const fits = error.reason!.args[2]!;
      assert.ok(fits > 0 && fits < huge.steps);
      return true;
    });
  });

  it('refuses sizes that make no sense, formats without initialisers and states that overflow', async () => {
    const reasons = async (spec: FlowSpec): Promise<string> => {
      try {
        await profileOf(spec);
      } catch (error) {
        return (error as { reason: { text: string } }).reason.text;
      }
      return 'ran';
    };
    assert.match(await reasons({ ...SMALL, steps: 0 }), /whole number/);
    assert.match(await reasons({ ...SMALL, framework: 'onnx' }), /stored weights/);
    assert.match(await reasons({ ...SMALL, cell: 'gru', projSize: 2 }), /projection/);
    const series = { kind: 'series', values: [1, 2] } as const;
    assert.match(await reasons({ ...SMALL, input: series }), /series/);
    const explosive: FlowSpec = { ...LINEAR, initialiser: { kind: 'orthogonal', gain: 3 } };
    assert.match(await reasons(explosive), /explodes/);
  });
});
