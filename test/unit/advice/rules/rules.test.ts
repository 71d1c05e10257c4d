import { strict as assert } from 'node:assert';
import { check, kerasModel, rulesOn, torchModule } from './check';

interface Case {
  readonly rule: string;
  readonly says: RegExp;
  /** Code that the rule is about. */
  readonly on: string;
  /** What stands in the fixed code; absent where there is no fix. */
  readonly fixed?: RegExp;
  /** Much alike, but sound. */
  readonly silent: Readonly<Record<string, string>>;
}

const forward = 'out, _ = self.rnn(x)\nreturn out';
const state = (axis: number, more = '') =>
  `h0 = torch.zeros(1, x.size(${axis}), 8)\n${more}out, _ = self.rnn(x, h0)\nreturn out`;
const loop = (body: string) => `
model = Net()
for x, y in batches:
    out, hidden = model(x, hidden)
    ${body}
    loss = F.mse_loss(out, y)
    loss.backward()
`;
const train = (clip = '') => `
model = Net()
optimizer = torch.optim.SGD(model.parameters(), 0.1)
for y in batches:
    loss = F.mse_loss(model(torch.zeros(300, 1, 4)), y)
    loss.backward()${clip}
    optimizer.step()
`;
const pack = (more: string, before = '') =>
  torchModule(
    'self.rnn = nn.GRU(4, 8)',
    `lengths = (x != 0).sum(1)\n${before}packed = nn.utils.rnn.pack_padded_sequence(x, lengths${more})\nout, _ = self.rnn(packed)\nreturn out`,
  );
const fill = (test: string, layer = 'LSTM') =>
  torchModule(
    `self.rnn = nn.${layer}(4, 8)
for name, bias in self.rnn.named_parameters():
    if ${test}:
        n = bias.size(0)
        bias.data[n // 4 : n // 2].fill_(1.0)`,
    forward,
  );
const criterion = 'criterion = nn.CrossEntropyLoss()';
const fromLogits = (value: string) =>
  `model.compile(loss=keras.losses.CategoricalCrossentropy(from_logits=${value}))\n`;
const longRnn = 'self.rnn = nn.RNN(4, 8)';
const readLong = 'out, _ = self.rnn(torch.zeros(300, 1, 4))\nreturn out';

const CASES: readonly Case[] = [
  {
    rule: 'dropout-one-layer',
    says: /^dropout=0\.5 has no effect on one layer/,
    on: torchModule('self.rnn = nn.LSTM(4, 8, dropout=0.5)', forward),
    fixed: /self\.rnn = nn\.LSTM\(4, 8\)/,
    silent: {
      'two layers': torchModule('self.rnn = nn.LSTM(4, 8, 2, dropout=0.5)', forward),
      'dropout of 0': torchModule('self.rnn = nn.LSTM(4, 8, dropout=0.0)', forward),
      'a number of layers that callers may raise': torchModule(
        'self.rnn = nn.LSTM(4, 8, hidden, dropout=0.5)',
        forward,
      ).replace('hidden=8', 'hidden=1'),
      'an unknown number of layers': torchModule('self.rnn = nn.LSTM(4, 8, n, dropout=0.5)', forward),
      'Keras, where it acts on the inputs': kerasModel('layers.LSTM(5, dropout=0.5)'),
    },
  },
  {
    rule: 'keras-no-cudnn',
    says: /^recurrent_dropout=0\.2 keeps this layer off the fast cuDNN kernel/,
    on: kerasModel('layers.LSTM(5, recurrent_dropout=0.2)'),
    fixed: /layers\.LSTM\(5\)/,
    silent: {
      defaults: kerasModel('layers.LSTM(5)'),
      'the defaults in words': kerasModel(
        'layers.LSTM(5, activation="tanh", unroll=False, recurrent_dropout=0)',
      ),
      'a SimpleRNN, which has no cuDNN kernel': kerasModel('layers.SimpleRNN(5, recurrent_dropout=0.2)'),
      'a cell, which never runs on it': kerasModel('layers.RNN(layers.LSTMCell(5, recurrent_dropout=0.2))'),
    },
  },
  {
    rule: 'keras-no-cudnn',
    says: /^activation=relu keeps/,
    on: kerasModel('layers.GRU(5, activation="relu")'),
    fixed: /layers\.GRU\(5\)/,
    silent: {},
  },
  {
    rule: 'keras-no-cudnn',
    says: /^unroll=True keeps/,
    on: kerasModel('layers.GRU(5, unroll=True)'),
    fixed: /layers\.GRU\(5\)/,
    silent: {},
  },
  {
    rule: 'keras-no-cudnn',
    says: /^recurrent_activation=hard_sigmoid keeps/,
    on: kerasModel('layers.LSTM(5, recurrent_activation="hard_sigmoid")'),
    fixed: /layers\.LSTM\(5\)/,
    silent: {
      'what an old Keras does by default':
        'from keras.models import Sequential\nfrom keras.layers import LSTM, CuDNNLSTM\n\nmodel = Sequential()\nmodel.add(LSTM(5, input_shape=(9, 4)))\n',
    },
  },
  {
    rule: 'keras-no-cudnn',
    says: /^reset_after=False keeps/,
    on: kerasModel('layers.GRU(5, reset_after=False)'),
    fixed: /layers\.GRU\(5\)/,
    silent: {},
  },
  {
    rule: 'last-step-axis',
    says: /^Without batch_first=True the second axis is the batch/,
    on: torchModule('self.rnn = nn.LSTM(4, 8)', 'out, _ = self.rnn(x)\nreturn out[:, -1, :]'),
    fixed: /nn\.LSTM\(4, 8, batch_first=True\)/,
    silent: {
      'batch first': torchModule(
        'self.rnn = nn.LSTM(4, 8, batch_first=True)',
        'out, _ = self.rnn(x)\nreturn out[:, -1, :]',
      ),
      'an output turned round': torchModule(
        'self.rnn = nn.LSTM(4, 8)',
        'out, _ = self.rnn(x)\nout = out.transpose(0, 1)\nreturn out[:, -1]',
      ),
      'the state': torchModule('self.rnn = nn.LSTM(4, 8)', 'out, (h, c) = self.rnn(x)\nreturn h[-1]'),
    },
  },
  {
    rule: 'last-step-axis',
    says: /^With batch_first=True the first axis is the batch/,
    on: torchModule('self.rnn = nn.GRU(4, 8, batch_first=True)', 'out, h = self.rnn(x)\nreturn out[-1]'),
    fixed: /return out\[:, -1\]/,
    silent: { 'steps first': torchModule('self.rnn = nn.GRU(4, 8)', 'out, h = self.rnn(x)\nreturn out[-1]') },
  },
  {
    rule: 'state-batch-axis',
    says: /^Without batch_first=True axis 1 is the batch/,
    on: torchModule('self.rnn = nn.GRU(4, 8)', state(0)),
    fixed: /nn\.GRU\(4, 8, batch_first=True\)/,
    silent: {
      'the right axis': torchModule('self.rnn = nn.GRU(4, 8)', state(1)),
      'batch first': torchModule('self.rnn = nn.GRU(4, 8, batch_first=True)', state(0)),
      'an input turned round before': torchModule(
        'self.rnn = nn.GRU(4, 8)',
        state(0, 'x = x.transpose(0, 1)\n'),
      ),
    },
  },
  {
    rule: 'state-batch-axis',
    says: /^With batch_first=True axis 0 is the batch/,
    on: torchModule(
      'self.rnn = nn.LSTM(4, 8, batch_first=True)',
      'n = x.shape[1]\nh0 = torch.zeros(1, n, 8).to(x.device)\nout, _ = self.rnn(x, (h0, h0))\nreturn out',
    ),
    silent: {},
  },
  {
    rule: 'return-sequences-missing',
    says: /set return_sequences/,
    on: kerasModel('layers.LSTM(5), layers.Dropout(0.1), layers.GRU(3)'),
    fixed: /layers\.LSTM\(5, return_sequences=True\), layers\.Dropout/,
    silent: {
      set: kerasModel('layers.LSTM(5, return_sequences=True), layers.GRU(3)'),
      'a repeated vector': kerasModel('layers.LSTM(5), layers.RepeatVector(7), layers.LSTM(3)'),
      'a single layer': kerasModel('layers.LSTM(5), layers.Dense(3)'),
    },
  },
  {
    rule: 'return-sequences-missing',
    says: /set return_sequences/,
    on: 'import keras\nfrom keras import layers\ni = keras.Input((9, 4))\nx = layers.LSTM(5)(i)\nx = layers.LSTM(3)(x)\nm = keras.Model(i, x)\n',
    fixed: /layers\.LSTM\(5, return_sequences=True\)\(i\)/,
    silent: {
      'two branches':
        'import keras\nfrom keras import layers\ni = keras.Input((9, 4))\na = layers.LSTM(5)(i)\nb = layers.LSTM(3)(i)\nm = keras.Model(i, [a, b])\n',
    },
  },
  {
    rule: 'input-size-mismatch',
    says: /^fc expects 8 features, but a bidirectional layer gives 16/,
    on: torchModule(
      'self.rnn = nn.LSTM(4, hidden, bidirectional=True)\nself.fc = nn.Linear(hidden, 3)',
      'out, _ = self.rnn(x)\nreturn self.fc(out)',
    ),
    fixed: /nn\.Linear\(2 \* hidden, 3\)/,
    silent: {
      'both directions counted': torchModule(
        'self.rnn = nn.LSTM(4, hidden, bidirectional=True)\nself.fc = nn.Linear(2 * hidden, 3)',
        'out, _ = self.rnn(x)\nreturn self.fc(out)',
      ),
      'directions added up': torchModule(
        'self.rnn = nn.LSTM(4, hidden, bidirectional=True)\nself.fc = nn.Linear(hidden, 3)',
        'out, _ = self.rnn(x)\nreturn self.fc(out[..., :8] + out[..., 8:])',
      ),
    },
  },
  {
    rule: 'input-size-mismatch',
    says: /^rnn takes its hidden size, 8, for its input size, but is given 4 features/,
    on: torchModule(
      'self.embedding = nn.Embedding(100, 4)\nself.rnn = nn.GRU(8, 8)',
      'out, _ = self.rnn(self.embedding(x))\nreturn out',
    ),
    fixed: /nn\.GRU\(4, 8\)/,
    silent: {
      'the right size': torchModule(
        'self.embedding = nn.Embedding(100, 4)\nself.rnn = nn.GRU(4, 8)',
        'out, _ = self.rnn(self.embedding(x))\nreturn out',
      ),
      'an input of unknown size': torchModule('self.rnn = nn.GRU(8, 8)', 'out, _ = self.rnn(x)\nreturn out'),
    },
  },
  {
    rule: 'state-not-detached',
    says: /^hidden goes from step to step without detach\(\)/,
    on: torchModule('self.rnn = nn.GRU(4, 8)', forward, loop('pass')),
    fixed: /model\(x, hidden\)\n {4}hidden = hidden\.detach\(\)\n/,
    silent: {
      detached: torchModule('self.rnn = nn.GRU(4, 8)', forward, loop('hidden = hidden.detach()')),
      repackaged: torchModule('self.rnn = nn.GRU(4, 8)', forward, loop('hidden = repackage(hidden)')),
    },
  },
  {
    rule: 'state-not-detached',
    says: /^hidden goes/,
    on: torchModule('self.rnn = nn.LSTM(4, 8)', forward, loop('pass')),
    fixed: /\n {4}hidden = tuple\(s\.detach\(\) for s in hidden\)\n/,
    silent: {},
  },
  {
    rule: 'packed-not-sorted',
    says: /^This fails unless the batch is sorted/,
    on: pack(''),
    fixed: /pack_padded_sequence\(x, lengths, enforce_sorted=False\)/,
    silent: {
      'not enforced': pack(', enforce_sorted=False'),
      sorted: pack('', 'lengths, order = lengths.sort(descending=True)\n'),
    },
  },
  {
    rule: 'softmax-before-cross-entropy',
    says: /^The model ends in a softmax, and the cross-entropy at line 16 applies another one/,
    on: torchModule(
      'self.rnn = nn.GRU(4, 8)',
      'out, h = self.rnn(x)\nreturn F.softmax(h[-1], dim=1)',
      criterion,
    ),
    fixed: /return h\[-1\]\n/,
    silent: {
      logits: torchModule('self.rnn = nn.GRU(4, 8)', 'out, h = self.rnn(x)\nreturn h[-1]', criterion),
      'another loss': torchModule(
        'self.rnn = nn.GRU(4, 8)',
        'out, h = self.rnn(x)\nreturn F.softmax(h[-1], dim=1)',
        'criterion = nn.BCELoss()',
      ),
      attention: torchModule(
        'self.rnn = nn.GRU(4, 8)',
        'out, h = self.rnn(x)\nreturn F.softmax(out, dim=0) * out',
        criterion,
      ),
    },
  },
  {
    rule: 'softmax-before-cross-entropy',
    says: /^The model ends in a softmax/,
    on: torchModule('self.rnn = nn.GRU(4, 8)', 'out, h = self.rnn(x)\nreturn h[-1].softmax(-1)', criterion),
    fixed: /return h\[-1\]\n/,
    silent: {},
  },
  {
    rule: 'softmax-before-cross-entropy',
    says: /^The model ends in a softmax/,
    on: kerasModel('layers.LSTM(5), layers.Dense(3, activation="softmax")', fromLogits('True')),
    fixed: /layers\.Dense\(3\)/,
    silent: {
      'a loss of probabilities': kerasModel(
        'layers.LSTM(5), layers.Dense(3, activation="softmax")',
        fromLogits('False'),
      ),
      logits: kerasModel('layers.LSTM(5), layers.Dense(3)', fromLogits('True')),
    },
  },
  {
    rule: 'forget-bias-twice',
    says: /^PyTorch adds two biases and this fills both: the forget gate starts at 2, not 1/,
    on: fill('"bias" in name'),
    fixed: /if "bias_ih" in name/,
    silent: {
      'one bias': fill('"bias_ih" in name'),
      'a GRU, whose slice is another gate': fill('"bias" in name', 'GRU'),
    },
  },
  {
    rule: 'no-gradient-clipping',
    says: /^A SimpleRNN over 300 steps is trained without gradient clipping/,
    on: torchModule(longRnn, readLong, train()),
    fixed: /loss\.backward\(\)\n {4}torch\.nn\.utils\.clip_grad_norm_\(model\.parameters\(\), 1\.0\)\n/,
    silent: {
      clipped: torchModule(longRnn, readLong, train('\n    nn.utils.clip_grad_norm_(model.parameters(), 5)')),
      'not trained here': torchModule(longRnn, readLong),
      'an LSTM': torchModule('self.rnn = nn.LSTM(4, 8)', readLong, train()),
      'few steps': torchModule(longRnn, readLong.replace('300', '20'), train()),
      'Keras, clipped by the optimizer': kerasModel(
        'layers.SimpleRNN(5)',
        'model.compile(keras.optimizers.Adam(clipnorm=1.0), "mse")\nmodel.fit(x, y)\n',
      ),
    },
  },
  {
    rule: 'no-gradient-clipping',
    says: /^A SimpleRNN over 200 steps/,
    on: kerasModel('layers.SimpleRNN(5)', 'model.compile("adam", "mse")\nmodel.fit(x, y)\n'),
    silent: {},
  },
];

describe('Rules', () => {
  for (const { rule, says, on, fixed, silent } of CASES) {
    describe(`${rule}: ${says.source}`, () => {
      it(`speaks${fixed ? ', and its fix settles it' : ''}`, async () => {
        const found = (await check(on)).filter((f) => f.rule === rule);
        assert.equal(found.length, 1, JSON.stringify(await check(on)));
        assert.match(found[0]!.message, says);
        if (!fixed) return assert.equal(found[0]!.fixed, undefined);
        assert.match(found[0]!.fixed ?? '', fixed);
        assert.ok(!(await rulesOn(found[0]!.fixed!)).includes(rule), 'still found after the fix');
      });
      for (const [what, text] of Object.entries(silent)) {
        it(`is silent on ${what}`, async () => assert.ok(!(await rulesOn(text)).includes(rule)));
      }
    });
  }
});
