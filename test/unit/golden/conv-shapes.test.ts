import assert from 'node:assert/strict';
import { costLayer } from '../../../src/cost';
import { type Layer, DEFAULT_WORKLOAD, constant, valueOf } from '../../../src/model';
import { type GoldenRow, goldenFiles, layerOf } from '../../golden/layers/rows';

const dims = (shape: readonly number[]) => shape.map((n) => constant(n));
const product = (numbers: readonly number[]) => numbers.reduce((a, b) => a * b, 1);

/** MACs by definition: every value of the kernels at every position they are laid on. */
function expectedMacs(row: GoldenRow): number {
  const channelsFirst = row.config.channelsFirst === true;
  const positions = (shape: readonly number[]) =>
    shape[0]! * product(channelsFirst ? shape.slice(2) : shape.slice(1, -1));
  const kernels = row.tensors.filter(([name]) => /kernel$|weight(_v)?$/.test(name));
  const values = kernels.reduce((sum, [, shape]) => sum + product(shape), 0);
  return values * positions(row.config.kind === 'conv-transpose' ? row.input! : row.output!);
}

describe('golden: convolutions over shapes that real frameworks ran on', () => {
  const rows = goldenFiles().flatMap(([, file]) =>
    file.rows
      .filter((r) => r.input !== undefined && r.config.kind !== 'conv-lstm')
      .map((row) => ({ row, framework: file.framework })),
  );

  it('has over 200 of them', () => assert.ok(rows.length > 200, String(rows.length)));

  it('weight MACs follow from the real output shape, given or worked out', () => {
    for (const { row, framework } of rows) {
      const layer = layerOf(framework, row.config);
      const given = { inputs: [dims(row.input!)], output: dims(row.output!), times: constant(1) };
      const inferred = { inputs: given.inputs, times: given.times };
      const calls = row.config.kind === 'conv-transpose' ? [given] : [given, inferred];
      for (const call of calls) {
        const cost = costLayer({ ...layer, calls: [call] } as Layer, DEFAULT_WORKLOAD);
        assert.equal(valueOf(cost.forward!.macs), expectedMacs(row), JSON.stringify(row.config));
        const bias = row.tensors.find(([name]) => name === 'bias')?.[1][0] ?? 0;
        const positions = product(row.output!) / row.output!.at(row.config.channelsFirst ? 1 : -1)!;
        assert.equal(valueOf(cost.forward!.flops.bias), bias * positions, JSON.stringify(row.config));
      }
    }
  });
});
