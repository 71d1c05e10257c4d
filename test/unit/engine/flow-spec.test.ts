import { strict as assert } from 'node:assert';
import { costModel } from '../../../src/cost';
import { flowSpecOf } from '../../../src/engine/flow-spec';
import {
  DEFAULT_WORKLOAD,
  type FlowSpec,
  type RecurrentLayer,
  constant,
  formatMessage,
  symbol,
} from '../../../src/model';
import { languageModel, recurrentOf } from './panel/fixture';

function run(changes: Partial<RecurrentLayer> = {}): FlowSpec | string {
  const model = languageModel();
  const layer = { ...recurrentOf(model), ...changes };
  const cost = costModel({ ...model, layers: [layer] }, DEFAULT_WORKLOAD).layers[0]!;
  const result = flowSpecOf(cost, layer, DEFAULT_WORKLOAD);
  return 'spec' in result ? result.spec : formatMessage(result.blocked);
}

function spec(changes: Partial<RecurrentLayer> = {}): FlowSpec {
  const result = run(changes);
  assert.ok(typeof result !== 'string', String(result));
  return result;
}

describe('Gradient-flow spec of a layer', () => {
  it('takes sizes, stacking and the assumed sequence length', () => {
    const { cell, inputSize, hiddenSize, numLayers, bidirectional, steps, batch, seeds } = spec();
    assert.deepEqual(
      { cell, inputSize, hiddenSize, numLayers, bidirectional, steps, batch },
      {
        cell: 'lstm',
        inputSize: 200,
        hiddenSize: 200,
        numLayers: 2,
        bidirectional: false,
        steps: 100,
        batch: 1,
      },
    );
    assert.equal(seeds.length, 3);
  });

  it('takes the number of steps that the source fixes', () => {
    const calls = [{ inputs: [], steps: constant(35), batch: constant(20), times: constant(1) }];
    assert.equal(spec({ calls }).steps, 35);
    assert.equal(spec({ calls: [] }).steps, 100, 'a layer without a run gets the assumed length');
  });

  it('says which name needs a number', () => {
    assert.match(String(run({ hiddenSize: symbol('nhid') })), /needs a number for nhid/);
  });

  it('runs the activations it knows and refuses others by name', () => {
    assert.equal(spec({ kind: 'rnn', activation: 'relu' }).nonlinearity, 'relu');
    assert.equal(spec({ framework: 'tfjs' }).gateNonlinearity, 'hard-sigmoid');
    assert.equal(spec({ framework: 'keras' }).gateNonlinearity, undefined);
    assert.match(String(run({ activation: 'swish' })), /swish/);
    assert.match(String(run({ recurrentActivation: 'softmax' })), /softmax/);
  });

  it("takes the framework's order of the reset gate unless the source says", () => {
    assert.equal(spec({ kind: 'gru' }).resetAfter, true);
    assert.equal(spec({ kind: 'gru', framework: 'tfjs' }).resetAfter, false);
    assert.equal(spec({ kind: 'gru', framework: 'keras', resetAfter: constant(0) }).resetAfter, false);
  });

  it('refuses what would be another layer: peepholes, unknown initialisers, files without any', () => {
    assert.match(String(run({ peepholes: constant(1) })), /peepholes/);
    assert.match(String(run({ coupledGates: true })), /coupled/);
    assert.match(String(run({ initialisers: { kernel: 'my_init' } })), /my_init is not known/);
    assert.match(String(run({ initialisers: { recurrentKernel: 'identity' } })), /SimpleRNN only/);
    assert.equal(typeof run({ kind: 'rnn', initialisers: { recurrentKernel: 'identity' } }), 'object');
    assert.match(String(run({ framework: 'onnx' })), /no initialiser/);
  });

  it('keeps initialisers that the source names', () => {
    assert.deepEqual(spec().initialiser, { kind: 'default' });
    const initialisers = { forgetBias: 1 };
    assert.deepEqual(spec({ initialisers }).initialiser, { kind: 'named', initialisers });
  });
});
