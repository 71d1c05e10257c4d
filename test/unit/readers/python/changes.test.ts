import assert from 'node:assert/strict';
import { formatDim, formatMessage } from '../../../../src/model';
import { layerAt, modelNamed, read, totals } from './read';

const net = (...lines: string[]): string => `import torch.nn as nn
class Net(nn.Module):
    def __init__(self, n, sizes):
        super().__init__()
${lines.map((line) => `        ${line}`).join('\n')}
`;

describe('Python source: changes that cannot be followed leave nothing certain', () => {
  for (const [what, ...lines] of [
    ['an item put at an unknown place', 's = [1, 2, 3]', 's[n] = 9', 'self.a = nn.Linear(s[0], 1)'],
    ['an item taken from an unknown place', 's = [1, 2, 3]', 's.pop(n)', 'self.a = nn.Linear(s[0], 1)'],
    ['an item deleted at an unknown place', 's = [1, 2, 3]', 'del s[n]', 'self.a = nn.Linear(s[0], 1)'],
    ['a rotated queue', 's = [1, 2, 3]', 's.rotate(1)', 'self.a = nn.Linear(s[0], 1)'],
    ['a key deleted that is unknown', "d = {'a': 1, 'b': 2}", 'del d[n]', 'self.a = nn.Linear(len(d), 1)'],
    ['a condition in a loop of unknown length', 'self.a = nn.Linear(len([i for i in range(n) if i % 2]), 1)'],
    ['a sum over a loop of unknown length', 'self.a = nn.Linear(sum(i for i in range(n)), 1)'],
    ['a sum with a condition', 'self.a = nn.Linear(sum(i for i in range(n) if i % 2), 1)'],
    [
      'attributes whose names are unknown',
      'for i in range(2):',
      '    setattr(self, sizes.name + str(i), nn.Linear(2, 2))',
    ],
    ['a weight taken away', 'self.a = nn.GRU(2, 2)', 'self.a.bias_ih_l0 = None'],
  ] as const) {
    it(what, () => {
      const model = modelNamed(read(net(...lines)), 'Net');
      assert.equal(totals(model).total, undefined);
      assert.ok(model.unknowns.length > 0 || model.layers.some((l) => l.kind === 'unknown'));
    });
  }

  it('but a count stays a formula where every turn adds alike', () => {
    const model = modelNamed(read(net('self.a = nn.Linear(sum([3 for i in range(n)]), 1)')), 'Net');
    const layer = layerAt(model, 'a');
    assert.equal(layer.kind === 'dense' && formatDim(layer.inputSize), '3·n');
  });

  it('says which weight was taken away', () => {
    const layer = layerAt(
      modelNamed(read(net('self.a = nn.GRU(2, 2)', 'del self.a.weight_hh_l0')), 'Net'),
      'a',
    );
    assert.equal(
      layer.kind === 'unknown' && formatMessage(layer.reason),
      '`weight_hh_l0` of this layer was taken away.',
    );
  });
});
