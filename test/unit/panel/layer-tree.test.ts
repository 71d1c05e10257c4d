import { strict as assert } from 'node:assert';
import { layerTree } from '../../../src/panel/layer-tree';
import type { LayerView } from '../../../src/protocol/panel';

function layer(path: string, params: number | null): LayerView {
  const quantity = { value: params };
  return {
    path,
    typeName: 'LSTM',
    what: [],
    recurrent: true,
    place: null,
    params: quantity,
    macs: quantity,
    flops: quantity,
    weightBytes: quantity,
    activationBytes: quantity,
    formula: null,
    unknown: [],
  };
}

const shown = (layers: readonly LayerView[]) =>
  layerTree(layers).map((row) => {
    const count = 'layer' in row ? row.layer.params.value : row.params.value;
    return `${'  '.repeat(row.depth)}${row.label} ${count}`;
  });

describe('The tree of layers', () => {
  it('is a list where paths share nothing', () => {
    assert.deepEqual(shown([layer('embed', 1), layer('encoder.rnn', 2), layer('head', 3)]), [
      'embed 1',
      'encoder.rnn 2',
      'head 3',
    ]);
  });

  it('groups neighbours under what their paths share, and adds them up', () => {
    const layers = [
      layer('if/else/stft/Conv', 1),
      layer('if/else/encoder/0/Conv', 2),
      layer('if/else/encoder/1/Conv', 3),
      layer('if/then/rnn/LSTM', 4),
    ];
    assert.deepEqual(shown(layers), [
      'if 10',
      '  else 6',
      '    stft/Conv 1',
      '    encoder 5',
      '      0/Conv 2',
      '      1/Conv 3',
      '  then/rnn/LSTM 4',
    ]);
  });

  it('keeps the order in which layers run', () => {
    assert.deepEqual(shown([layer('a.x', 1), layer('b', 2), layer('a.y', 3)]), ['a.x 1', 'b 2', 'a.y 3']);
  });

  it('does not add up what is unknown, and takes any path', () => {
    assert.deepEqual(shown([layer('a.x', 1), layer('a.y', null)]), ['a null', '  x 1', '  y null']);
    assert.deepEqual(shown([layer('', 1), layer('.', 2), layer('a..b', 3), layer('a', 4), layer('a.b', 5)]), [
      'LSTM 1',
      '. 2',
      'a..b 3',
      'a 4',
      'a.b 5',
    ]);
  });
});
