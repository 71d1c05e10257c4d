import { strict as assert } from 'node:assert';
import type { Usage } from '../../../src/model';
import { readUsage } from '../../../src/readers/python/usage';

function kinds(text: string): Usage['kind'][] {
  return readUsage({ file: 'a.py', text })
    .map((u) => u.kind)
    .filter((kind) => kind !== 'modules' && kind !== 'training');
}

const MODEL = (forward: string) => `import torch.nn as nn
class M(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.LSTM(4, 8)
        self.soft = nn.Softmax(dim=1)
    def forward(self, x):
        ${forward.replaceAll('\n', '\n        ')}
`;

describe('Usage of a last step', () => {
  it('is seen on both axes', () => {
    const [one] = readUsage({
      file: 'a.py',
      text: MODEL('out, _ = self.rnn(x)\nreturn self.fc(out[:, -1, :])'),
    });
    assert.equal(one?.kind === 'last-of-axis' && one.axis, 1);
    const [zero] = readUsage({ file: 'a.py', text: MODEL('out, (h, c) = self.rnn(x)\nreturn out[-1]') });
    assert.equal(zero?.kind === 'last-of-axis' && zero.axis, 0);
  });

  it('is not claimed when the output is bound again, or it is the state', () => {
    assert.deepEqual(kinds(MODEL('out, _ = self.rnn(x)\nout = out.transpose(0, 1)\nreturn out[:, -1]')), []);
    assert.deepEqual(kinds(MODEL('out, (h, c) = self.rnn(x)\nreturn h[-1]')), []);
    assert.deepEqual(kinds(MODEL('out, _ = self.rnn(x)\nreturn out[:, 0]')), []);
  });
});

describe('Usage of losses', () => {
  it('sees a softmax as the only way out', () => {
    assert.deepEqual(kinds(`${MODEL('return F.softmax(x, dim=1)')}\nloss = nn.CrossEntropyLoss()\n`), [
      'softmax-output',
      'cross-entropy',
    ]);
    assert.deepEqual(kinds(MODEL('x = self.soft(x)\nreturn x')), ['softmax-output']);
  });

  it('sees none in a log-softmax, in the middle, or in one way of two', () => {
    assert.deepEqual(kinds(MODEL('return F.log_softmax(x, dim=1)')), []);
    assert.deepEqual(kinds(MODEL('return self.fc(F.softmax(x, dim=1))')), []);
    assert.deepEqual(kinds(MODEL('if self.training:\n    return x\nreturn F.softmax(x, dim=1)')), []);
  });
});

const LOOP = (body: string) =>
  `for x, y in batches:\n    out, hidden = model(x, hidden)\n    ${body}\n    loss = f(out, y)\n    loss.backward()\n`;

describe('Usage of a state that is carried on', () => {
  it('is seen when nothing else touches it', () => assert.deepEqual(kinds(LOOP('pass')), ['carried-state']));

  it('is not claimed when it is detached, rebuilt or repackaged', () => {
    for (const body of [
      'hidden = hidden.detach()',
      'hidden = repackage(hidden)',
      'hidden.detach_()',
      'hidden = model.zeros()',
    ]) {
      assert.deepEqual(kinds(LOOP(body)), [], body);
    }
  });

  it('is not claimed where nothing is trained', () =>
    assert.deepEqual(kinds(LOOP('pass').replace('    loss.backward()\n', '')), []));
});

describe('Usage of packed sequences', () => {
  const pack = (before: string, more = '') =>
    `def forward(self, x, mask):\n    lengths = mask.sum(1)\n    ${before}\n    p = pack_padded_sequence(x, lengths${more})\n`;

  it('is seen when lengths are computed and nothing is sorted', () =>
    assert.deepEqual(kinds(pack('pass')), ['packed-unsorted']));

  it('is not claimed when something is sorted, or need not be', () => {
    assert.deepEqual(kinds(pack('lengths, order = lengths.sort(0, descending=True)')), []);
    assert.deepEqual(kinds(pack('pass', ', enforce_sorted=False')), []);
  });
});

describe('Usage of biases', () => {
  const fill = (test: string) =>
    `for name, p in lstm.named_parameters():\n    if ${test}:\n        n = p.size(0)\n        p.data[n // 4 : n // 2].fill_(1.0)\n`;

  it('is seen when both are filled', () =>
    assert.deepEqual(kinds(fill('"bias" in name')), ['bias-slice-filled']));
  it('is not claimed when one is', () => assert.deepEqual(kinds(fill('"bias_ih" in name')), []));
});

describe('Usage of anything', () => {
  it('never throws on half a file', () => {
    const text =
      MODEL('out, _ = self.rnn(x)\nreturn out[:, -1, :]') + LOOP('pass') + LOOP('hidden = hidden.detach()');
    for (let end = 0; end < text.length; end += 3) readUsage({ file: 'a.py', text: text.slice(0, end) });
  });
});
