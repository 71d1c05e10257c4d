import assert from 'node:assert/strict';
import { formatDim, formatMessage, type Layer } from '../../../../src/model';
import { layerAt, modelNamed, moduleOf, read, readFixture } from './read';

/** `T×B×10 → T×B×20` for each use, with how often. */
function uses(layer: Layer): string[] {
  return (layer.calls ?? []).map((call) => {
    const shape = (s: readonly Parameters<typeof formatDim>[0][] | undefined) =>
      s ? s.map(formatDim).join('×') : '?';
    const times = formatDim(call.times);
    return `${call.inputs.map(shape).join(', ')} → ${shape(call.output)}${times === '1' ? '' : ` · ${times}`}`;
  });
}

function layer(init: string, forward: string, path: string): Layer {
  return layerAt(modelNamed(read(moduleOf(init, forward)), 'Net'), path);
}

describe('Python source: the forward pass', () => {
  const init =
    'self.emb = nn.Embedding(50, 8)\nself.rnn = nn.LSTM(8, 16, batch_first=True)\nself.fc = nn.Linear(16, 4)';

  it('a linear layer on every step has T·B rows, on the last step B', () => {
    assert.deepEqual(uses(layer(init, 'x, _ = self.rnn(self.emb(x))\nreturn self.fc(x)', 'fc')), [
      'B×T×16 → B×T×4',
    ]);
    assert.deepEqual(
      uses(layer(init, 'x, (h, c) = self.rnn(self.emb(x))\nreturn self.fc(x[:, -1, :])', 'fc')),
      ['B×16 → B×4'],
    );
    assert.deepEqual(uses(layer(init, 'x, (h, c) = self.rnn(self.emb(x))\nreturn self.fc(h[-1])', 'fc')), [
      'B×16 → B×4',
    ]);
    assert.deepEqual(
      uses(layer(init, 'x, _ = self.rnn(self.emb(x))\nreturn self.fc(x.reshape(-1, 16))', 'fc')),
      ['B·T×16 → B·T×4'],
    );
    assert.deepEqual(uses(layer(init, 'x, _ = self.rnn(self.emb(x))\nreturn self.fc(x.mean(dim=1))', 'fc')), [
      'B×16 → B×4',
    ]);
  });

  it('reads batch_first, permute and transpose', () => {
    const late = 'self.rnn = nn.GRU(8, 16)\nself.fc = nn.Linear(16, 4)';
    assert.deepEqual(uses(layer(late, 'x, _ = self.rnn(x)\nreturn self.fc(x[-1])', 'rnn')), [
      'T×B×8 → T×B×16',
    ]);
    assert.deepEqual(
      uses(layer(late, 'x, _ = self.rnn(x.transpose(0, 1))\nreturn self.fc(x.permute(1, 0, 2))', 'fc')),
      ['B×T×16 → B×T×4'],
    );
    const model = layer(late, 'return self.rnn(x)', 'rnn');
    assert.deepEqual([formatDim(model.calls![0]!.steps!), formatDim(model.calls![0]!.batch!)], ['T', 'B']);
  });

  it('follows packed sequences and both directions', () => {
    const model = modelNamed(readFixture('shapes.py'), 'Packed');
    assert.deepEqual(uses(layerAt(model, 'step')), ['B×T×48 → B×T×24']);
    assert.deepEqual(uses(layerAt(model, 'out')), ['B×48 → B×3']);
  });

  it('counts a cell once per turn of the loop over time', () => {
    const cell = 'self.cell = nn.GRUCell(8, 16)\nself.fc = nn.Linear(16, 4)';
    const loops = [
      'h = torch.zeros(x.size(0), 16)\nfor t in range(x.size(1)):\n    h = self.cell(x[:, t], h)\nreturn self.fc(h)',
      'h = None\nfor step in x:\n    h = self.cell(step, h)\nreturn self.fc(h)',
      'h = None\nB, T, _ = x.shape\nfor t in range(T):\n    h = self.cell(x[:, t, :], h)\nreturn self.fc(h)',
      'h = None\nfor step in x.split(1, dim=1):\n    h = self.cell(step.squeeze(1), h)\nreturn self.fc(h)',
    ];
    for (const loop of loops) {
      assert.deepEqual(uses(layer(cell, loop, 'cell')), ['B×8 → B×16 · T'], loop);
      assert.deepEqual(uses(layer(cell, loop, 'fc')), ['B×16 → B×4'], loop);
    }
    const every =
      'h = None\nout = []\nfor step in x:\n    h = self.cell(step, h)\n    out.append(h)\nreturn self.fc(torch.stack(out))';
    assert.deepEqual(uses(layer(cell, every, 'fc')), ['T×B×16 → T×B×4']);
  });

  it('says that it can’t know, instead of guessing', () => {
    const shapeless = layer('self.fc = nn.Linear(8, 4)', 'return self.fc(x)', 'fc');
    assert.equal(shapeless.calls, undefined);
    assert.equal(formatMessage(shapeless.callsUnknown!), 'The shape of the model’s input is not known.');
    const branch = layer(
      init,
      'x, _ = self.rnn(self.emb(x))\nif self.training:\n    x = self.fc(x)\nreturn x',
      'fc',
    );
    assert.equal(branch.calls, undefined);
    const outside = layer(init, 'x, _ = self.rnn(self.emb(x))\nreturn self.fc(helper(x))', 'fc');
    assert.equal(outside.calls, undefined);
  });

  it('a layer that forward never uses has no calls', () => {
    assert.deepEqual(layer(init, 'return self.rnn(self.emb(x))', 'fc').calls, []);
  });

  it('knows convolution and pooling arithmetic', () => {
    const model = modelNamed(readFixture('shapes.py'), 'Frames');
    const rnn = layerAt(model, 'rnn');
    assert.equal(rnn.kind === 'lstm' && formatDim(rnn.inputSize), '400');
    const lazy = layerAt(model, 'lazy');
    assert.equal(lazy.kind === 'dense' && formatDim(lazy.inputSize), '32');
  });
});
