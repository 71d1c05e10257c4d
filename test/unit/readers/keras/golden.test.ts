import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Collector, buildModel, specFromConfig } from '../../../../src/readers/keras';
import { costModel } from '../../../../src/cost';
import { type Layer, type Shape, DEFAULT_WORKLOAD, constant, dimKey, valueOf } from '../../../../src/model';

interface Case {
  readonly name: string;
  readonly config: unknown;
  readonly total: number;
  readonly trainable: number;
  readonly outputs: readonly (readonly (number | null)[])[];
  readonly layers: readonly { readonly name: string; readonly class: string; readonly params: number }[];
}

const golden = JSON.parse(readFileSync('test/golden/keras_graphs.json', 'utf8')) as {
  cases: readonly Case[];
};
const source = { file: 'model.json' };

function read(c: Case) {
  const ctx = new Collector('keras');
  const spec = specFromConfig(c.config, () => source);
  assert.ok(spec);
  return { ...buildModel(spec, ctx), ctx };
}

function count(layers: readonly Layer[]) {
  const model = {
    name: 'm',
    framework: 'keras' as const,
    source,
    form: 'saved' as const,
    layers,
    unknowns: [],
    assumed: [],
  };
  return costModel(model, DEFAULT_WORKLOAD).params;
}

/**
 * Fixed axes must agree; where Keras says None, ours must not be a number. Except that EinsumDense leaves open what its
 * `output_shape` calls None, even where the input fixes it.
 */
function sameShape(ours: Shape | undefined, theirs: readonly (number | null)[], einsum: boolean): boolean {
  if (ours?.length !== theirs.length) return false;
  return theirs.every((d, i) => {
    const n = valueOf(ours[i]!);
    return d === null ? n === undefined || (einsum && i === 1) : n === d;
  });
}

describe('Keras builder against what Keras printed', () => {
  it('has the cases', () => assert.ok(golden.cases.length >= 150));

  for (const c of golden.cases) {
    it(`${c.name}: layers, totals and output shapes`, () => {
      const { layers, outputs, ctx } = read(c);
      const params = count(layers);
      assert.deepEqual(
        [...ctx.unknowns.keys()].filter((n) => !/axis\d$/.test(n)),
        [],
      );
      for (const row of c.layers) {
        const ours = layers.filter((l) => l.path === row.name || l.path.startsWith(`${row.name}.`));
        assert.equal(valueOf(count(ours)?.total ?? constant(-1)), row.params, `${row.class} ${row.name}`);
      }
      assert.equal(valueOf(params!.total), c.total);
      assert.equal(valueOf(params!.trainable), c.trainable);
      c.outputs.forEach((theirs, i) => {
        assert.ok(
          sameShape(
            outputs[i],
            theirs,
            c.layers.some((l) => l.class === 'EinsumDense'),
          ),
          `output ${i}: ${outputs[i]?.map(dimKey).join(', ')} is not ${theirs}`,
        );
      });
    });
  }
});
