import assert from 'node:assert/strict';
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
});
