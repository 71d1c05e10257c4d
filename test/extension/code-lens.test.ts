import { strict as assert } from 'node:assert';
import { commands, type InlayHint, Range, WorkspaceEdit, workspace } from 'vscode';
import { at, eventually, lensTitles, LSTM, open, withSetting } from './support';

describe('CodeLens', () => {
  it('shows totals and ways on above a model', async () => {
    const document = await open(LSTM);
    assert.deepEqual(await lensTitles(document), ['3,768,320 parameters', 'Compare cells', 'Gradient flow']);
  });

  it('follows an edit', async () => {
    const document = await open(LSTM);
    const edit = new WorkspaceEdit();
    const start = at(document, '512');
    edit.replace(document.uri, new Range(start, start.translate(0, 3)), '100');
    await workspace.applyEdit(edit);
    const [total] = await lensTitles(document);
    assert.equal(
      total,
      `${(4 * 100 * (300 + 100 + 2) + 4 * 100 * (100 + 100 + 2)).toLocaleString('en')} parameters`,
    );
  });

  it('keeps quiet when switched off', async () => {
    const document = await open(LSTM);
    await withSetting('codeLens.enabled', false, async () =>
      assert.deepEqual(await lensTitles(document), []),
    );
  });

  it('never shows 0 for what is unknown', async () => {
    const document = await open(
      LSTM.replace('__init__(self)', '__init__(self, width)').replace('300', 'width'),
    );
    const [total] = await lensTitles(document);
    assert.match(total ?? '', /width/);
  });

  it('marks assumed values', async () => {
    const document = await open(
      LSTM.replace('__init__(self)', '__init__(self, width)').replace('300', 'width'),
    );
    await withSetting('assumedValues', { 'Encoder.width': 300 }, async () => {
      const title = await eventually(
        async () => (await lensTitles(document)).find((t) => t.includes('3,768,320')),
        'total',
      );
      assert.equal(title, '3,768,320 parameters (with assumed values)');
    });
  });
});

describe('Inlay hints', () => {
  const hintsIn = async (document: Awaited<ReturnType<typeof open>>) => {
    const all = new Range(0, 0, document.lineCount, 0);
    const hints = await commands.executeCommand<InlayHint[]>(
      'vscode.executeInlayHintProvider',
      document.uri,
      all,
    );
    return hints.map(({ label, position }) => [label, position.line]);
  };

  it('show the count after a recurrent layer', async () => {
    const document = await open(LSTM);
    assert.deepEqual(await hintsIn(document), [
      ['3.77 M params', 6],
      ['→ (T, B, 512)', 9],
    ]);
  });

  it('show shapes at a Keras layer, and none where the setting says so', async () => {
    const document = await open(
      'from keras import layers, Sequential\n\nmodel = Sequential([layers.Input((10, 4)), layers.GRU(5)])\n',
    );
    assert.deepEqual(await hintsIn(document), [
      ['165 params', 2],
      ['→ (B, 5)', 2],
    ]);
    await withSetting('inlayHints.shapes', false, async () =>
      assert.deepEqual(await hintsIn(document), [['165 params', 2]]),
    );
  });

  it('keep quiet when switched off', async () => {
    const document = await open(LSTM);
    await withSetting('inlayHints.enabled', false, async () => assert.deepEqual(await hintsIn(document), []));
  });
});
