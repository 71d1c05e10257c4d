import { strict as assert } from 'node:assert';
import { panelState } from '../../../src/engine/panel/state';
import { type Model, message, symbol } from '../../../src/model';
import { pageCsv, pageJson, pageMarkdown } from '../../../src/report/panel-export';
import { languageModel, panelInput } from '../engine/panel/fixture';

function viewOf(model: Model) {
  return panelState(panelInput(model)).model!;
}

describe('Exports of the page', () => {
  const model = viewOf(languageModel());

  it('writes a table of layers and one of cells as Markdown', () => {
    const text = pageMarkdown('model.py', model, null);
    assert.match(text, /^## RNNModel/);
    assert.match(text, /\| `rnn` \| LSTM 200 → 200, 2 layers \| 643,200 \|/);
    assert.match(text, /\| total \| {2}\| 13,987,678 \|/);
    assert.match(text, /\| GRU \| same parameters \| 235 \| 640,845 \| −0\.4 % \|/);
  });

  it('escapes what a file may have written', () => {
    const evil = { ...model, name: '<img src=x> | *a*' };
    const text = pageMarkdown('model.py', evil, null);
    assert.doesNotMatch(text, /<img/);
    assert.match(text, /\\\*a\\\*/);
  });

  it('writes a rectangular CSV', () => {
    const rows = pageCsv(model).trimEnd().split('\r\n');
    assert.equal(rows.length, 1 + 3 + 9);
    assert.ok(rows.every((r) => r.split(',').length === 11));
    assert.equal(rows[2], 'layer,rnn,,,,643200,64000000,128680000,2572800,,');
  });

  it('leaves unknown numbers empty in CSV and null in JSON', () => {
    const unknown = viewOf(
      languageModel({ tokens: symbol('n'), unknowns: [{ name: 'n', reason: message('?') }] }),
    );
    assert.match(pageCsv(unknown), /^layer,encoder,,,,,0,0,,,\r$/m);
    const json = JSON.parse(pageJson('model.py', unknown, null)) as {
      model: { totals: { params: { value: null } } };
    };
    assert.equal(json.model.totals.params.value, null);
  });

  it('keeps names from being formulas in a spreadsheet', () => {
    const named = { ...model, layers: [{ ...model.layers[0]!, path: '=cmd("x")' }] };
    assert.match(pageCsv(named), /layer,"'=cmd\(""x""\)"/);
  });
});
