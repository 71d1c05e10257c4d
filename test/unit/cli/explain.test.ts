import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cli, cliJson } from './harness';

function source(text: string): string {
  const file = join(mkdtempSync(join(tmpdir(), 'rnn-lens-')), 'model.py');
  writeFileSync(file, text);
  return file;
}

const LAYER = 'import torch.nn as nn\nlayer = nn.LSTM(64, 128)\n';

const PACKED = `import torch.nn as nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

class Tagger(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.LSTM(10, 20, batch_first=True)
        self.fc = nn.Linear(20, 3)

    def forward(self, x, lengths):
        packed = pack_padded_sequence(x, lengths, batch_first=True)
        out, _ = self.rnn(packed)
        out, _ = pad_packed_sequence(out, batch_first=True)
        return self.fc(out)
`;

describe('rnn-lens explain', () => {
  it('nn.LSTM(64, 128), T=50: every quantity apart, and what each counter adds', async () => {
    const { json } = await cliJson('explain', source(LAYER), '--seq-len', '50', '--batch', '2');
    const [layer] = json.models[0].layers;
    const { params, work, bytes } = layer.quantities;
    assert.deepEqual(layer.formula, { letters: '4·H·(I + H + 2)', filled: '4·128·(64 + 128 + 2)' });
    assert.equal(params.total, 99_328);
    assert.deepEqual(
      params.byGate.map((g: { params: number }) => g.params),
      [24_832, 24_832, 24_832, 24_832],
    );
    assert.equal(work.perStep.macs, 98_304);
    assert.equal(work.perSequence.macs, 4_915_200);
    assert.equal(work.perBatch.macs, 9_830_400);
    const { flops } = work.perStep;
    assert.equal(flops.forward, 2 * 98_304 + 1_024 + 9 * 128);
    assert.deepEqual(flops.byOperation, { sigmoid: 384, tanh: 256, mul: 384, add: 128 });
    // Products twice more, a bias addition, and the derivatives of 5 activations (3 each) and 3 products (2 each).
    assert.equal(flops.backward, 4 * 98_304 + 1_024 + 21 * 128);
    assert.equal(flops.training, flops.forward + flops.backward);
    assert.equal(bytes.float32.weights, 4 * 99_328);
    assert.equal(bytes.bfloat16.weights, 2 * 99_328);
    assert.equal(bytes.int8.optimiser.adam, 2 * 99_328);
    // Input, four gates, cell state and output.
    assert.equal(bytes.float16.activationsPerStep, 2 * (64 + 6 * 128));
    assert.equal(bytes.float16.activations, 2 * 50 * bytes.float16.activationsPerStep);
    assert.ok(layer.sentences.some((text: string) => text.startsWith('thop prints 10,035,200 ')));
  });

  it('says in text what torchinfo, thop and ptflops add, and why Keras has another count', async () => {
    const { out, code } = await cli('explain', source(LAYER), '--seq-len', '50');
    assert.equal(code, 0);
    for (const line of [
      'torchinfo prints 4,966,400 multiply-accumulates where the weights take part in 4,915,200:',
      'thop prints 5,017,600 multiply-accumulates where the weights take part in 4,915,200:',
      'ptflops prints 5,030,400 multiply-accumulates where the weights take part in 4,915,200:',
      'Bias values count as multiply-accumulates: 51,200.',
      'Elementwise products and sums of the state: 38,400.',
      'The same sizes in Keras: 98,816 parameters, a difference of −512.',
    ])
      assert.ok(out.includes(line), line);
    assert.match(out, /gate: forget +24,832/);
    assert.match(out, /FLOPs, training step +595,712 +29,785,600 +29,785,600/);
    assert.match(out, /optimiser state: Adam +776 KiB +388 KiB +388 KiB +194 KiB/);
  });

  it('costs a packed layer by the real lengths, and says what padding would cost', async () => {
    const { json } = await cliJson('explain', source(PACKED), '--class', 'Tagger', '--lengths', '5,3,1');
    const [layer] = json.models[0].layers;
    assert.deepEqual(json.models[0].workload.lengths, [5, 3, 1]);
    assert.equal(layer.quantities.work.perBatch.macs, 9 * 2_400);
    const step = layer.quantities.work.perStep.flops.forward;
    assert.deepEqual(layer.quantities.packed, {
      steps: 9,
      flops: 9 * step,
      paddedSteps: 15,
      paddedFlops: 15 * step,
    });
    // The dense layer reads the padded output: 15 positions.
    assert.equal(json.models[0].quantities.work.perBatch.macs, 9 * 2_400 + 15 * 60);
  });

  it('explains any layer by its path, and refuses one that is not there', async () => {
    const file = source(PACKED);
    const { out } = await cli('explain', file, '--class', 'Tagger', '--layer', 'fc');
    assert.match(out, /fc: Linear 20 → 3 \(PyTorch\)/);
    const missing = await cli('explain', file, '--layer', 'nothing');
    assert.equal(missing.code, 2);
    assert.match(missing.err, /no layer at nothing; there are rnn, fc/);
  });

  it('says what is supposed where the runs of a layer cannot be seen', async () => {
    const file = source(`import torch.nn as nn
class Walker(nn.Module):
    def __init__(self):
        super().__init__()
        self.cell = nn.GRUCell(3, 4)
    def forward(self, x, stop):
        h = None
        while h is None or stop(h):
            h = self.cell(x, h)
        return h
`);
    const { json } = await cliJson('explain', file);
    assert.match(
      json.models[0].notes.join('\n'),
      /How often cell runs cannot be seen.*suppose one run over T steps/,
    );
    const { out } = await cli('analyze', file);
    assert.match(out, /supposed: How often cell runs cannot be seen/);
  });

  it('refuses lengths that are none, and lengths beside a sequence length', async () => {
    const file = source(LAYER);
    for (const lengths of ['5,0', 'a', '', '1.5', '-3']) {
      const { code, err } = await cli('explain', file, `--lengths=${lengths}`);
      assert.equal(code, 2, lengths);
      assert.match(err, /--lengths takes whole numbers/);
    }
    assert.equal((await cli('explain', file, '--lengths', '5', '--batch', '2')).code, 2);
  });
});
