import { strict as assert } from 'node:assert';
import { panelState } from '../../../../src/engine/panel/state';
import { type Model, constant, message, symbol } from '../../../../src/model';
import type { ModelView } from '../../../../src/protocol/panel';
import { checkToPage } from '../../../../src/protocol/panel-check-state';
import { comparisonOf, languageModel, panelInput, recurrentOf } from './fixture';

function viewOf(model: Model, changes: Parameters<typeof panelInput>[1] = {}): ModelView {
  const { model: view } = panelState(panelInput(model, changes));
  assert.ok(view);
  return view;
}

const unknownTokens = languageModel({
  tokens: symbol('ntoken'),
  unknowns: [{ name: 'ntoken', reason: message('It is an argument.'), choices: [10, 20] }],
});

describe('Panel state', () => {
  it('shows the counts of the word-language model', () => {
    const { totals, layers } = viewOf(languageModel());
    assert.deepEqual(totals.params, { value: 13_987_678 });
    assert.deepEqual(totals.recurrent, { value: 643_200 });
    assert.deepEqual(
      layers.map((l) => [l.path, l.params.value, l.recurrent]),
      [
        ['encoder', 6_655_600, false],
        ['rnn', 643_200, true],
        ['decoder', 6_688_878, false],
      ],
    );
  });

  it('lets the columns of the layers add up to the totals', () => {
    const { totals, layers } = viewOf(languageModel());
    for (const column of ['params', 'weightBytes'] as const) {
      const sum = layers.reduce((s, l) => s + (l[column].value ?? NaN), 0);
      assert.equal(sum, totals[column].value, column);
    }
  });

  it('keeps an unknown size a formula, never 0', () => {
    const view = viewOf(unknownTokens);
    assert.equal(view.totals.params.value, null);
    assert.match(view.totals.params.formula ?? '', /ntoken/);
    assert.deepEqual(view.unknowns, [
      { name: 'ntoken', reason: message('It is an argument.'), place: null, choices: [10, 20] },
    ]);
    assert.equal(view.layers.find((l) => l.path === 'rnn')?.params.value, 643_200);
  });

  it('compares the layer with the numbers of the comparison', () => {
    const { comparison } = viewOf(languageModel());
    const expected = comparisonOf(languageModel());
    assert.equal(comparison?.path, 'rnn');
    assert.deepEqual(
      comparison?.rows.map((r) => [r.cell, r.sizing, r.hiddenSizes[0]?.size, r.params, r.macs, r.flops]),
      expected.rows.map((r) => [r.cell, r.sizing, r.hiddenSize, r.params, r.macs, r.flops]),
    );
    for (const row of comparison?.rows ?? []) {
      assert.equal(
        row.byGate.reduce((s, g) => s + g.params, 0),
        row.params,
        `${row.cell} by gate`,
      );
    }
  });

  it('says why there is nothing to compare', () => {
    const { comparison, whatIf } = viewOf(
      languageModel({ hidden: symbol('nhid'), unknowns: [{ name: 'nhid', reason: message('Not given.') }] }),
    );
    assert.deepEqual(comparison?.rows, []);
    assert.deepEqual(comparison?.unknown, [message('Not given.')]);
    assert.equal(whatIf, null);
  });

  it('compares the whole model on request', () => {
    const { comparison } = viewOf(languageModel(), { selection: { model: null, layer: '' } });
    const gru = comparison?.rows.find((r) => r.cell === 'gru');
    assert.equal(comparison?.path, '');
    assert.equal(gru?.params, 13_987_678 - 643_200 / 4);
  });

  it('chooses the model and layer that are asked for, and else the first with a recurrent layer', () => {
    const plain: Model = { ...languageModel(), name: 'Plain', layers: languageModel().layers.slice(0, 1) };
    const input = panelInput(languageModel());
    const models = [panelInput(plain).analysis!.models[0]!, input.analysis!.models[0]!];
    const analysis = { models, problems: [] };
    assert.equal(panelState({ ...input, analysis }).model?.name, 'RNNModel');
    const selection = { model: 'Plain', layer: null };
    assert.equal(panelState({ ...input, analysis, selection }).model?.name, 'Plain');
  });

  it('tells models of one name apart', () => {
    const input = panelInput(languageModel());
    const [cost] = input.analysis!.models;
    const analysis = { models: [cost!, cost!], problems: [] };
    assert.deepEqual(
      panelState({ ...input, analysis }).models.map((m) => m.name),
      ['RNNModel', 'RNNModel #2'],
    );
  });

  it('has a phase for a file that is being read, holds nothing or cannot be read', () => {
    const input = panelInput(languageModel());
    assert.equal(panelState({ ...input, analysis: undefined }).phase, 'loading');
    assert.equal(panelState({ ...input, analysis: { models: [], problems: [] } }).phase, 'empty');
    const failed = panelState({ ...input, error: message('No such file.') });
    assert.deepEqual([failed.phase, failed.error], ['error', message('No such file.')]);
  });

  it('is accepted by the page after a trip through JSON', () => {
    for (const model of [languageModel(), unknownTokens]) {
      for (const layer of [null, '']) {
        const state = panelState(panelInput(model, { selection: { model: null, layer } }));
        const result = checkToPage(JSON.parse(JSON.stringify({ type: 'state', state })));
        assert.ok(result.ok, result.ok ? '' : result.wrong);
      }
    }
  });

  it('shows sizes that the source names', () => {
    const model = languageModel();
    const rnn = recurrentOf(model);
    const fact = (text: string) => ({ text, source: rnn.source, how: 'argument' as const });
    const named = { ...rnn, facts: { hiddenSize: fact('nhid'), numLayers: fact('2'), bias: fact('True') } };
    const layers = model.layers.map((l) => (l === rnn ? named : l));
    assert.deepEqual(
      viewOf({ ...model, layers }).facts.map((f) => [f.name, f.value]),
      [['nhid', '200']],
    );
  });

  it('keeps digits that a number cannot hold', () => {
    const { totals } = viewOf(languageModel({ tokens: constant(10n ** 20n) }));
    assert.equal(totals.params.value, null);
    assert.match(totals.params.formula ?? '', /^\d{20,}$/);
  });
});
