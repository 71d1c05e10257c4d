import { strict as assert } from 'node:assert';
import { languages, DiagnosticSeverity, Uri, workspace } from 'vscode';
import { eventually, findings, LSTM, open, withSetting } from './support';

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
