import assert from 'node:assert/strict';
import { formatDim, type Model } from '../../../../src/model';
import { layerAt, modelNamed, read, totals } from './read';

const linen = (body: string, after = ''): string =>
  `import flax.linen as nn\nimport jax\nimport jax.numpy as jnp\n\nclass Net(nn.Module):\n${body
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n')}\n${after}`;

const net = (text: string, values = {}): Model => modelNamed(read(text, values), 'Net');

describe('Flax linen', () => {
  it('names the size that only the first input gives, and takes the user’s value for it', () => {
    const text = linen('@nn.compact\ndef __call__(self, frames):\n    return nn.RNN(nn.LSTMCell(8))(frames)');
    const model = net(text);
    assert.deepEqual(
      model.unknowns.map((u) => u.name),
      ['frames_features'],
    );
    assert.match(model.unknowns[0]!.reason.text, /last axis/);
    assert.ok(model.unknowns[0]!.source?.range);
    assert.equal(totals(model).total, undefined);
    // 4H(I + H + 1)
    assert.equal(totals(net(text, { frames_features: 3 })).total, 4 * 8 * (3 + 8 + 1));
  });

  it('calls a module twice without making its layers twice', () => {
    const twice = linen(
      '@nn.compact\ndef __call__(self, x):\n    block = Block()\n    return block(block(x))',
      'class Block(nn.Module):\n    @nn.compact\n    def __call__(self, x):\n        return nn.Dense(4)(x)\n\nNet().init(jax.random.key(0), jnp.ones((1, 4)))\n',
    );
    assert.equal(totals(net(twice)).total, 4 * 4 + 4);
  });

  it('does not count a layer that is never called', () => {
    const model = net(
      linen(
        'def setup(self):\n    self.used = nn.Dense(3)\n    self.idle = nn.Dense(5)\n\ndef __call__(self, x):\n    return self.used(x)',
        'Net().init(jax.random.key(0), jnp.ones((1, 2)))\n',
      ),
    );
    const idle = layerAt(model, 'idle');
    assert.equal(idle.kind, 'unknown');
    assert.ok(idle.kind === 'unknown' && /first called/.test(idle.reason.text));
    assert.equal(totals(model).total, undefined);
  });

  it('multiplies what a loop of unknown length makes', () => {
    const model = net(
      linen(
        'layers: int\n@nn.compact\ndef __call__(self, x):\n    for _ in range(self.layers):\n        x = nn.RNN(nn.GRUCell(6))(x)\n    return x',
        'Net(layers=n()).init(jax.random.key(0), jnp.ones((1, 5, 6)))\n',
      ),
    );
    const total = totals(model).total;
    assert.equal(total, undefined);
    const known = (n: number): number | undefined => totals(net(linenLayers.replace('n()', String(n)))).total;
    const linenLayers = linen(
      'layers: int\n@nn.compact\ndef __call__(self, x):\n    for _ in range(self.layers):\n        x = nn.RNN(nn.GRUCell(6))(x)\n    return x',
      'Net(layers=n()).init(jax.random.key(0), jnp.ones((1, 5, 6)))\n',
    );
    // 3H(I + H + 1) + H each
    assert.equal(known(3), 3 * (3 * 6 * (6 + 6 + 1) + 6));
  });

  it('leaves what depends on a branch unknown', () => {
    const model = net(
      linen(
        'flag: bool\n@nn.compact\ndef __call__(self, x):\n    if self.flag:\n        x = nn.Dense(4)(x)\n    return nn.Dense(2)(x)',
        'Net(flag=f()).init(jax.random.key(0), jnp.ones((1, 4)))\n',
      ),
    );
    assert.equal(totals(model).total, undefined);
  });
});

describe('Flax nnx', () => {
  it('takes sizes from where layers are made, and the total of a GRU that has one bias', () => {
    const model = net(
      'from flax import nnx\n\nclass Net(nnx.Module):\n    def __init__(self, rngs):\n        self.rnn = nnx.RNN(nnx.GRUCell(in_features=5, hidden_features=7, rngs=rngs))\n\n    def __call__(self, x):\n        return self.rnn(x)\n',
    );
    assert.equal(totals(model).total, 3 * 7 * (5 + 7 + 1));
    const layer = layerAt(model, 'rnn.cell');
    assert.equal(layer.framework, 'flax-nnx');
    assert.equal(layer.typeName, 'RNN(GRUCell)');
    assert.equal(layer.calls?.length, 1);
    assert.equal(formatDim(layer.calls[0]!.steps!), 'T');
  });
});

describe('PaddlePaddle', () => {
  it('keeps left-out biases as zeros that never train', () => {
    const model = net(
      'import paddle.nn as nn\n\nclass Net(nn.Layer):\n    def __init__(self, keep):\n        super().__init__()\n        self.rnn = nn.LSTM(3, 4, direction="bidirect", bias_ih_attr=False, bias_hh_attr=False)\n',
    );
    const all = 2 * 4 * 4 * (3 + 4 + 2);
    assert.deepEqual(totals(model), { total: all, trainable: all - 2 * 2 * 4 * 4 });
  });

  it('says why a direction is not known', () => {
    const model = net(
      'import paddle.nn as nn\n\nclass Net(nn.Layer):\n    def __init__(self, direction):\n        super().__init__()\n        self.rnn = nn.GRU(3, 4, direction=direction)\n',
    );
    assert.equal(totals(model).total, undefined);
    const rnn = layerAt(model, 'rnn');
    assert.ok(rnn.kind === 'unknown' && rnn.dependsOn.includes('direction'));
    assert.equal(
      totals(
        net(
          'import paddle.nn as nn\n\nclass Net(nn.Layer):\n    def __init__(self, direction):\n        super().__init__()\n        self.rnn = nn.GRU(3, 4, direction=direction)\n',
          { direction: 'bidirectional' },
        ),
      ).total,
      2 * 3 * 4 * (3 + 4 + 2),
    );
  });
});
