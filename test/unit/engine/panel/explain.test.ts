import { strict as assert } from 'node:assert';
import { costLayer } from '../../../../src/cost';
import { explainView } from '../../../../src/engine/panel/explain';
import {
  DEFAULT_WORKLOAD,
  type Framework,
  type RecurrentLayer,
  constant,
  formatMessage,
  symbol,
} from '../../../../src/model';
import { languageModel, recurrentOf } from './fixture';

function explain(framework: Framework, kind: 'gru' | 'lstm' | 'rnn', changes: Partial<RecurrentLayer> = {}) {
  const layer: RecurrentLayer = {
    ...recurrentOf(languageModel()),
    framework,
    kind,
    numLayers: constant(1),
    ...changes,
  };
  const view = explainView(costLayer(layer, DEFAULT_WORKLOAD), layer, DEFAULT_WORKLOAD);
  return { ...view, text: view.conventions.map((m) => formatMessage(m)).join('\n') };
}

describe('Explanation', () => {
  it('applies the reset gate of PyTorch after the recurrent product, with a bias inside', () => {
    const { equations, text } = explain('pytorch', 'gru');
    assert.ok(equations.includes('n_t = tanh(W_n x_t + b_{xn} + r_t ⊙ (U_n h_{t−1} + b_{hn}))'));
    assert.ok(equations.includes('h_t = (1 − z_t) ⊙ n_t + z_t ⊙ h_{t−1}'));
    assert.match(text, /after the recurrent product/);
    assert.match(text, /two bias vectors/);
  });

  it('applies it before the product where Keras is told to', () => {
    const { equations, text } = explain('keras', 'gru', { resetAfter: constant(0) });
    assert.ok(equations.includes('n_t = tanh(W_n x_t + b_n + U_n (r_t ⊙ h_{t−1}))'));
    assert.match(text, /before the recurrent product/);
  });

  it('lets z point to the candidate in Haiku', () => {
    const { equations, text } = explain('haiku', 'gru');
    assert.ok(equations.includes('h_t = (1 − z_t) ⊙ h_{t−1} + z_t ⊙ n_t'));
    assert.match(text, /z = 1 takes the candidate/);
  });

  it('shows no equations while the order of reset is unknown', () => {
    const { equations, text } = explain('keras', 'gru', { resetAfter: symbol('flag') });
    assert.deepEqual(equations, []);
    assert.match(text, /not known/);
  });

  it('says what torchinfo, thop and ptflops add, and what Keras would count', () => {
    const layer = { inputSize: constant(64), hiddenSize: constant(128) };
    const { calls, ...rest } = recurrentOf(languageModel());
    assert.ok(calls);
    const unseen: RecurrentLayer = { ...rest, ...layer, kind: 'lstm', numLayers: constant(1) };
    const workload = { ...DEFAULT_WORKLOAD, seqLen: 50 };
    const { conventions } = explainView(costLayer(unseen, workload), unseen, workload);
    const text = conventions.map((m) => formatMessage(m)).join('\n');
    assert.match(
      text,
      /torchinfo prints 4,966,400 multiply-accumulates where the weights take part in 4,915,200/,
    );
    assert.match(text, /thop prints 5,017,600/);
    assert.match(text, /ptflops prints 5,030,400/);
    assert.match(text, /The same sizes in Keras: 98,816 parameters, a difference of −512/);
  });

  it('writes as many biases as the count has', () => {
    const biases = (view: { equations: readonly string[] }) =>
      view.equations.join(' ').match(/b_(\{[^}]*\}|.)/g)?.length ?? 0;
    assert.equal(biases(explain('pytorch', 'lstm')), 8);
    assert.equal(biases(explain('keras', 'lstm')), 4);
    assert.equal(biases(explain('pytorch', 'lstm', { bias: constant(0) })), 0);
    assert.equal(biases(explain('flax-linen', 'gru')), 4);
    assert.equal(biases(explain('flax-nnx', 'gru')), 3);
    assert.equal(biases(explain('keras', 'gru')), 6);
  });

  it('lists tensors that add up to the count', () => {
    const view = explain('pytorch', 'lstm');
    assert.deepEqual(
      view.tensors.map((t) => t.name),
      ['weight_ih_l0', 'weight_hh_l0', 'bias_ih_l0', 'bias_hh_l0'],
    );
    assert.equal(
      view.tensors.reduce((s, t) => s + (t.params.value ?? NaN), 0),
      4 * 200 * (200 + 200 + 2),
    );
  });

  it('states every quantity apart: by gate, by step, sequence and batch, in each number type', () => {
    const { quantities } = explain('pytorch', 'lstm', { inputSize: constant(64), hiddenSize: constant(128) });
    const gates = quantities.params.filter((row) => row.label.text === 'gate: {0}');
    assert.deepEqual(
      gates.map((row) => row.size.value),
      [24_832, 24_832, 24_832, 24_832],
    );
    const training = quantities.work.find((row) => row.label.text === 'FLOPs, training step')!;
    assert.deepEqual(
      [training.perStep?.value, training.perSequence?.value, training.perBatch.value],
      [595_712, 59_571_200, 59_571_200],
    );
    assert.deepEqual(quantities.numberTypes, ['float32', 'float16', 'bfloat16', 'int8']);
    const adam = quantities.memory.find((row) => row.label.text === 'optimiser state: Adam')!;
    assert.deepEqual(
      adam.bytes.map((b) => b.value),
      [794_624, 397_312, 397_312, 198_656],
    );
  });
});
