import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FlowProfile, FlowSpec } from '../../../src/model';
import { profileOf } from './run';

/** What test/golden/gradient/make.py wrote; null stands for a norm that float64 cannot hold. */
interface Golden {
  readonly madeWith: string;
  readonly cases: readonly {
    readonly spec: FlowSpec;
    readonly steps: readonly number[];
    readonly layers: readonly {
      readonly layer: number;
      readonly direction: string;
      readonly log10Norms: readonly (number | null)[];
      readonly log10CellNorms?: readonly (number | null)[];
      readonly weights: readonly (readonly [string, string, number | null])[];
    }[];
    readonly recurrentKernel: Readonly<
      Record<'sigmaMax' | 'spectralRadius', Readonly<Record<string, number>>>
    >;
  }[];
}

/** 1e-3 relative, in decades. */
const TOLERANCE = Math.log10(1.001);
const file = join(import.meta.dirname, '../../golden/gradient/gradients.json');
const golden = JSON.parse(readFileSync(file, 'utf8')) as Golden;

describe('gradients against PyTorch float64', () => {
  it('there are at least 60 cases, some below what float32 holds', () => {
    assert.ok(golden.cases.length >= 60);
    const deep = golden.cases.filter((c) => c.layers[0]!.log10Norms.some((n) => n !== null && n < -45));
    assert.ok(deep.length >= 5);
  });

  for (const { spec, steps, layers, recurrentKernel } of golden.cases) {
    it(nameOf(spec), async () => {
      const profile = await profileOf(spec);
      const curves = profile.seeds[0]!.layers!;
      assert.equal(curves.length, layers.length);
      layers.forEach((expected, i) => {
        const { layer, direction, log10Norms, log10CellNorms } = curves[i]!;
        assert.deepEqual([layer, direction], [expected.layer, expected.direction]);
        compare(`layer ${layer} h`, log10Norms, expected.log10Norms, steps);
        if (expected.log10CellNorms)
          compare(`layer ${layer} c`, log10CellNorms!, expected.log10CellNorms, steps);
        for (const [tensor, gate, norm] of expected.weights)
          close(
            `${layer} ${direction} ${tensor} ${gate}`,
            weightNorm(profile, layer, direction, tensor, gate),
            norm,
          );
      });
      compareSpectrum(profile, recurrentKernel);
    });
  }
});

function compare(
  what: string,
  ours: readonly number[],
  theirs: readonly (number | null)[],
  steps: readonly number[],
): void {
  theirs.forEach((norm, k) => close(`${what} t = ${steps[k]}`, ours[steps[k]! - 1]!, norm));
}

function close(what: string, ours: number, theirs: number | null): void {
  // Below float64's own range there is nothing to compare with, only that ours is below it too.
  if (theirs === null) assert.ok(ours < -299, `${what}: 1e${ours} where float64 has nothing`);
  else assert.ok(Math.abs(ours - theirs) < TOLERANCE, `${what}: 1e${ours} instead of 1e${theirs}`);
}

function weightNorm(
  profile: FlowProfile,
  layer: number,
  direction: string,
  tensor: string,
  gate: string,
): number {
  const found = profile.weightGradients.filter(
    (w) => w.layer === layer && w.direction === direction && w.tensor === tensor && w.gate === gate,
  );
  assert.equal(found.length, 1, `${tensor} ${gate}`);
  return found[0]!.log10Norm;
}

function compareSpectrum(
  { recurrentKernel }: FlowProfile,
  expected: Golden['cases'][number]['recurrentKernel'],
): void {
  for (const kind of ['sigmaMax', 'spectralRadius'] as const) {
    const ours = Object.fromEntries(recurrentKernel[kind].map(({ gate, value }) => [gate, value]));
    assert.deepEqual(Object.keys(ours), Object.keys(expected[kind]));
    for (const [gate, value] of Object.entries(expected[kind]))
      assert.ok(
        Math.abs(ours[gate]! - value) < 1e-5 * Math.max(1, value),
        `${kind} ${gate}: ${ours[gate]} / ${value}`,
      );
  }
}

function nameOf(spec: FlowSpec): string {
  const { cell, framework, steps, hiddenSize, numLayers, bidirectional, initialiser } = spec;
  const form = [
    spec.projSize > 0 ? 'projected' : '',
    numLayers > 1 ? `${numLayers} layers` : '',
    bidirectional ? 'bidirectional' : '',
    spec.loss === 'all' ? 'loss on all' : '',
    spec.nonlinearity === 'tanh' ? '' : spec.nonlinearity,
    spec.gateNonlinearity ?? '',
    spec.bias ? '' : 'no bias',
  ].filter((s) => s !== '');
  return `${framework} ${cell} H=${hiddenSize} T=${steps} ${initialiser.kind} ${form.join(', ')} #${spec.seeds[0]}`;
}
