import assert from 'node:assert/strict';
import { formatDim, formatMessage, valueOf } from '../../../../src/model';
import { readPython } from '../../../../src/readers/python';
import { layerAt, modelNamed, moduleOf, read, readFixture, totals } from './read';

describe('Python source: what is known, and why not', () => {
  it('names an argument that nobody gives, with its place and choices', () => {
    const model = modelNamed(readFixture('unknowns.py'), 'Language');
    assert.equal(totals(model).total, undefined);
    const unknown = model.unknowns.find((u) => u.name === 'rnn_type');
    assert.ok(unknown);
    assert.equal(
      formatMessage(unknown.reason),
      '`rnn_type` is an argument of `Language.__init__` without a default, and no call in this file gives it.',
    );
    assert.equal(unknown.source?.range?.start.line, 5);
    assert.deepEqual(unknown.choices, ['LSTM', 'GRU', 'RNN_TANH', 'RNN_RELU']);
    const rnn = layerAt(model, 'rnn');
    assert.equal(rnn.kind, 'unknown');
    assert.deepEqual(rnn.kind === 'unknown' && rnn.dependsOn, ['rnn_type']);
  });

  it('keeps sizes as formulas over the unknowns', () => {
    const encoder = layerAt(modelNamed(readFixture('unknowns.py'), 'Language'), 'encoder');
    assert.ok(encoder.kind === 'embedding');
    assert.equal(formatDim(encoder.vocabularySize), 'ntoken');
    assert.equal(formatDim(encoder.embeddingSize), 'ninp');
  });

  it('takes assumptions by name, by Class.name and from comments, and says so', () => {
    const deep = modelNamed(readFixture('unknowns.py', { 'Deep.depth': 3, depth: 9 }), 'Deep');
    assert.equal(valueOf(deep.layers.length), 6);
    const commented = modelNamed(readFixture('unknowns.py'), 'Commented');
    assert.equal(totals(commented).total, 585);
    const depth = commented.assumed.find((a) => a.name.endsWith('depth'));
    assert.equal(depth?.from, 'comment');
    assert.equal(depth?.value, 3);
    // What the user says wins over the comment.
    assert.equal(
      totals(modelNamed(readFixture('unknowns.py', { 'Commented.depth': 1 }), 'Commented')).total,
      273,
    );
  });

  it('repeats a layer when the number of turns is unknown, the first apart where it differs', () => {
    const model = modelNamed(readFixture('unknowns.py'), 'Deep');
    assert.deepEqual(
      model.layers.map((l) => [l.path, l.repeat && formatDim(l.repeat)]),
      [
        ['layers.0', undefined],
        ['layers.1', 'depth - 1'],
        ['heads.0', undefined],
        ['heads.1', 'depth - 1'],
      ],
    );
  });

  it('never generalises layers that change from turn to turn', () => {
    const text = `import torch.nn as nn
class Net(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(2 ** i, 4) for i in range(n)])
        self.halves = nn.ModuleList([nn.Linear(8, 4 if i < 3 else 5) for i in range(n)])
        sizes = [i + 1 for i in range(n)]
        self.later = nn.ModuleList()
        for size in sizes:
            self.later.append(nn.GRU(size, 4))
        for i in range(n):
            self.add_module('x{}'.format(i), nn.Linear(i, 2))
`;
    const model = modelNamed(read(text), 'Net');
    assert.equal(totals(model).total, undefined);
    assert.ok(model.layers.some((l) => l.kind === 'unknown' && l.path.startsWith('layers')));
    for (const path of ['halves', 'later', '{']) {
      assert.ok(
        model.layers.some((l) => l.kind === 'unknown' && l.path.startsWith(path)),
        path,
      );
    }
    assert.deepEqual(
      model.unknowns.map((u) => u.name),
      ['n'],
    );
  });

  it('multiplies a layer that a flag decides by the flag', () => {
    const model = modelNamed(readFixture('unknowns.py'), 'Maybe');
    assert.equal(formatDim(layerAt(model, 'skip').repeat!), 'residual');
    const main = layerAt(model, 'main');
    assert.equal(main.kind === 'gru' && formatDim(main.directions), '1 + residual');
  });

  it('reports a class it can’t find as a layer of unknown size', () => {
    const text = `import torch.nn as nn
import torchvision.models as models
from elsewhere import Encoder
class Net(nn.Module):
    def __init__(self, inner):
        super().__init__()
        self.cnn = models.resnet18(pretrained=True)
        self.encoder = Encoder(3)
        self.inner = inner
        self.fc = nn.Linear(3, 4)
    def forward(self, x):
        return self.fc(self.inner(self.encoder(self.cnn(x))))
`;
    const result = readPython({ file: '/code/model.py', text }, { assumptions: new Map() });
    const model = modelNamed(result, 'Net');
    assert.equal(totals(model).total, undefined);
    assert.deepEqual(
      model.layers.map((l) => l.kind),
      ['unknown', 'unknown', 'unknown', 'dense'],
    );
    const encoder = layerAt(model, 'encoder');
    assert.match(encoder.kind === 'unknown' ? formatMessage(encoder.reason) : '', /imported/);
    assert.ok(result.wanted.includes('/code/elsewhere.py'));
    assert.ok(result.wanted.includes('/elsewhere.py'));
  });

  it('does not take plain values for layers', () => {
    const text = moduleOf(
      "self.vocab = vocab\nself.sizes = [1, 2]\nself.fc = nn.Linear(2, 3)\nself.name = f'{vocab}'",
    );
    assert.equal(totals(modelNamed(read(text), 'Net')).total, 9);
  });

  it('shows each construction of a class', () => {
    const text = `import torch.nn as nn
class Net(nn.Module):
    def __init__(self, n):
        super().__init__()
        self.fc = nn.Linear(n, n)
small = Net(2)
def build():
    return Net(3)
class Outer(nn.Module):
    def __init__(self):
        super().__init__()
        self.inner = Net(4)
again = Net(2)
`;
    const nets = read(text).models.filter((m) => m.name === 'Net');
    assert.deepEqual(nets.map((m) => [m.construction?.text, totals(m).total]).sort(), [
      ['Net(2)', 6],
      ['Net(3)', 12],
      ['Net(4)', 20],
    ]);
    assert.deepEqual(
      modelNamed(read(text), 'Outer').layers.map((l) => l.path),
      ['inner.fc'],
    );
  });

  it('says where the number behind an argument is written', () => {
    const text = `import torch.nn as nn
HIDDEN = 64
class Net(nn.Module):
    def __init__(self, size=32):
        super().__init__()
        self.rnn = nn.LSTM(size, HIDDEN, 2)
`;
    const facts = layerAt(modelNamed(read(text), 'Net'), 'rnn').facts!;
    assert.deepEqual(
      [facts.inputSize!.text, facts.inputSize!.how, facts.inputSize!.origin?.range?.start],
      ['size', 'default', { line: 3, character: 28 }],
    );
    assert.deepEqual(
      [facts.hiddenSize!.text, facts.hiddenSize!.how, facts.hiddenSize!.origin?.range?.start],
      ['HIDDEN', 'constant', { line: 1, character: 9 }],
    );
    assert.deepEqual([facts.numLayers!.text, facts.numLayers!.how], ['2', 'literal']);
  });

  it('joins branches: what both do alike is known, what differs is not', () => {
    const text = `import torch.nn as nn
class Net(nn.Module):
    def __init__(self, mode, size=4):
        super().__init__()
        if mode == 'a':
            self.rnn = nn.GRU(size, 8)
            out = 8
        elif mode == 'b':
            self.rnn = nn.GRU(size, 8)
            out = 16
        else:
            raise ValueError(mode)
        self.fc = nn.Linear(8, 2)
        self.head = nn.Linear(out, 2)
`;
    const model = modelNamed(read(text), 'Net');
    assert.equal(layerAt(model, 'rnn').kind, 'gru');
    const head = layerAt(model, 'head');
    assert.equal(head.kind === 'dense' && formatDim(head.inputSize), 'out');
    assert.equal(totals(model).total, undefined);
    assert.equal(totals(modelNamed(read(text, { mode: 'b' }), 'Net')).total, 336 + 18 + 34);
  });

  it('does not count a vocabulary that a file decides', () => {
    const text = `import torch.nn as nn
class Dictionary(object):
    def __init__(self):
        self.word2idx = {}
        self.idx2word = []
    def add(self, word):
        if word not in self.word2idx:
            self.idx2word.append(word)
            self.word2idx[word] = len(self.idx2word) - 1
    def __len__(self):
        return len(self.word2idx)
vocab = Dictionary()
with open('train.txt') as f:
    for line in f:
        for word in line.split() + ['<eos>']:
            vocab.add(word)
ntokens = len(vocab)
model = nn.Embedding(ntokens, 10)
other = nn.Embedding(len(vocab.idx2word), 10)
`;
    for (const model of read(text).models) assert.equal(totals(model).total, undefined);
    assert.equal(totals(modelNamed(read(text, { ntokens: 7 }), 'model')).total, 70);
  });

  it('warns about layers that do not fit together', () => {
    const problems = read(
      moduleOf(
        'self.rnn = nn.LSTM(8, 16)\nself.fc = nn.Linear(32, 2)',
        'x, _ = self.rnn(x)\nreturn self.fc(x)',
      ),
    ).problems;
    assert.deepEqual(
      problems.map((p) => [p.code, p.source.range?.start.line]),
      [['shape-mismatch', 11]],
    );
    assert.equal(formatMessage(problems[0]!.message), '`Linear` expects 32 features and gets 16 here.');
  });

  it('ends on hostile code and says what it costs', () => {
    const recursive = moduleOf(
      'def f(n):\n    return f(n + 1) + f(n)\nself.fc = nn.Linear(f(1), 2)\nself.x = nn.Linear(1, 1)',
    );
    const started = Date.now();
    const model = modelNamed(read(recursive), 'Net');
    assert.equal(totals(model).total, undefined);
    for (const text of [
      'x = ' + '('.repeat(5000),
      'while True:\n  x = 1\n',
      'x = [0] * 10 ** 12\ny = 2 ** 10 ** 9\n',
      'a = []\nfor i in range(10**9):\n  a.append(i)\n',
      `x = ${'1+'.repeat(20000)}1`,
      '\0\x01',
      'class A(A): pass\nclass B(nn.Module, B): pass\nB()',
    ]) {
      const result = read(text);
      assert.deepEqual(
        result.problems.filter((p) => p.code === 'python-internal'),
        [],
        text.slice(0, 30),
      );
    }
    assert.ok(Date.now() - started < 20_000);
  }).timeout(20_000);
});
