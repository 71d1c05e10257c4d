import { strict as assert } from 'node:assert';
import { languages, DiagnosticSeverity, Uri, workspace } from 'vscode';
import { actionsAt, at, eventually, findings, LSTM, open, withSetting } from './support';

/** Waits for a finding of a rule. */
function found(uri: Uri, rule: string): Promise<string> {
  return eventually(() => findings(uri).find((f) => f.startsWith(`${rule}:`)), `a finding of ${rule}`);
}

describe('Findings', () => {
  it('are silent on a sound model', async () => {
    const [sound, marker] = [await open(LSTM), await open(LSTM.replace('512, 2)', '512, dropout=0.5)'))];
    // The second document was checked after the first.
    await found(marker.uri, 'dropout-one-layer');
    assert.deepEqual(findings(sound.uri), []);
  });

  it('see the last sequence taken for the last step', async () => {
    const document = await open(LSTM.replace('return h[-1]', 'return out[:, -1, :]'));
    assert.match(await found(document.uri, 'last-step-axis'), /the second axis is the batch/);
  });

  it('see what keeps a Keras layer off cuDNN', async () => {
    const document = await open(
      'from keras import layers, Sequential\n\nmodel = Sequential([layers.Input((10, 4)), layers.LSTM(5, recurrent_dropout=0.2)])\n',
    );
    assert.match(await found(document.uri, 'keras-no-cudnn'), /recurrent_dropout=0\.2/);
  });

  it('see a missing return_sequences', async () => {
    const document = await open(
      'from keras import layers, Sequential\n\nmodel = Sequential([layers.Input((10, 4)), layers.LSTM(5), layers.LSTM(3)])\n',
    );
    assert.match(await found(document.uri, 'return-sequences-missing'), /return_sequences/);
  });

  it('have the severity of the settings, and can be switched off', async () => {
    const document = await open(LSTM.replace('512, 2)', '512, dropout=0.5)'));
    await found(document.uri, 'dropout-one-layer');
    await withSetting('findings.severity', { 'dropout-one-layer': 'hint' }, () =>
      eventually(
        () => languages.getDiagnostics(document.uri).find((d) => d.severity === DiagnosticSeverity.Hint),
        'the hint',
      ),
    );
    await withSetting('findings.severity', { 'dropout-one-layer': 'off' }, () =>
      eventually(() => (findings(document.uri).length === 0 ? true : undefined), 'silence'),
    );
  });

  it('see a state made for the wrong axis, and settle it', async () => {
    const document = await open(
      LSTM.replace('import torch.nn as nn', 'import torch\nimport torch.nn as nn').replace(
        'self.rnn(x)',
        'self.rnn(x, (torch.zeros(2, x.size(0), 512), torch.zeros(2, x.size(0), 512)))',
      ),
    );
    assert.match(await found(document.uri, 'state-batch-axis'), /axis 1 is the batch/);
    const [fix] = await actionsAt(document, at(document, 'torch.zeros'), 'quickfix');
    assert.equal(fix?.title, 'Set batch_first=True');
    assert.ok(await workspace.applyEdit(fix.edit!));
    assert.match(document.getText(), /nn\.LSTM\(300, 512, 2, batch_first=True\)/);
    await eventually(
      () => (findings(document.uri).length === 0 ? true : undefined),
      'the finding going away',
    );
  });

  it('say once that sizes do not fit, where they are written and where it shows', async () => {
    const document = await open(
      LSTM.replace('512, 2)', '512, bidirectional=True)\n        self.out = nn.Linear(512, 3)').replace(
        'return h[-1]',
        'return self.out(out)',
      ),
    );
    assert.match(await found(document.uri, 'input-size-mismatch'), /a bidirectional layer gives 1024/);
    const own = languages.getDiagnostics(document.uri).filter((d) => d.source === 'RNN Lens');
    assert.equal(own.length, 1);
    assert.equal(own[0]!.relatedInformation?.[0]?.location.range.start.line, 11);
  });

  it('measure how far the last step of a long sequence reaches back', async () => {
    const document = await open(
      'from keras import layers, Sequential\n\nmodel = Sequential([layers.Input((300, 4)), layers.SimpleRNN(8), layers.Dense(1)])\n',
    );
    assert.match(
      await found(document.uri, 'gradient-horizon'),
      /^gradient-horizon: Only the last of 300 steps/,
    );
  });

  it('link to the page that explains them, and the page is there', async () => {
    const document = await open(LSTM.replace('512, 2)', '512, dropout=0.5)'));
    await found(document.uri, 'dropout-one-layer');
    const [diagnostic] = languages.getDiagnostics(document.uri).filter((d) => d.source === 'RNN Lens');
    const code = diagnostic?.code as { readonly target: Uri };
    const page = new TextDecoder().decode(await workspace.fs.readFile(code.target.with({ fragment: '' })));
    assert.ok(page.includes(`## ${code.target.fragment}`), code.target.toString());
  });

  it('hold models to the budgets of rnn-lens.json', async () => {
    const folder = workspace.workspaceFolders![0]!.uri;
    const budgets = Uri.joinPath(folder, 'rnn-lens.json');
    const file = Uri.joinPath(folder, 'over_budget.py');
    const write = (uri: Uri, text: string) => workspace.fs.writeFile(uri, new TextEncoder().encode(text));
    await write(file, LSTM);
    await write(budgets, JSON.stringify({ budgets: [{ file: 'over_budget.py', parameters: 1_000_000 }] }));
    try {
      await workspace.openTextDocument(file);
      assert.match(
        await found(file, 'over-budget'),
        /Encoder: parameters is 3,768,320, over its budget of 1,000,000/,
      );
      await write(budgets, JSON.stringify({ budgets: [{ parameters: 5_000_000 }] }));
      await eventually(() => (findings(file).length === 0 ? true : undefined), 'the finding going away');
    } finally {
      await workspace.fs.delete(budgets);
      await workspace.fs.delete(file);
    }
  });
});
