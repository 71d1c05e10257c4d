import assert from 'node:assert/strict';
import { modelNamed, read, totals } from './read';

const module = (init: string, body: string, after = ''): string =>
  `from torch import nn\nimport pytorch_lightning as pl\n\n\nclass Net(pl.LightningModule):\n    def __init__(self, ${init}):\n        super().__init__()\n${body
    .split('\n')
    .map((line) => `        ${line}`)
    .join('\n')}\n${after}`;

const total = (text: string, values = {}): number | undefined =>
  totals(modelNamed(read(text, values), 'Net')).total;

/** As PyTorch 1.13 counts `nn.GRU(i, h)`. */
const gru = (i: number, h: number): number => 3 * h * (i + h + 2);

describe('PyTorch Lightning', () => {
  it('finds the constructor’s arguments under self.hparams', () => {
    const body =
      'self.save_hyperparameters()\nself.rnn = nn.GRU(self.hparams.features, self.hparams["hidden"])\nself.out = nn.Linear(self.hparams.hidden, 1)';
    assert.equal(total(module('features=7, hidden=32', body)), gru(7, 32) + 33);
    assert.equal(total(module('features, hidden=4', body), { features: 5 }), gru(5, 4) + 5);
  });

  it('lays out **kwargs, and takes only the names that are asked for', () => {
    const body =
      'self.save_hyperparameters("hidden", "size")\nself.rnn = nn.GRU(self.hparams.size, self.hparams.hidden)';
    assert.equal(total(module('hidden=3, **kwargs', body, '\nmodel = Net(size=6)\n')), gru(6, 3));
    const missing = body.replace('"hidden", "size"', '"hidden"');
    assert.equal(total(module('hidden=3, size=6', missing)), undefined);
  });

  it('sees those of the base class as well', () => {
    const base = module('hidden=8', 'self.save_hyperparameters()');
    const derived =
      '\n\nclass Deep(Net):\n    def __init__(self, size=5, **kwargs):\n        super().__init__(**kwargs)\n        self.save_hyperparameters()\n        self.rnn = nn.GRU(self.hparams.size, self.hparams.hidden)\n';
    const model = modelNamed(read(base + derived), 'Deep');
    assert.equal(totals(model).total, gru(5, 8));
  });

  it('keeps a config object as it is', () => {
    const body = 'self.save_hyperparameters(config)\nself.rnn = nn.GRU(self.hparams.size, 3)';
    assert.equal(total(module('config={"size": 9}', body)), gru(9, 3));
  });
});
