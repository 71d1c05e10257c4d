import assert from 'node:assert/strict';
import { costLayer } from '../../../src/cost';
import {
  type Dim,
  type Layer,
  DEFAULT_WORKLOAD,
  constantOf,
  substitute,
  symbol,
  valueOf,
} from '../../../src/model';
import { goldenFiles, layerOf } from '../../golden/layers/rows';
import { evaluate } from '../cost/evaluate';

const rows = goldenFiles().flatMap(([, file]) =>
  file.rows.map((row) => ({ row, framework: file.framework })),
);

/** The layer with an unknown in place of every size and flag, and what each stands for. */
function withUnknowns(layer: Layer): { readonly open: Layer; readonly values: ReadonlyMap<string, Dim> } {
  const values = new Map<string, Dim>();
  const unknown = (name: string, value: Dim) => {
    values.set(name, value);
    return symbol(name);
  };
  const open: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(layer)) {
    if (isDim(value)) open[key] = unknown(`x_${key}`, value);
    else if (Array.isArray(value) && value.every(isDim)) {
      open[key] = value.map((v, i) => unknown(`x_${key}${i}`, v));
    } else open[key] = value;
  }
  return { open: open as unknown as Layer, values };
}

function isDim(value: unknown): value is Dim {
  return typeof value === 'object' && value !== null && 'terms' in value;
}

describe('golden: formulas', () => {
  it('filled in, every formula is plain arithmetic that gives the framework’s integer', () => {
    for (const { row, framework } of rows) {
      const { formula } = costLayer(layerOf(framework, row.config), DEFAULT_WORKLOAD);
      assert.equal(
        evaluate(formula!.filled),
        BigInt(row.total),
        `${JSON.stringify(row.config)} ${formula!.filled}`,
      );
    }
  });

  it('with every size and flag unknown, the symbolic count evaluates to the same integer', () => {
    for (const { row, framework } of rows) {
      const { open, values } = withUnknowns(layerOf(framework, row.config));
      const { params } = costLayer(open, DEFAULT_WORKLOAD);
      if (row.config.weightNorm !== undefined && 'numLayers' in row.config) {
        // weight_norm names a tensor of the second of an unknown number of layers.
        assert.equal(params, undefined);
        continue;
      }
      for (const [part, expected] of [
        ['total', row.total],
        ['trainable', row.trainable],
      ] as const) {
        // Whether Paddle's bias tensors train hangs on a flag that is unknown here.
        if (part === 'trainable' && framework === 'paddle') continue;
        const label = `${framework} ${JSON.stringify(row.config)} ${part}`;
        assert.equal(valueOf(substitute(params![part], values)), expected, label);
      }
    }
  });

  it('the parts of every count sum to its total, and gates to the layer', () => {
    for (const { row, framework } of rows) {
      const cost = costLayer(layerOf(framework, row.config), DEFAULT_WORKLOAD);
      const n = (d: Dim) => constantOf(d)!;
      const { total, trainable, nonTrainable, weights, biases } = cost.params!;
      assert.equal(n(trainable) + n(nonTrainable), n(total));
      assert.equal(n(weights) + n(biases), n(total));
      if (cost.byGate) {
        const gates = cost.byGate.reduce((sum, g) => sum + n(g.params), 0n);
        assert.equal(gates, n(total), JSON.stringify(row.config));
      }
    }
  });
});
