import { strict as assert } from 'node:assert';
import { matchSource } from '../../../src/compare/match-source';
import type { Model } from '../../../src/model';
import { readPython } from '../../../src/readers/python';
import { readSavedModel } from '../../../src/readers/registry';
import { contextFor, fixture } from '../readers/saved/support';

const saved = async (path: string): Promise<Model> =>
  (await readSavedModel(await fixture(path), contextFor(path))).models[0]!;

/** The class that `make_saved_models.py` saved as net.pt, and one that only resembles it. */
const net = (hidden: number, name = 'Net') => `
class ${name}(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(11, 6)
        self.conv = nn.Conv1d(6, 5, 3)
        self.bn = nn.BatchNorm1d(5)
        self.encoder = nn.LSTM(5, 7, num_layers=2, bidirectional=True, batch_first=True)
        self.norm = nn.LayerNorm(14)
        self.decoder = nn.GRUCell(14, ${hidden})
        self.out = nn.Linear(4, 11)
        self.scale = nn.Parameter(torch.ones(3))
`;

function sources(text: string): { readonly model: Model }[] {
  const { models } = readPython(
    { file: 'm.py', text: `import torch\nimport torch.nn as nn\n${text}` },
    { assumptions: new Map() },
  );
  return models.map((model) => ({ model }));
}

describe('The source of a saved model', () => {
  it('is the class with the same tensors, whatever else there is', async () => {
    const match = matchSource(await saved('torch/net.pt'), sources(net(9, 'Other') + net(4)));
    assert.equal(match?.kind, 'same');
    assert.equal(match.source.model.name, 'Net');
  });

  it('is named with what differs when it only comes near', async () => {
    const match = matchSource(await saved('torch/net.pt'), sources(net(9)));
    assert.ok(match?.kind === 'different');
    assert.deepEqual(
      match.differences.map((d) => d.args[0]),
      ['decoder'],
    );
  });

  it('is not a stranger', async () => {
    const other =
      'class Stranger(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.rnn = nn.LSTM(9, 9)\n';
    assert.equal(matchSource(await saved('torch/net.pt'), sources(other)), undefined);
  });

  for (const file of ['lstm_stacked.onnx', 'lstm_stacked_unfolded.onnx']) {
    it(`is found by its recurrent layers across frameworks: ${file}`, async () => {
      const stacked =
        'class S(nn.Module):\n    def __init__(self):\n        super().__init__()\n        self.rnn = nn.LSTM(3, ';
      const right = matchSource(await saved(`onnx-export/${file}`), sources(`${stacked}4, num_layers=2)\n`));
      assert.equal(right?.kind, 'recurrent');
      const wrong = matchSource(await saved(`onnx-export/${file}`), sources(`${stacked}5, num_layers=2)\n`));
      assert.equal(wrong, undefined);
    });
  }
});
