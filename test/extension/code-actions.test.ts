import { strict as assert } from 'node:assert';
import { type CodeAction, workspace } from 'vscode';
import { actionsAt, at, eventually, findings, hoverText, lensTitles, LSTM, open } from './support';

async function apply(actions: readonly CodeAction[], title: string): Promise<void> {
  const action = actions.find((a) => a.title.startsWith(title));
  assert.ok(action?.edit, `no ${title} among ${actions.map((a) => a.title).join('; ')}`);
  assert.ok(await workspace.applyEdit(action.edit));
}

describe('Code actions', () => {
  it('convert an LSTM to a GRU with what goes with it, and keep the promise of their title', async () => {
    const document = await open(LSTM);
    const actions = await actionsAt(document, at(document, 'nn.LSTM('), 'refactor');
    const title = 'Convert to GRU of the same size (3,768,320 → 2,826,240 parameters)';
    await apply(actions, title);
    const text = document.getText();
    assert.match(text, /self\.rnn = nn\.GRU\(300, 512, 2\)/);
    assert.match(text, /out, h = self\.rnn\(x\)/);
    assert.deepEqual((await lensTitles(document))[0], '2,826,240 parameters');
  });

  it('convert with equal parameters', async () => {
    const document = await open(LSTM);
    const actions = await actionsAt(document, at(document, 'nn.LSTM('), 'refactor');
    const title = actions
      .map((a) => a.title)
      .find((t) => t.startsWith('Convert to GRU with equal parameters'))!;
    await apply(actions, title);
    const promised = /→ ([\d,]+) parameters/.exec(title)?.[1];
    assert.equal((await lensTitles(document))[0], `${promised} parameters`);
    assert.ok(Math.abs(Number(promised!.replaceAll(',', '')) / 3_768_320 - 1) < 0.01);
  });

  it('do not convert where the cell state is read', async () => {
    const document = await open(LSTM.replace('return h[-1]', 'return h[-1] + c[-1]'));
    const actions = await actionsAt(document, at(document, 'nn.LSTM('), 'refactor');
    assert.deepEqual(
      actions.filter((a) => a.title.startsWith('Convert')),
      [],
    );
  });

  it('do not change a size that another layer relies on', async () => {
    const text = LSTM.replace('2)\n', '2)\n        self.out = nn.Linear(512, 10)\n');
    const document = await open(text);
    const titles = (await actionsAt(document, at(document, 'nn.LSTM('), 'refactor')).map((a) => a.title);
    assert.ok(titles.some((t) => t.startsWith('Convert to GRU of the same size')));
    assert.ok(!titles.some((t) => t.includes('equal parameters')), titles.join('; '));
  });

  it('start the forget gate open, in PyTorch', async () => {
    const document = await open(LSTM);
    await apply(await actionsAt(document, at(document, 'nn.LSTM('), 'refactor'), 'Initialise: forget bias 1');
    assert.match(document.getText(), /for _name, _p in self\.rnn\.named_parameters\(\):/);
    assert.deepEqual((await lensTitles(document))[0], '3,768,320 parameters');
  });

  it('start an LSTM of Keras by chrono initialisation', async () => {
    const document = await open(
      'import keras\n\nmodel = keras.Sequential([keras.Input((None, 8)), keras.layers.LSTM(16)])\n',
    );
    await apply(
      await actionsAt(document, at(document, 'keras.layers.LSTM('), 'refactor'),
      'Initialise: chrono initialisation for T = 100',
    );
    assert.match(document.getText(), /^import keras\n\n@keras.*\ndef chrono_bias\(shape, dtype=None\):\n/);
    assert.match(document.getText(), /LSTM\(16, bias_initializer=chrono_bias, unit_forget_bias=False\)/);
    assert.equal((await lensTitles(document))[0], '1,600 parameters');
  });

  it('convert with equal FLOPs', async () => {
    const document = await open(
      'from keras import layers, Sequential\n\nmodel = Sequential([layers.Input((10, 4)), layers.LSTM(32), layers.Dense(1)])\n',
    );
    const actions = await actionsAt(document, at(document, 'layers.LSTM'), 'refactor');
    assert.ok(
      actions.some((a) => /^Convert to SimpleRNN with equal FLOPs/.test(a.title)),
      actions.map((a) => a.title).join('; '),
    );
  });

  it('convert a Keras layer with its states', async () => {
    const document = await open(
      'import keras\nfrom keras import layers\n\ni = keras.Input((10, 4))\nout, h, c = layers.LSTM(8, return_sequences=True, return_state=True)(i)\nmodel = keras.Model(i, [out, h])\n',
    );
    await apply(
      await actionsAt(document, at(document, 'layers.LSTM'), 'refactor'),
      'Convert to GRU of the same size',
    );
    assert.match(
      document.getText(),
      /out, h = layers\.GRU\(8, return_sequences=True, return_state=True\)\(i\)/,
    );
  });

  it('fix a finding', async () => {
    const document = await open(LSTM.replace('512, 2)', '512, dropout=0.5)'));
    const found = await eventually(
      () => findings(document.uri).find((f) => f.startsWith('dropout-one-layer')),
      'finding',
    );
    assert.match(found, /dropout=0\.5 has no effect on one layer/);
    await apply(await actionsAt(document, at(document, 'dropout=0.5'), 'quickfix'), 'Remove dropout');
    assert.match(document.getText(), /nn\.LSTM\(300, 512\)/);
    await eventually(
      () => (findings(document.uri).length === 0 ? true : undefined),
      'the finding going away',
    );
  });

  it('offer to assume a value for what is unknown', async () => {
    const document = await open(
      LSTM.replace('__init__(self)', '__init__(self, width)').replace('300', 'width'),
    );
    assert.match(await hoverText(document, at(document, 'nn.LSTM(')), /width/);
    const titles = (await actionsAt(document, at(document, 'width'), 'quickfix')).map((a) => a.title);
    assert.ok(titles.includes('Assume a value for width…'), titles.join('; '));
  });
});
