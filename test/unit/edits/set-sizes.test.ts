import { strict as assert } from 'node:assert';
import { type Sizes, applyEdits, isRefusal, setSizes } from '../../../src/edits';
import { type RecurrentLayer, formatMessage, isRecurrent } from '../../../src/model';
import { readPython } from '../../../src/readers/python';

function file(call: string) {
  // A default of 32 that the layer does not use would be one place too many.
  const hidden = call.includes('(8, n') ? 32 : 7;
  const text = `import torch.nn as nn\n\nclass Net(nn.Module):\n    def __init__(self, n=${hidden}, deep=1):\n        super().__init__()\n        self.rnn = ${call}\n`;
  return { file: '/net.py', text };
}

function layerOf(source: ReturnType<typeof file>): RecurrentLayer {
  const { models } = readPython(source, { assumptions: new Map() });
  const layer = models[0]?.layers.find(isRecurrent);
  assert.ok(layer, source.text);
  return layer;
}

function change(call: string, sizes: Partial<Sizes>): string {
  const source = file(call);
  const written: Sizes = { hiddenSize: 32, numLayers: 1, bidirectional: false, projSize: 0 };
  const result = setSizes(source, layerOf(source), { ...written, ...sizes });
  if (isRefusal(result)) return formatMessage(result.refused);
  return applyEdits(source.text, result.edits);
}

describe('Sizes written into the source', () => {
  it('changes the number where it stands', () => {
    assert.match(change('nn.LSTM(8, 32)', { hiddenSize: 48 }), /nn\.LSTM\(8, 48\)/);
    assert.match(change('nn.LSTM(8, n)', { hiddenSize: 48 }), /n=48/);
  });

  it('adds arguments that are not there and replaces those that are', () => {
    assert.match(change('nn.LSTM(8, 32)', { numLayers: 3 }), /nn\.LSTM\(8, 32, num_layers=3\)/);
    assert.match(change('nn.LSTM(8, 32, 1)', { numLayers: 3 }), /nn\.LSTM\(8, 32, 3\)/);
    assert.match(change('nn.LSTM(8, 32, num_layers=deep)', { numLayers: 2 }), /deep=2/);
    assert.match(
      change('nn.LSTM(8, 32, bidirectional=False)', { bidirectional: true }),
      /bidirectional=True\)/,
    );
    assert.match(change('nn.LSTM(8, 32)', { projSize: 16 }), /nn\.LSTM\(8, 32, proj_size=16\)/);
  });

  it('reads back what it wrote', () => {
    const text = change('nn.LSTM(8, n)', { hiddenSize: 24, numLayers: 2, bidirectional: true, projSize: 4 });
    const layer = layerOf({ file: '/net.py', text });
    const sizes = [layer.hiddenSize, layer.numLayers, layer.directions, layer.projSize];
    assert.deepEqual(
      sizes.map((d) => [...(d?.terms.values() ?? [])].map((t) => Number(t.coefficient))[0]),
      [24, 2, 2, 4],
    );
  });

  it('refuses a projection of a GRU', () => {
    assert.match(change('nn.GRU(8, 32)', { projSize: 4 }), /Only an LSTM has a projection/);
  });
});
