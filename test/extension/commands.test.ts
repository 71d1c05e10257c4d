import { strict as assert } from 'node:assert';
import { commands, type TextDocument, Uri, window, workspace } from 'vscode';
import { eventually, lensTitles, LSTM, open } from './support';

describe('Commands', () => {
  it('Analyse This File opens a summary with the numbers', async () => {
    const document = await open(LSTM);
    await commands.executeCommand('rnnLens.analyseFile');
    const summary = await eventually(
      () =>
        workspace.textDocuments.find(
          (d: TextDocument) => d.uri.scheme === 'rnn-lens-summary' && d.uri.query === document.uri.toString(),
        ),
      'the summary',
    );
    assert.match(summary.getText(), /## Encoder/);
    assert.match(summary.getText(), /LSTM 300 → 512, 2 layers \| 3,768,320/);
  });

  it('Assume a Value… puts a value into the workspace, Clear takes it back', async () => {
    const document = await open(
      LSTM.replace('__init__(self)', '__init__(self, width)').replace('300', 'width'),
    );
    const target = { uri: document.uri.toString(), model: 'Encoder', name: 'width', value: 300 };
    await commands.executeCommand('rnnLens.assumeValue', target);
    const assumed = () => workspace.getConfiguration('rnnLens').get<Record<string, unknown>>('assumedValues');
    assert.deepEqual(assumed(), { 'Encoder.width': 300 });
    assert.equal((await lensTitles(document))[0], '3,768,320 parameters (with assumed values)');
    await commands.executeCommand('rnnLens.clearAssumedValues');
    assert.deepEqual(assumed(), {});
  });

  it('Open a Sample Model shows a model whose comment tells the truth', async () => {
    await commands.executeCommand('rnnLens.openSample');
    const document = window.activeTextEditor!.document;
    const said = /([\d,]+) parameters/.exec(document.lineAt(0).text)?.[1];
    assert.equal((await lensTitles(document))[0], `${said} parameters`);
  });

  it("have a shortcut that is nobody else's in an editor", async () => {
    const document = await workspace.openTextDocument(Uri.parse('vscode://defaultsettings/keybindings.json'));
    // A file with comments: whole lines of them.
    const text = document.getText().replace(/^\s*\/\/.*$/gm, '');
    const bindings = JSON.parse(text) as { key: string; command: string; when?: string }[];
    assert.ok(bindings.length > 500, 'the list of default shortcuts');
    const own = bindings.filter((b) => b.command.startsWith('rnnLens.'));
    assert.deepEqual(
      own.map((b) => b.key),
      ['ctrl+alt+r'],
    );
    const others = bindings.filter((b) => b.key === 'ctrl+alt+r' && !b.command.startsWith('rnnLens.'));
    // The terminal's own, while it has the focus.
    assert.deepEqual(
      others.filter((b) => !/terminal/i.test(b.when ?? '')),
      [],
    );
  });

  it('Edit Budgets writes a first rnn-lens.json', async () => {
    const uri = Uri.joinPath(workspace.workspaceFolders![0]!.uri, 'rnn-lens.json');
    await commands.executeCommand('rnnLens.createBudgets');
    try {
      assert.equal(window.activeTextEditor?.document.uri.toString(), uri.toString());
      assert.ok(
        Array.isArray(
          (JSON.parse(window.activeTextEditor!.document.getText()) as { budgets: unknown }).budgets,
        ),
      );
    } finally {
      await commands.executeCommand('workbench.action.closeActiveEditor');
      await workspace.fs.delete(uri);
    }
  });
});
