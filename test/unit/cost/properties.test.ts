import assert from 'node:assert/strict';
import fc from 'fast-check';
import { costLayer, explainParams } from '../../../src/cost';
import type { LayerCost } from '../../../src/cost/types';
import {
  type Dim,
  type Framework,
  DEFAULT_WORKLOAD,
  FRAMEWORK_NAMES,
  add,
  constantOf,
  substitute,
  symbol,
} from '../../../src/model';
import { type RecurrentSpec, recurrent } from './layers';

const frameworks = Object.keys(FRAMEWORK_NAMES) as Framework[];
const n = (d: Dim) => constantOf(d)!;
const workload = { ...DEFAULT_WORKLOAD, seqLen: 7, batch: 3 };

const specs = fc
  .record({
    kind: fc.constantFrom('rnn', 'lstm', 'gru', 'rnn-cell', 'lstm-cell', 'gru-cell'),
    framework: fc.constantFrom(...frameworks),
    inputSize: fc.integer({ min: 1, max: 300 }),
    hiddenSize: fc.integer({ min: 2, max: 300 }),
    numLayers: fc.integer({ min: 1, max: 4 }),
    directions: fc.integer({ min: 1, max: 2 }),
    bias: fc.integer({ min: 0, max: 1 }),
    resetAfter: fc.option(fc.integer({ min: 0, max: 1 }), { nil: undefined }),
    projected: fc.boolean(),
  })
  .map(({ projected, resetAfter, ...spec }): RecurrentSpec & { readonly numLayers: number } => {
    const onlyOneLayer = spec.framework === 'onnx' || spec.kind.endsWith('-cell');
    const projects = projected && spec.kind === 'lstm' && ['pytorch', 'paddle'].includes(spec.framework);
    return {
      ...(spec as RecurrentSpec),
      numLayers: onlyOneLayer ? 1 : spec.numLayers,
      ...(projects ? { projSize: spec.hiddenSize >> 1 } : {}),
      // tf.js has no reset_after, and elsewhere it is a GRU's.
      ...(resetAfter !== undefined && spec.kind.startsWith('gru') && spec.framework !== 'tfjs'
        ? { resetAfter }
        : {}),
    };
  });

function partsSum(cost: LayerCost): void {
  const { total, trainable, nonTrainable, weights, biases } = cost.params!;
  assert.equal(n(trainable) + n(nonTrainable), n(total));
  assert.equal(n(weights) + n(biases), n(total));
  assert.equal(
    cost.byGate!.reduce((sum, g) => sum + n(g.params), 0n),
    n(total),
  );
  for (const work of [cost.forward!, cost.backward!, cost.training!, cost.perStep!]) {
    const { flops } = work;
    const ops = Object.values(flops.pointwiseByOp).reduce((sum, d) => sum + n(d), 0n);
    assert.equal(ops, n(flops.pointwise));
    assert.equal(n(flops.products) + n(flops.bias) + n(flops.pointwise), n(flops.total));
    assert.equal(n(flops.products), 2n * n(work.macs));
  }
  assert.equal(n(cost.forward!.macs) + n(cost.backward!.macs), n(cost.training!.macs));
}

describe('properties of recurrent costs', () => {
  it('parts sum to totals', () => {
    fc.assert(fc.property(specs, (spec) => partsSum(costLayer(recurrent(spec), workload))));
  });

  it('a pass over T steps and B sequences is T·B single steps, and three times that in products for a training step', () => {
    fc.assert(
      fc.property(specs, (spec) => {
        const cost = costLayer(recurrent(spec), workload);
        assert.equal(n(cost.forward!.macs), 21n * n(cost.perStep!.macs));
        assert.equal(n(cost.forward!.flops.total), 21n * n(cost.perStep!.flops.total));
        assert.equal(n(cost.training!.macs), 3n * n(cost.forward!.macs));
      }),
    );
  });

  it('parameters, work and memory grow with every size', () => {
    const sizes = ['inputSize', 'hiddenSize', 'numLayers', 'directions'] as const;
    fc.assert(
      fc.property(specs, fc.constantFrom(...sizes), (spec, size) => {
        const single = spec.framework === 'onnx' || recurrent(spec).kind.endsWith('-cell');
        if (size === 'numLayers' && single) return;
        if (size === 'directions' && spec.directions === 2) return;
        const small = costLayer(recurrent(spec), workload);
        const large = costLayer(recurrent({ ...spec, [size]: (spec[size] as number) + 1 }), workload);
        assert.ok(n(large.params!.total) > n(small.params!.total));
        assert.ok(n(large.forward!.macs) > n(small.forward!.macs));
        assert.ok(n(large.forward!.flops.total) > n(small.forward!.flops.total));
        assert.ok(n(large.memory!.activations!) > n(small.memory!.activations!));
      }),
    );
  });

  it('the symbolic path gives the numbers of the concrete one, for counts, work and memory', () => {
    const unknowns = ['inputSize', 'hiddenSize', 'numLayers', 'directions', 'bias'] as const;
    fc.assert(
      fc.property(specs, fc.subarray([...unknowns]), (spec, open) => {
        // Whether Paddle's bias tensors train is read off the flag.
        if (spec.framework === 'paddle' && open.includes('bias')) return;
        const values = new Map(open.map((key) => [`?${key}`, spec[key] as number]));
        const symbols = Object.fromEntries(open.map((key) => [key, symbol(`?${key}`)]));
        const concrete = costLayer(recurrent(spec), workload);
        const symbolic = costLayer(recurrent({ ...spec, ...symbols }), workload);
        const picks: readonly ((c: LayerCost) => Dim)[] = [
          (c) => c.params!.total,
          (c) => c.params!.trainable,
          (c) => c.params!.biases,
          (c) => c.forward!.macs,
          (c) => c.forward!.flops.total,
          (c) => c.training!.flops.total,
          (c) => c.memory!.weights,
          (c) => c.memory!.activations!,
        ];
        for (const pick of picks) {
          assert.equal(constantOf(substitute(pick(symbolic), values)), constantOf(pick(concrete)));
        }
      }),
    );
  });

  it('the explanation of a count sums to it', () => {
    fc.assert(
      fc.property(specs, (spec) => {
        const layer = recurrent(spec);
        const explained = add(...explainParams(layer).map((e) => e.params));
        assert.equal(n(explained), n(costLayer(layer, workload).params!.total));
      }),
    );
  });
});
