import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compareLayer } from '../../../../src/compare';
import { costModel } from '../../../../src/cost';
import {
  DEFAULT_WORKLOAD,
  isRecurrent,
  valueOf,
  type Layer,
  type RecurrentLayer,
} from '../../../../src/model';
import { layerMarkdown } from '../../../../src/report/hover-markdown';
import { layerAt, modelNamed, read, readFixture, ROOT } from './read';

const fixture = readFixture('gru_by_hand.py');

function cells(layers: readonly Layer[]): RecurrentLayer[] {
  return layers.filter(isRecurrent);
}

describe('GRU cells written by hand', () => {
  const facts = (l: RecurrentLayer) => ({
    sizes: [valueOf(l.inputSize), valueOf(l.hiddenSize)],
    after: valueOf(l.resetAfter!),
    keeps: l.byHand?.updateKeeps,
    biases: l.byHand?.biases,
    parts: l.byHand?.parts.length,
  });

  for (const [name, wanted] of [
    ['Joined', { sizes: [5, 7], after: 0, keeps: true, biases: 1, parts: 2 }],
    ['Split', { sizes: [5, 7], after: 1, keeps: true, biases: 2, parts: 2 }],
    ['Plain', { sizes: [4, 6], after: 0, keeps: false, biases: 0, parts: 6 }],
    ['Biased', { sizes: [4, 6], after: 1, keeps: false, biases: 1, parts: 9 }],
  ] as const) {
    it(`knows ${name} by what it computes`, () => {
      // `Split` is made twice: by itself, and inside `Extra`.
      const made = fixture.models.filter((m) => m.name === name).flatMap((m) => cells(m.layers).map(facts));
      assert.deepEqual(
        made.find((m) => m.sizes[0] === wanted.sizes[0]) ?? made[0],
        name === 'Split' ? { ...wanted, sizes: [3, 8] } : wanted,
      );
    });
  }

  for (const name of ['Relu', 'NoReset', 'Crossed', 'Doubled', 'Normed', 'Softened'])
    it(`takes ${name} for what it is: linear layers`, () => {
      assert.deepEqual(cells(modelNamed(fixture, name).layers), []);
    });

  it('counts its steps from the loop around it', () => {
    const cell = layerAt(modelNamed(fixture, 'Extra'), 'cell');
    assert.equal(cell.calls?.length, 1);
    const cost = costModel(modelNamed(fixture, 'Extra'), DEFAULT_WORKLOAD);
    const ours = cost.layers.find((l) => l.layer.path === 'cell')!;
    assert.equal(valueOf(ours.steps!), DEFAULT_WORKLOAD.seqLen);
    // Two matrices of three gates each, every step.
    assert.equal(valueOf(ours.forward!.macs), 100 * (3 * 8 * 3 + 3 * 8 * 8));
  });

  for (const framework of ['pytorch', 'keras'])
    it(`reads the textbook's cell in the ${framework} gallery`, () => {
      const path = join(ROOT, 'examples', framework, 'textbook_gru.py');
      const { models } = read(readFileSync(path, 'utf8'), {}, path);
      const [cell] = models.flatMap((m) => cells(m.layers));
      assert.ok(cell?.byHand);
      assert.equal(cell.kind, 'gru-cell');
      assert.equal(valueOf(cell.resetAfter!), 0);
      assert.deepEqual([cell.byHand.updateKeeps, cell.byHand.biases], [false, 1]);
      const model = models.find((m) => m.layers.includes(cell))!;
      const cost = costModel(model, DEFAULT_WORKLOAD).layers.find((l) => l.layer === cell)!;
      const [i, h] = [valueOf(cell.inputSize)!, valueOf(cell.hiddenSize)!];
      assert.equal(valueOf(cost.params!.total), 3 * h * (i + h + 1));
      const comparison = compareLayer(cell, model, DEFAULT_WORKLOAD);
      const lstm = comparison.rows.find((r) => r.cell === 'lstm' && r.sizing === 'same-size');
      assert.equal(lstm?.params, 4 * h * (i + h + 1));
      const text = layerMarkdown(cost, comparison, DEFAULT_WORKLOAD);
      assert.match(text, /GRU cell, written by hand/);
      assert.match(text, /before the recurrent product/);
      assert.match(text, /share of the candidate that comes in/);
      assert.match(text, /One bias vector per gate/);
    });
});
