import assert from 'node:assert/strict';
import { costLayer } from '../../../src/cost';
import { type Layer, DEFAULT_WORKLOAD, constant, symbol } from '../../../src/model';
import { base, recurrent } from './layers';

const formula = (layer: Layer) => costLayer(layer, DEFAULT_WORKLOAD).formula!;

describe('formulas as people read them', () => {
  it('a recurrent layer in letters and with its sizes', () => {
    assert.deepEqual(formula(recurrent({})), {
      letters: '4·H·(I + H + 2)',
      filled: '4·128·(64 + 128 + 2)',
    });
    assert.equal(formula(recurrent({ framework: 'keras' })).letters, '4·H·(I + H + 1)');
    assert.equal(formula(recurrent({ kind: 'gru', framework: 'flax-linen' })).letters, 'H·(3·I + 3·H + 4)');
    assert.equal(formula(recurrent({ bias: 0 })).filled, '4·128·(64 + 128)');
  });

  it('a stack: the first layer and the ones above it', () => {
    assert.deepEqual(formula(recurrent({ numLayers: 2 })), {
      letters: '4·H·(I + H + 2) + 8·H·(H + 1)',
      filled: '4·128·(64 + 128 + 2) + 8·128·(128 + 1)',
    });
    assert.equal(formula(recurrent({ numLayers: 4 })).letters, '4·H·(I + H + 2) + 8·(L - 1)·H·(H + 1)');
    assert.equal(formula(recurrent({ numLayers: 4 })).filled, '4·128·(64 + 128 + 2) + 8·3·128·(128 + 1)');
  });

  it('with a projection', () => {
    assert.equal(formula(recurrent({ projSize: 8 })).letters, 'H·(4·I + 5·P + 8)');
  });

  it('with unknown sizes, simplified', () => {
    const open = recurrent({ inputSize: symbol('ninp'), hiddenSize: symbol('nhid') });
    assert.equal(formula(open).filled, '4·nhid·(ninp + nhid + 2)');
    // A name of the source that is also a letter of ours does no harm to the count.
    const clash = recurrent({ inputSize: symbol('H'), hiddenSize: constant(4) });
    assert.equal(formula(clash).filled, '16·(H + 6)');
  });

  it('of a layer without weights is 0', () => {
    const dropout: Layer = { ...base('drop', 'Dropout'), kind: 'dropout', op: 'dropout' };
    assert.deepEqual(formula(dropout), { letters: '0', filled: '0' });
  });
});
