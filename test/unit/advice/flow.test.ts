import assert from 'node:assert/strict';
import { DEFAULT_THRESHOLDS, advise, alternativesFor, judge } from '../../../src/advice';
import { type FlowProfile, type FlowSpec, formatMessage } from '../../../src/model';
import { SMALL, profileOf } from '../gradient/run';

/** A profile with a given curve; nothing else of it matters here. */
function profile(curve: (t: number) => number, steps = 100, change: Partial<FlowProfile> = {}): FlowProfile {
  const log10Norms = Array.from({ length: steps }, (_, i) => curve(i + 1));
  return {
    spec: { ...SMALL, steps },
    backend: 'cpu',
    seeds: [{ seed: 1, log10Norms }],
    gates: [],
    hiddenSaturation: new Array(steps).fill(0),
    weightGradients: [],
    recurrentKernel: { sigmaMax: [], singularValues: [], spectralRadius: [] },
    milliseconds: 1,
    ...change,
  };
}

describe('verdict', () => {
  it('vanishing: decay, half-life and horizon of a straight line', () => {
    const v = judge(profile((t) => -0.25 * (100 - t)));
    assert.equal(v.kind, 'vanishing');
    assert.ok(Math.abs(v.decayPerStep! - 0.25) < 1e-12);
    assert.ok(Math.abs(v.halfLifeSteps! - Math.log10(2) / 0.25) < 1e-12);
    assert.equal(v.horizonSteps, 12);
    assert.match(formatMessage(v.sentences[0]!), /loses 0\.25 decades a step/);
    assert.match(formatMessage(v.sentences[1]!), /after 1\.2 steps; the horizon is 12 of 100 steps/);
  });

  it('healthy: the horizon lies beyond T', () => {
    const v = judge(profile((t) => -0.01 * (100 - t)));
    assert.deepEqual([v.kind, v.horizonSteps], ['healthy', null]);
    assert.match(formatMessage(v.sentences[1]!), /beyond 100 steps/);
  });

  it('exploding: decay is negative and there is no half-life', () => {
    const v = judge(profile((t) => 0.05 * (100 - t)));
    assert.deepEqual([v.kind, v.halfLifeSteps, v.horizonSteps], ['exploding', null, null]);
    assert.ok(v.decayPerStep! < 0);
  });

  it('saturated: most units at their limits, unless nothing squashes them', () => {
    const full = { hiddenSaturation: new Array<number>(100).fill(0.8) };
    assert.equal(judge(profile((t) => -0.2 * (100 - t), 100, full)).kind, 'saturated');
    const relu: FlowSpec = { ...SMALL, cell: 'rnn', nonlinearity: 'relu' };
    assert.equal(judge(profile((t) => -0.2 * (100 - t), 100, { ...full, spec: relu })).kind, 'vanishing');
  });

  it('an exact zero is vanishing, and the decay is that of the part before it', () => {
    const v = judge(profile((t) => (t <= 90 ? -Infinity : -0.1 * (100 - t))));
    assert.deepEqual([v.kind, v.horizonSteps], ['vanishing', 10]);
    assert.ok(Math.abs(v.decayPerStep! - 0.1) < 1e-12);
  });

  it('does not judge one step, nor reach where every state has a loss', () => {
    assert.equal(judge(profile(() => 0, 1)).kind, 'unknown');
    const spec: FlowSpec = { ...SMALL, loss: 'all' };
    assert.equal(judge(profile((t) => -0.25 * (100 - t), 100, { spec })).kind, 'unknown');
  });

  it('scaling the loss changes nothing', () => {
    for (const slope of [-0.3, -0.01, 0.05]) {
      const one = judge(profile((t) => slope * (100 - t)));
      const scaled = judge(profile((t) => slope * (100 - t) + 7));
      assert.equal(one.kind, scaled.kind);
      assert.ok(Math.abs(one.decayPerStep! - scaled.decayPerStep!) < 1e-12);
      assert.equal(one.horizonSteps, scaled.horizonSteps);
    }
  });

  it('thresholds decide', () => {
    const p = profile((t) => -0.05 * (100 - t));
    assert.equal(judge(p).kind, 'vanishing');
    assert.equal(judge(p, { ...DEFAULT_THRESHOLDS, vanishingDecades: 6 }).kind, 'healthy');
    assert.equal(judge(p, { ...DEFAULT_THRESHOLDS, horizonDecades: 1 }).horizonSteps, 20);
  });

  it('published rules stand beside it by name', async () => {
    const rnn = await profileOf({ ...SMALL, cell: 'rnn', initialiser: { kind: 'orthogonal', gain: 0.9 } });
    assert.deepEqual(
      judge(rnn).rules.map((r) => [r.name, r.kind]),
      [
        ['AutoTrainer', 'healthy'],
        ['Pascanu et al.', 'vanishing'],
      ],
    );
    assert.equal(judge(profile((t) => -0.25 * (100 - t))).rules[0]!.kind, 'vanishing');
    assert.equal(judge(profile((t) => 0.05 * (100 - t))).rules[0]!.kind, 'exploding');
  });
});

describe('advice', () => {
  const names = { framework: 'pytorch', layer: 'self.rnn' } as const;
  async function adviceFor(spec: FlowSpec): Promise<ReturnType<typeof advise>> {
    const tried = await Promise.all(
      alternativesFor(spec).map(async (alternative) => ({
        alternative,
        profile: await profileOf(alternative.spec),
      })),
    );
    return advise(await profileOf(spec), tried, names);
  }
  const spec: FlowSpec = { ...SMALL, inputSize: 32, hiddenSize: 32, steps: 60 };

  it("PyTorch's LSTM: chrono reaches furthest, forget bias 1 further than as written, with code", async () => {
    const advice = await adviceFor(spec);
    const ids = advice.map((a) => a.id);
    assert.equal(ids[0], 'chrono');
    assert.ok(ids.includes('forget-bias'));
    for (const a of advice) assert.match(formatMessage(a.text), /half-life from [\d.]+ to [\d.]+ steps/);
    const forget = advice.find((a) => a.id === 'forget-bias')!;
    assert.match(forget.code!.after.join('\n'), /self\.rnn\.named_parameters\(\)/);
    assert.match(forget.source.title, /Jozefowicz/);
  });

  it('a healthy layer needs none', async () => {
    const healthy: FlowSpec = { ...spec, initialiser: { kind: 'chrono', maxSteps: 500 } };
    assert.equal(judge(await profileOf(healthy)).kind, 'healthy');
    assert.deepEqual(await adviceFor(healthy), []);
  });

  it('what is so already is not proposed', () => {
    const ids = (change: Partial<FlowSpec>): string[] =>
      alternativesFor({ ...spec, ...change }).map((a) => a.id);
    assert.ok(!ids({ framework: 'keras' }).includes('forget-bias'));
    assert.ok(!ids({ framework: 'keras' }).includes('orthogonal'));
    assert.ok(!ids({ bias: false }).includes('forget-bias'));
    assert.ok(!ids({ cell: 'gru' }).includes('gru'));
    assert.deepEqual(ids({ cell: 'rnn' }), ['orthogonal', 'identity', 'gru', 'lstm']);
  });
});
