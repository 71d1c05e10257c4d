import { strict as assert } from 'node:assert';
import { applyEdits, convertLayer, isRefusal } from '../../../src/edits';
import { formatMessage, isRecurrent, type CellKind } from '../../../src/model';
import { readPython } from '../../../src/readers/python';

const PYTORCH = (init: string, forward: string) => `import torch
import torch.nn as nn

class M(nn.Module):
    def __init__(self):
        super().__init__()
        ${init}

    def forward(self, x, state=None):
        ${forward.replaceAll('\n', '\n        ')}
`;

function convert(text: string, to: CellKind): string {
  const file = { file: 'a.py', text };
  const { models } = readPython(file, { assumptions: new Map() });
  const layer = models[0]?.layers.find(isRecurrent);
  assert.ok(layer, 'no recurrent layer was read');
  const change = convertLayer(file, layer, { to });
  return isRefusal(change) ? `refused: ${formatMessage(change.refused)}` : applyEdits(text, change.edits);
}

const LSTM = 'self.rnn = nn.LSTM(4, 8)';

describe('A conversion is refused', () => {
  for (const [why, text, to, reason] of [
    [
      'when the cell state is read',
      PYTORCH(LSTM, 'out, (h, c) = self.rnn(x)\nreturn c'),
      'gru',
      /reads the cell state c/,
    ],
    [
      'when the state comes from the caller',
      PYTORCH(LSTM, 'out, s = self.rnn(x, state)\nreturn out'),
      'gru',
      /comes from elsewhere/,
    ],
    [
      'when the state is returned whole',
      PYTORCH(LSTM, 'out, s = self.rnn(x)\nreturn out, s'),
      'gru',
      /cannot be followed/,
    ],
    [
      'when c is taken from the pair',
      PYTORCH(LSTM, 'out, s = self.rnn(x)\nreturn s[1]'),
      'gru',
      /cannot be followed/,
    ],
    [
      'when the layer is handed on',
      PYTORCH(LSTM, 'return helper(self.rnn, x)'),
      'gru',
      /handed on at line 10/,
    ],
    [
      'when a state travels between calls of the new LSTM',
      PYTORCH('self.rnn = nn.GRU(4, 8)', 'out, state = self.rnn(x, state)\nreturn out, state'),
      'lstm',
      /travels between calls/,
    ],
    [
      'when arguments come in a dict',
      PYTORCH('self.rnn = nn.LSTM(4, 8, **{})', 'return self.rnn(x)[0]'),
      'gru',
      /\*\*kwargs/,
    ],
    [
      'when the fourth argument of nn.RNN is ambiguous',
      PYTORCH('self.rnn = nn.RNN(4, 8, 1, True)', 'return self.rnn(x)[0]'),
      'gru',
      /different versions/,
    ],
    [
      'when the file has syntax errors',
      `${PYTORCH(LSTM, 'return self.rnn(x)[0]')}\nx = (\n`,
      'gru',
      /syntax errors/,
    ],
    [
      'when an LSTM has a projection',
      PYTORCH('self.rnn = nn.LSTM(4, 8, proj_size=3)', 'return self.rnn(x)[0]'),
      'gru',
      /projection/,
    ],
  ] as const) {
    it(why, () => assert.match(convert(text, to), reason));
  }
});

describe('A conversion', () => {
  it('keeps comments, layout and what it does not understand', () => {
    const text = PYTORCH('self.rnn = nn.LSTM(4,   8)  # the core', 'y = weird(x) [0]\nreturn self.rnn(x)[0]');
    assert.equal(convert(text, 'gru'), text.replace('nn.LSTM', 'nn.GRU'));
  });

  it('names arguments whose position changes', () => {
    const text = PYTORCH('self.rnn = nn.LSTM(4, 8, 1, True, True)', 'return self.rnn(x)[0]');
    assert.match(convert(text, 'rnn'), /nn\.RNN\(4, 8, 1, bias=True, batch_first=True\)/);
  });

  it('leaves the old import to those who still need it', () => {
    const text = PYTORCH(
      'self.rnn = LSTM(4, 8)\n        self.other = LSTM(8, 8)',
      'return self.rnn(x)[0]',
    ).replace('import torch.nn as nn', 'import torch.nn as nn\nfrom torch.nn import LSTM');
    assert.match(convert(text, 'gru'), /from torch\.nn import LSTM, GRU/);
  });

  it('makes a pair of an initial state', () => {
    const text = PYTORCH(
      'self.rnn = nn.GRU(4, 8)',
      'h0 = torch.zeros(1, 2, 8)\nout, h = self.rnn(x, h0)\nreturn h',
    );
    assert.match(convert(text, 'lstm'), /out, \(h, _\) = self\.rnn\(x, \(h0, torch\.zeros_like\(h0\)\)\)/);
  });
});
