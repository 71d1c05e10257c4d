import { strict as assert } from 'node:assert';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../../src/cli/run';

async function check(...args: string[]) {
  let out = '';
  let err = '';
  const code = await run(['check', ...args], { out: (t) => (out += t), err: (t) => (err += t) });
  return { code, out, err };
}

describe('rnn-lens check', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rnn-lens-check-'));
  const file = join(folder, 'model.py').replaceAll('\\', '/');
  const config = join(folder, 'rnn-lens.json');
  const model = (layer: string) =>
    `import torch.nn as nn\n\nclass Net(nn.Module):\n    def __init__(self, width=10):\n        super().__init__()\n        self.rnn = ${layer}\n`;
  const budget = (...budgets: object[]) => writeFileSync(config, JSON.stringify({ budgets }));

  beforeEach(() => writeFileSync(file, model('nn.LSTM(width, 20, 2)')));
  after(() => rmSync(folder, { recursive: true }));

  it('is silent and ends with 0 when all is well', async () => {
    budget({ file: 'model.py', parameters: 5_920 });
    assert.deepEqual(await check(folder, '--config', config), { code: 0, out: '', err: '' });
  });

  it('ends with 1 when a model is over its budget', async () => {
    budget({ model: 'Net', parameters: 5_919 });
    const { code, out } = await check(file, '--config', config);
    assert.equal(code, 1);
    assert.equal(
      out,
      `${file}:3:1: error: Net: parameters is 5,920, over its budget of 5,919. [over-budget]\n`,
    );
  });

  it('takes the budget at its own sequence length', async () => {
    budget({ macs: 100 * 5_600, sequenceLength: 100 });
    assert.equal((await check(file, '--config', config)).code, 0);
    budget({ macs: 100 * 5_600, sequenceLength: 101 });
    assert.equal((await check(file, '--config', config)).code, 1);
  });

  it('says what cannot be checked, without failing', async () => {
    writeFileSync(file, model('nn.LSTM(width, 20, 2)').replace('width=10', 'width'));
    budget({ parameters: 10 });
    const { code, out } = await check(file, '--config', config);
    assert.equal(code, 0);
    assert.match(out, /note: Net: parameters cannot be known/);
  });

  it('reports findings, in the format that was asked for', async () => {
    writeFileSync(file, model('nn.LSTM(width, 20, dropout=0.5)'));
    budget();
    const { code, out } = await check(file, '--config', config);
    assert.equal(code, 1);
    assert.match(out, /:6:\d+: warning: dropout=0\.5 has no effect on one layer.*\[dropout-one-layer\]/);

    const github = (await check(file, '--config', config, '--format', 'github')).out;
    assert.match(
      github,
      /^::warning file=.*model\.py,line=6,col=\d+,title=RNN Lens%3A dropout-one-layer::dropout=0\.5 has no effect/,
    );

    const sarif = JSON.parse((await check(file, '--config', config, '--format', 'sarif')).out) as {
      version: string;
      runs: {
        results: {
          ruleId: string;
          level: string;
          locations: { physicalLocation: { region: { startLine: number } } }[];
        }[];
      }[];
    };
    assert.equal(sarif.version, '2.1.0');
    const [result] = sarif.runs[0]!.results;
    assert.deepEqual([result?.ruleId, result?.level], ['dropout-one-layer', 'warning']);
    assert.equal(result?.locations[0]!.physicalLocation.region.startLine, 6);
  });

  it('refuses a wrong format, a missing or a broken budget file', async () => {
    assert.equal((await check(file, '--format', 'xml')).code, 2);
    assert.equal((await check(file, '--config', join(folder, 'none.json'))).code, 2);
    writeFileSync(config, '{');
    const { code, err } = await check(file, '--config', config);
    assert.equal(code, 2);
    assert.match(err, /not valid JSON/);
  });
});
