import assert from 'node:assert/strict';
import { type Resize, compareModel } from '../../../src/compare';
import { analyseSource } from '../../../src/engine/analyse';
import { DEFAULT_WORKLOAD, type Model } from '../../../src/model';

async function modelOf(
  text: string,
): Promise<{ readonly model: Model; readonly resize: Resize | undefined }> {
  const analysis = await analyseSource(
    { file: 'model.py', text },
    { workload: DEFAULT_WORKLOAD, assumptions: new Map(), load: () => Promise.resolve(undefined) },
  );
  const model = analysis.models[0]!.model;
  return { model, resize: analysis.resize!(model) };
}

const net = (hidden: string, more = '') => `
import torch.nn as nn

${more}
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.LSTM(64, ${hidden}, batch_first=True)
        self.fc = nn.Linear(${hidden}, 10)
        self.other = nn.Linear(128, 10)

    def forward(self, x):
        y, _ = self.rnn(x)
        return self.fc(y[:, -1])

net = Net()
`;

describe('comparing whole models: sizes downstream follow the source, not equal numbers', () => {
  it('a Linear fed through one name follows, one of its own number does not', async () => {
    const { model, resize } = await modelOf(net('NHID', 'NHID = 128'));
    const rows = compareModel(model, DEFAULT_WORKLOAD, resize);
    const row = (cell: string, sizing: string) => rows.find((r) => r.cell === cell && r.sizing === sizing)!;
    const params = (gates: number, h: number) => gates * h * (64 + h + 2) + h * 10 + 10 + 1290;
    assert.equal(row('lstm', 'same-size').params, params(4, 128));
    assert.equal(row('gru', 'same-size').params, params(3, 128));
    const gru = row('gru', 'same-params');
    const h = gru.hiddenSizes.rnn!;
    assert.equal(gru.params, params(3, h));
    // The nearest there is.
    const off = (n: number) => Math.abs(params(3, n) - params(4, 128));
    for (let n = 1; n < 400; n++) assert.ok(off(n) > off(h) || (off(n) === off(h) && n >= h), String(n));
    assert.deepEqual(row('lstm', 'same-params').percent.params, 0);
  });

  it('a number written twice follows where the forward pass shows that the layer is fed by it', async () => {
    const { model, resize } = await modelOf(net('128'));
    const gru = compareModel(model, DEFAULT_WORKLOAD, resize).find(
      (r) => r.cell === 'gru' && r.sizing === 'same-params',
    )!;
    const h = gru.hiddenSizes.rnn!;
    assert.notEqual(h, 128);
    // `fc` reads the layer; `other`, of the same number, reads nothing and stays.
    assert.equal(gru.params, 3 * h * (64 + h + 2) + (h * 10 + 10) + 1290);
  });

  it('two layers of different size keep their proportion', async () => {
    const text = `
import torch.nn as nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.a = nn.LSTM(8, 64)
        self.b = nn.LSTM(64, 32)
    def forward(self, x):
        y, _ = self.a(x)
        z, _ = self.b(y)
        return z
`;
    const { model, resize } = await modelOf(text);
    const gru = compareModel(model, DEFAULT_WORKLOAD, resize).find(
      (r) => r.cell === 'gru' && r.sizing === 'same-flops',
    )!;
    const { a, b } = gru.hiddenSizes as { a: number; b: number };
    assert.equal(b, Math.round(a / 2));
    assert.equal(gru.params, 3 * a * (8 + a + 2) + 3 * b * (a + b + 2));
  });

  it('where the forward pass cannot be followed there are only rows of the same size', async () => {
    const { model, resize } = await modelOf(net('128').replace('self.fc(y[:, -1])', 'self.fc(mystery(y))'));
    const rows = compareModel(model, DEFAULT_WORKLOAD, resize);
    assert.deepEqual(new Set(rows.map((r) => r.sizing)), new Set(['same-size']));
  });

  it('a size that no number in the file decides likewise', async () => {
    const { model, resize } = await modelOf(net('SIZE // 2', 'SIZE = 256'));
    assert.equal(resize, undefined);
    const rows = compareModel(model, DEFAULT_WORKLOAD, resize);
    assert.deepEqual(
      rows.map((r) => r.sizing),
      ['same-size', 'same-size', 'same-size'],
    );
  });
});
