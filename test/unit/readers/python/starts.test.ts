import { strict as assert } from 'node:assert';
import { initialiseLayer, applyEdits, isRefusal } from '../../../../src/edits';
import { analyseSource } from '../../../../src/engine/analyse';
import { flowSpecOf } from '../../../../src/engine/flow-spec';
import {
  DEFAULT_WORKLOAD,
  type FlowSpec,
  type FlowStart,
  type Initialisers,
  type RecurrentLayer,
  isRecurrent,
} from '../../../../src/model';
import { profileOf } from '../../gradient/run';

const source = (layer: string, ...body: string[]): string =>
  [
    'import math',
    'import torch',
    'import torch.nn as nn',
    '',
    '',
    'class Net(nn.Module):',
    '    def __init__(self, flag):',
    '        super().__init__()',
    `        self.rnn = ${layer}`,
    '        self.out = nn.Linear(8, 2)',
    ...body.map((line) => `        ${line}`),
    '',
    '    def forward(self, x):',
    '        return self.out(self.rnn(x)[0])',
    '',
  ].join('\n');

async function read(text: string) {
  const { models } = await analyseSource(
    { file: 'net.py', text },
    { workload: DEFAULT_WORKLOAD, assumptions: new Map(), load: () => Promise.resolve(undefined) },
  );
  const cost = models[0]!;
  const layerCost = cost.layers.find((l) => isRecurrent(l.layer))!;
  return { layerCost, layer: layerCost.layer as RecurrentLayer, params: cost.params };
}

async function startOf(layer: string, ...body: string[]): Promise<Initialisers | undefined> {
  return (await read(source(layer, ...body))).layer.initialisers;
}

describe('Starts that PyTorch source writes', () => {
  it('nn.init on a tensor of the layer, with its arguments worked out', async () => {
    assert.deepEqual(
      await startOf(
        'nn.GRU(4, 8)',
        'bound = 1 / math.sqrt(16)',
        'nn.init.uniform_(self.rnn.weight_ih_l0, -bound, bound)',
        "nn.init.xavier_normal_(self.rnn.weight_hh_l0, gain=nn.init.calculate_gain('tanh'))",
      ),
      { kernel: 'uniform_(-0.25, 0.25)', recurrentKernel: `xavier_normal_(gain=${5 / 3})` },
    );
  });

  it('a loop over the named parameters, with the forget gate set by its rows', async () => {
    assert.deepEqual(
      await startOf(
        'nn.LSTM(4, 8, 2, bidirectional=True)',
        'for name, p in self.rnn.named_parameters():',
        '    if "weight_hh" in name:',
        '        nn.init.orthogonal_(p)',
        '    elif name.startswith("bias"):',
        '        nn.init.zeros_(p)',
        '        n = p.size(0)',
        '        p.data[n // 4 : n // 2].fill_(1)',
      ),
      // Both biases are set, and PyTorch adds them.
      { recurrentKernel: 'orthogonal_()', bias: 'zeros_()', forgetBias: 2 },
    );
    assert.deepEqual(await startOf('nn.LSTM(4, 8)', 'self.rnn.bias_ih_l0.data[8:16] = 1.5'), {
      forgetBias: 1.5,
    });
  });

  it('apply() with a function of the model', async () => {
    assert.deepEqual(
      await startOf(
        'nn.RNN(4, 8)',
        'def start(m):',
        '    if isinstance(m, nn.RNN):',
        '        for p in m.parameters():',
        '            p.data.uniform_(-0.1, 0.1)',
        'self.apply(start)',
      ),
      { kernel: 'uniform_(-0.1, 0.1)', recurrentKernel: 'uniform_(-0.1, 0.1)', bias: 'uniform_(-0.1, 0.1)' },
    );
  });

  it('what cannot be told is no default: the run is refused with the words of the source', async () => {
    for (const body of [
      ['self.rnn.weight_hh_l0.data.copy_(torch.load("x"))'],
      ['if flag:', '    nn.init.orthogonal_(self.rnn.weight_hh_l0)'],
      ['nn.init.uniform_(self.rnn.weight_hh_l0, 0, flag)'],
      ['self.rnn.bias_ih_l0.data[flag:] = 1'],
    ]) {
      const { layer, layerCost, params } = await read(source('nn.LSTM(4, 8)', ...body));
      const found = flowSpecOf(layerCost, layer, DEFAULT_WORKLOAD);
      assert.ok('blocked' in found, body.join());
      // The counts are as known as before.
      assert.ok(params !== undefined);
    }
    const some = await startOf('nn.GRU(4, 8, 2)', 'nn.init.orthogonal_(self.rnn.weight_hh_l0)');
    assert.deepEqual(some, { recurrentKernel: 'of some layers only' });
  });

  it('other layers and reading without writing leave the default', async () => {
    assert.equal(
      await startOf('nn.GRU(4, 8)', 'nn.init.zeros_(self.out.bias)', 'n = self.rnn.weight_hh_l0.abs().sum()'),
      undefined,
    );
  });

  for (const layer of ['nn.LSTM(4, 8)', 'nn.GRU(4, 8)', 'nn.RNN(4, 8)']) {
    it(`the code that advice inserts into ${layer} reads back as the run that was advised`, async () => {
      const text = source(layer);
      const before = await read(text);
      const found = flowSpecOf(before.layerCost, before.layer, { ...DEFAULT_WORKLOAD, seqLen: 20 });
      assert.ok('spec' in found);
      const starts: FlowStart[] = [{ kind: 'orthogonal', gain: 1 }];
      if (found.spec.cell !== 'rnn')
        starts.push({ kind: 'forget-bias', value: 1 }, { kind: 'chrono', maxSteps: 60 });
      for (const initialiser of starts) {
        const advised: FlowSpec = { ...found.spec, initialiser };
        const change = initialiseLayer({ file: 'net.py', text }, before.layer, { spec: advised });
        assert.ok(!isRefusal(change));
        const after = await read(applyEdits(text, change.edits));
        const again = flowSpecOf(after.layerCost, after.layer, { ...DEFAULT_WORKLOAD, seqLen: 20 });
        assert.ok('spec' in again, JSON.stringify(again));
        assert.equal(again.spec.initialiser.kind, 'named');
        const [a, b] = [await profileOf(advised), await profileOf(again.spec)];
        assert.deepEqual(b.seeds, a.seeds, `${layer} ${initialiser.kind}`);
      }
    });
  }
});
