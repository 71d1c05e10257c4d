import assert from 'node:assert/strict';
import { formatMessage } from '../../../../src/model';
import { layerAt, modelNamed, read, totals } from './read';

/** What PyTorch refuses to build has no count. Each of these raises in `torch.nn` (2.x). */
const REFUSED: readonly (readonly [call: string, reason: string])[] = [
  ['nn.LSTM(-3, 4)', '`input_size` of `LSTM` is -3 here; `LSTM` takes no size below 0.'],
  ['nn.GRU(3, 0)', '`hidden_size` of `GRU` is 0 here; `GRU` takes no size below 1.'],
  ['nn.RNN(3, 4, num_layers=0)', '`num_layers` of `RNN` is 0 here; `RNN` takes no size below 1.'],
  ['nn.LSTM(3, 4, proj_size=4)', '`proj_size` has to be smaller than `hidden_size`; it is 4 of 4 here.'],
  ['nn.LSTM(3, 4, hidden=7)', '`LSTM` has no argument `hidden`.'],
  ['nn.GRUCell(3, 4, num_layers=2)', '`GRUCell` has no argument `num_layers`.'],
  ['nn.Linear(3, -4)', '`out_features` of `Linear` is -4 here; `Linear` takes no size below 0.'],
];

describe('Python source: layers that the framework refuses', () => {
  for (const [call, reason] of REFUSED) {
    it(`${call} has no count, and says why`, () => {
      const text = `import torch.nn as nn
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = ${call}
        self.fine = nn.LSTM(3, 4, proj_size=3)
`;
      const model = modelNamed(read(text), 'Net');
      const layer = layerAt(model, 'layer');
      assert.equal(layer.kind === 'unknown' && formatMessage(layer.reason), reason);
      assert.equal(totals(model).total, undefined);
      assert.equal(layerAt(model, 'fine').kind, 'lstm');
    });
  }
});
