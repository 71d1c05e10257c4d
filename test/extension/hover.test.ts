import { strict as assert } from 'node:assert';
import { at, hoverText, LSTM, open, withSetting } from './support';

describe('Hover', () => {
  it('says what an LSTM costs and what the other cells would', async () => {
    const document = await open(LSTM);
    const text = await hoverText(document, at(document, 'nn.LSTM(', 4));
    assert.match(text, /\*\*3,768,320\*\* parameters/);
    assert.match(text, /376 M MACs/);
    assert.match(text, /T = 100, batch 1 \(assumed\)/);
    assert.match(text, /\*\*LSTM\*\* \| (?:&nbsp;)*3,768,320/);
    assert.match(text, /GRU \| (?:&nbsp;)*2,826,240 \| (?:&nbsp;)*−25\.0 %/);
    assert.match(text, /SimpleRNN \| (?:&nbsp;)*942,080 \| (?:&nbsp;)*−75\.0 %/);
    assert.match(text, /command:rnnLens\.compareCells/);
    assert.match(text, /command:rnnLens\.diagnoseGradientFlow/);
  });

  it("says a model's totals at its name", async () => {
    const document = await open(LSTM);
    const text = await hoverText(document, at(document, 'Encoder'));
    assert.match(text, /\*\*Encoder\*\* · PyTorch/);
    assert.match(text, /\*\*3,768,320\*\* parameters/);
  });

  it('takes the sequence length from the settings', async () => {
    const document = await open(LSTM);
    await withSetting('sequenceLength', 7, async () => {
      assert.match(await hoverText(document, at(document, 'nn.LSTM(')), /T = 7, batch 1/);
    });
    assert.match(await hoverText(document, at(document, 'nn.LSTM(')), /T = 100, batch 1/);
  });

  it('gives the reason for what is unknown, and a link to assume a value', async () => {
    const document = await open(
      LSTM.replace('__init__(self)', '__init__(self, width)').replace('300', 'width'),
    );
    const text = await hoverText(document, at(document, 'nn.LSTM('));
    assert.match(text, /width/);
    assert.doesNotMatch(text, /\*\*0\*\* parameters/);
    assert.match(text, /command:rnnLens\.assumeValue/);
  });

  it('shows text from the file as text', async () => {
    const name = 'A__b__';
    const document = await open(LSTM.replaceAll('Encoder', name));
    const text = await hoverText(document, at(document, name));
    assert.match(text, /A\\_\\_b\\_\\_/);
  });

  it('says what a size does to the total', async () => {
    const document = await open(
      LSTM.replace('nn.LSTM(300, 512, 2)', 'nn.LSTM(300, HIDDEN)').replace(
        'class',
        'HIDDEN = 512\n\n\nclass',
      ),
    );
    const text = await hoverText(document, at(document, 'HIDDEN'));
    // 4H(I + H + 2)
    assert.match(text, /\*\*512\*\* \| 1\.67 M \|/);
    assert.match(text, /256 \| 571 k \| −65\.7 %/);
    assert.match(text, /1,024 \| 5\.43 M \| \+225\.8 %/);
    assert.equal(await hoverText(document, at(document, 'import torch')), '');
  });

  it('reads TensorFlow.js', async () => {
    const document = await open(
      "import * as tf from '@tensorflow/tfjs';\n\nconst model = tf.sequential();\nmodel.add(tf.layers.gru({units: 5, inputShape: [10, 4]}));\n",
      'javascript',
    );
    assert.match(await hoverText(document, at(document, 'tf.layers.gru')), /\*\*150\*\* parameters/);
  });

  it('says nothing elsewhere, and nothing at all when switched off', async () => {
    const document = await open(LSTM);
    assert.equal(await hoverText(document, at(document, 'import torch')), '');
    await withSetting('hover.enabled', false, async () => {
      assert.equal(await hoverText(document, at(document, 'nn.LSTM(')), '');
    });
  });

  it('reads Keras', async () => {
    const document = await open(
      'from keras import layers, Sequential\n\nmodel = Sequential([layers.Input((10, 4)), layers.GRU(5)])\n',
    );
    assert.match(await hoverText(document, at(document, 'layers.GRU')), /\*\*165\*\* parameters/);
  });
});
