import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { costModel } from '../../../src/cost';
import { DEFAULT_WORKLOAD, formatMessage } from '../../../src/model';
import { agrees, verdictOf, verify, type CountedWeight } from '../../../src/report/verification';
import { modelNamed, read, ROOT } from '../readers/python/read';

const weight = (name: string, count: number): CountedWeight => ({ name, count, trainable: true });

describe('Verification', () => {
  const path = join(ROOT, 'examples/pytorch/textbook_gru.py');
  const model = modelNamed(read(readFileSync(path, 'utf8'), {}, path), 'TextbookGRU');
  const cost = costModel(model, DEFAULT_WORKLOAD);
  // As PyTorch 1.13 names and counts them.
  const printed = [
    weight('embedding.weight', 2560),
    ...['w_z', 'w_r', 'w'].flatMap((n) => [weight(`cell.${n}.weight`, 2048), weight(`cell.${n}.bias`, 64)]),
    ...['u_z', 'u_r', 'u'].map((n) => weight(`cell.${n}.weight`, 4096)),
    weight('out.weight', 5120),
    weight('out.bias', 80),
  ];

  it('gives each weight to the layer that holds it, parts of a cell written by hand among them', () => {
    const verified = verify(cost, printed);
    assert.deepEqual(
      verified.rows.map((r) => [r.path, r.ours, r.theirs]),
      [
        ['embedding', 2560, 2560],
        ['cell', 18_624, 18_624],
        ['out', 5200, 5200],
      ],
    );
    assert.equal(formatMessage(verdictOf(verified)), 'Both count 26,384 parameters.');
  });

  it('puts weights under other names where their sums meet, in order', () => {
    const verified = verify(cost, [
      ...printed.slice(0, -2),
      weight('out_7.weight', 5120),
      weight('out_7.bias', 80),
    ]);
    assert.deepEqual(
      verified.rows.map((r) => agrees(r)),
      [true, true, true],
    );
    const short = verify(cost, [
      ...printed.slice(0, -2),
      weight('out_7.weight', 5121),
      weight('out_7.bias', 80),
    ]);
    assert.equal(short.rows.find((r) => r.path === 'out')?.theirs, undefined);
  });

  it('shows what only one side has, and differing totals', () => {
    const verified = verify(cost, [...printed, weight('extra.weight', 7)]);
    assert.deepEqual(verified.rows.at(-1), { path: 'extra.weight', ours: undefined, theirs: 7 });
    assert.equal(agrees(verified.total), false);
    assert.match(formatMessage(verdictOf(verified)), /differ: the framework counts 26,391, RNN Lens 26,384/);
  });
});
