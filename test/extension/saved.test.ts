import { strict as assert } from 'node:assert';
import {
  CancellationTokenSource,
  commands,
  LanguageModelTextPart,
  lm,
  TabInputCustom,
  Uri,
  window,
  workspace,
} from 'vscode';
import { at, eventually, hoverText, lensTitles, open, repository } from './support';

/** A model file that a framework wrote, and what it counted. */
async function fixture(path: string): Promise<{ uri: Uri; total: number }> {
  const folder = Uri.joinPath(repository, 'test/fixtures/saved');
  const [family, name] = path.split('/') as [string, string];
  const counts = await workspace.fs.readFile(Uri.joinPath(folder, family, 'counts.json'));
  const entry = (JSON.parse(new TextDecoder().decode(counts)) as Record<string, { total: number }>)[name];
  assert.ok(entry, `no count of ${path}`);
  const uri = Uri.joinPath(workspace.workspaceFolders![0]!.uri, name);
  await workspace.fs.copy(Uri.joinPath(folder, path), uri, { overwrite: true });
  return { uri, total: entry.total };
}

describe('Saved models', () => {
  it('open in their own editor from the explorer', async () => {
    const { uri } = await fixture('onnx/lstm.onnx');
    await commands.executeCommand('rnnLens.analyseFile', uri);
    const input = await eventually(() => {
      const tab = window.tabGroups.activeTabGroup.activeTab?.input;
      return tab instanceof TabInputCustom ? tab : undefined;
    }, 'the editor');
    assert.equal(input.viewType, 'rnnLens.savedModel');
    assert.equal(input.uri.path, uri.path);
    await window.tabGroups.close(window.tabGroups.activeTabGroup.activeTab!);
    await workspace.fs.delete(uri);
  });

  for (const path of ['onnx/lstm.onnx', 'safetensors/lstm.safetensors', 'keras/gru.keras', 'keras/lstm.h5']) {
    it(`give assistants their counts: ${path}`, async () => {
      const { uri, total } = await fixture(path);
      const { content } = await lm.invokeTool(
        'rnn-lens_analyse',
        { input: { file: uri.path }, toolInvocationToken: undefined },
        new CancellationTokenSource().token,
      );
      assert.ok(content[0] instanceof LanguageModelTextPart);
      const { files } = JSON.parse(content[0].value) as {
        files: { models: { params: { total: number } }[] }[];
      };
      assert.equal(files[0]!.models[0]!.params.total, total);
      await workspace.fs.delete(uri);
    });
  }

  it('have hover and lenses in JSON', async () => {
    const { uri, total } = await fixture('keras/lstm_no_bias.json');
    const text = new TextDecoder().decode(await workspace.fs.readFile(uri));
    await workspace.fs.delete(uri);
    const document = await open(JSON.stringify(JSON.parse(text), null, 1), 'json');
    const [title] = await lensTitles(document);
    assert.equal(title, `${total.toLocaleString('en')} parameters`);
    assert.match(await hoverText(document, at(document, '"LSTM"', 1)), /\*\*[\d,]+\*\* parameters/);
  });

  it('leave other JSON alone', async () => {
    const document = await open('{ "class": "LSTM" }', 'json');
    assert.deepEqual(await lensTitles(document), []);
  });
});
