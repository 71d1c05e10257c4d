import assert from 'node:assert/strict';
import { formatMessage } from '../../../../src/model';
import { modelNamed, read, totals } from './read';

const net = (tried: string, kept: string, otherwise: string): string => `import torch.nn as nn
try:
    ${tried}
    ${kept}
except ImportError:
    ${otherwise}
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.LSTM(3, SIZE)
`;

describe('Python source: imports that may fail', () => {
  it('both ways count when the package is not at hand', () => {
    const model = modelNamed(read(net('import fast_kernels', 'SIZE = 8', 'SIZE = 4')), 'Net');
    assert.equal(totals(model).total, undefined);
    assert.deepEqual(
      model.unknowns.filter((u) => u.name === 'SIZE').map((u) => formatMessage(u.reason)),
      ['It depends on `fast_kernels`.'],
    );
  });

  it('a layer that only one of the ways makes is unknown, and says why', () => {
    const text = `import torch.nn as nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        try:
            import fast_kernels
        except ImportError:
            self.slow = nn.GRU(3, 4)
`;
    const reasons = modelNamed(read(text), 'Net').unknowns.map((u) => formatMessage(u.reason));
    assert.ok(
      reasons.includes('Whether `fast_kernels` can be imported depends on the machine.'),
      reasons.join(),
    );
  });

  it('what both ways agree on is known', () => {
    const model = modelNamed(read(net('import fast_kernels', 'SIZE = 4', 'SIZE = 4')), 'Net');
    assert.equal(totals(model).total, 144);
  });

  it('a framework and the standard library are there', () => {
    for (const tried of ['import json', 'import torch.utils', 'from tensorflow import keras'])
      assert.equal(totals(modelNamed(read(net(tried, 'SIZE = 4', 'SIZE = 8')), 'Net')).total, 144);
  });

  it('a handler that raises leaves the way that works', () => {
    const text = net('import fast_kernels', 'SIZE = 4', 'raise ImportError("pip install fast_kernels")');
    assert.equal(totals(modelNamed(read(text), 'Net')).total, 144);
  });
});
