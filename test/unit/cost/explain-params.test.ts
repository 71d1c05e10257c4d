import assert from 'node:assert/strict';
import { explainFramework, explainParams } from '../../../src/cost';
import { type Framework, formatMessage, symbol, formatDim, valueOf } from '../../../src/model';
import { recurrent } from './layers';

const sentences = (spec: Parameters<typeof recurrent>[0]) =>
  explainParams(recurrent(spec)).map((e) => [formatMessage(e.message), valueOf(e.params)]);

describe('explain: where parameters come from', () => {
  it('a stacked bidirectional LSTM with projection, part by part', () => {
    assert.deepEqual(sentences({ inputSize: 10, hiddenSize: 20, numLayers: 2, directions: 2, projSize: 8 }), [
      [
        'Gates: 4. Each has weights for 10 inputs and 8 values of state, for each of 20 hidden units, in 2 direction(s).',
        2 * 4 * 20 * (10 + 8),
      ],
      [
        'Stacked layers: each upper layer reads the outputs of both directions below, 16 values.',
        2 * 4 * 20 * (16 + 8),
      ],
      ['PyTorch keeps two bias vectors, one for the input and one for the recurrent product.', 4 * 8 * 20],
      [
        'Projection: the state that is fed back and handed on has 8 values in place of 20, which takes a matrix more and makes the others narrower.',
        4 * 8 * 20,
      ],
    ]);
  });

  const biases: readonly (readonly [Framework, 'rnn' | 'lstm' | 'gru', RegExp])[] = [
    ['pytorch', 'rnn', /two bias vectors, one for the input/],
    ['keras', 'rnn', /one bias vector\.$/],
    ['keras', 'lstm', /one bias vector\.$/],
    ['keras', 'gru', /reset_after/],
    ['keras2', 'gru', /one bias vector\.$/],
    ['tfjs', 'gru', /one bias vector\.$/],
    ['flax-linen', 'gru', /for the candidate alone/],
    ['flax-linen', 'lstm', /one bias vector\.$/],
    ['flax-nnx', 'gru', /one bias vector\.$/],
    ['equinox', 'gru', /for the candidate alone/],
    ['haiku', 'rnn', /two bias vectors/],
    ['onnx', 'gru', /two bias vectors, one for the input/],
  ];
  for (const [framework, kind, expected] of biases) {
    it(`biases of ${framework} ${kind}`, () => {
      const [, bias] = sentences({ framework, kind });
      assert.match(String(bias![0]), expected);
    });
  }

  it('without biases it says so', () => {
    assert.deepEqual(sentences({ bias: 0 })[1], ['No biases.', 0]);
    assert.deepEqual(sentences({ bias: symbol('flag') })[1], [
      'How many bias vectors there are is not known.',
      undefined,
    ]);
  });
});

describe('explain: why two frameworks differ for the same sizes', () => {
  const difference = (spec: Parameters<typeof recurrent>[0], framework: Framework) => {
    const d = explainFramework(recurrent(spec), framework);
    return [valueOf(d.difference), d.reasons.map((m) => formatMessage(m))];
  };

  it('an LSTM has 4H fewer in Keras than in PyTorch: one bias vector less', () => {
    assert.deepEqual(difference({}, 'keras'), [
      -4 * 128,
      [
        'PyTorch keeps two bias vectors, one for the input and one for the recurrent product.',
        'Keras keeps one bias vector.',
        'Biases make -512 parameters of difference.',
      ],
    ]);
  });

  it('a GRU is the same in PyTorch and in Keras by default, and 3H apart from tf.js', () => {
    assert.deepEqual(difference({ kind: 'gru' }, 'keras'), [0, []]);
    assert.equal(difference({ kind: 'gru' }, 'tfjs')[0], -3 * 128);
  });

  it('Flax linen’s GRU has H more than nnx’s', () => {
    assert.equal(difference({ kind: 'gru', framework: 'flax-nnx' }, 'flax-linen')[0], 128);
  });

  it('names what the other framework has no argument for', () => {
    const [, reasons] = difference({ projSize: 8 }, 'keras');
    assert.ok((reasons as string[]).includes('Keras has no projection argument; the count supposes one.'));
    const [, stacked] = difference({ numLayers: 2 }, 'keras');
    assert.ok(
      (stacked as string[]).includes('Keras stacks layers one by one; the count is that of the stack.'),
    );
  });

  it('with an unknown size the difference is a formula', () => {
    const { difference: d } = explainFramework(recurrent({ hiddenSize: symbol('nhid') }), 'keras');
    assert.equal(formatDim(d), '-4·nhid');
  });
});
