import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cli, cliJson, FIXTURES } from './harness';

const LAYERS = join(FIXTURES, 'layers.py');

interface Row {
  cell: string;
  sizing: string;
  current: boolean;
  hiddenSize: number;
  params: number;
  macs: number;
  percent: { params: number; flops: number };
}

describe('rnn-lens compare', () => {
  it('gives every cell in every sizing', async () => {
    const { json, code } = await cliJson('compare', LAYERS, '--class', 'wide');
    assert.equal(code, 0);
    const rows: Row[] = json.layers[0].rows;
    assert.deepEqual(new Set(rows.map((r) => `${r.cell} ${r.sizing}`)).size, 9);
    const same = (cell: string) => rows.find((r) => r.cell === cell && r.sizing === 'same-size')!;
    assert.deepEqual(
      [same('lstm').params, same('gru').params, same('rnn').params],
      [3_768_320, 2_826_240, 942_080],
    );
    assert.equal(same('gru').percent.params, -25);
    assert.equal(same('gru').macs, (376_012_800 * 3) / 4);
    assert.deepEqual(
      rows.filter((r) => r.current).map((r) => r.cell),
      ['lstm', 'lstm', 'lstm'],
    );
  });

  it('says why there are no rows', async () => {
    const { json } = await cliJson('compare', join(FIXTURES, 'tagger.py'), '--assume', 'hidden_size=64');
    assert.equal(json.layers[0].rows.length, 9);
  });

  it('prints a table for people', async () => {
    const { out } = await cli('compare', LAYERS, '--class', 'lstm');
    assert.match(out, /same parameters\s+GRU\s+\d+/);
  });

  it('refuses a layer that is not there, naming those that are', async () => {
    const { code, err } = await cli('compare', LAYERS, '--layer', 'nowhere');
    assert.equal(code, 2);
    assert.match(err, /no recurrent layer at nowhere; there are /);
  });

  it('compares whole models at equal budgets: layers downstream change too, and what is left over is said', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'rnn-lens-')), 'model.py');
    writeFileSync(file, MODEL);
    const { json } = await cliJson('compare', file, '--class', 'Tagger');
    const rows: {
      cell: string;
      sizing: string;
      hiddenSizes: { rnn: number };
      params: number;
      percent: { params: number };
    }[] = json.models[0].rows;
    assert.equal(rows.length, 9);
    const gru = rows.find((r) => r.cell === 'gru' && r.sizing === 'same-params')!;
    const params = (gates: number, h: number) => 100 * 50 + gates * h * (50 + h + 2) + (h + 1) * 10;
    const written = params(4, 64);
    const best = Array.from({ length: 200 }, (_, i) => i + 1).sort(
      (a, b) => Math.abs(params(3, a) - written) - Math.abs(params(3, b) - written) || a - b,
    )[0]!;
    assert.equal(gru.hiddenSizes.rnn, best);
    assert.equal(gru.params, params(3, best));
    assert.equal(gru.percent.params, Math.round((10_000 * (gru.params - written)) / written) / 100);
    const { out } = await cli('compare', file, '--class', 'Tagger');
    assert.match(out, /Tagger, the whole model/);
    assert.match(out, new RegExp(`same parameters +GRU +${best} `));
    assert.deepEqual((await cliJson('compare', file, '--class', 'Tagger', '--layer', 'rnn')).json.models, []);
  });
});

const MODEL = `import torch.nn as nn

class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed = nn.Embedding(100, 50)
        self.rnn = nn.LSTM(50, 64, batch_first=True)
        self.fc = nn.Linear(self.rnn.hidden_size, 10)

    def forward(self, x):
        out, _ = self.rnn(self.embed(x))
        return self.fc(out)

model = Tagger()
`;
