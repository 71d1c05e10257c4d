import { strict as assert } from 'node:assert';
import { compareLayer } from '../../../../src/compare';
import { costModel } from '../../../../src/cost';
import { flowSpecOf } from '../../../../src/engine/flow-spec';
import { type FlowPlan, flowPlan } from '../../../../src/engine/panel/flow-plan';
import { flowView } from '../../../../src/engine/panel/flow-view';
import {
  AS_WRITTEN,
  DEFAULT_WORKLOAD,
  type FlowChoices,
  type RecurrentLayer,
  constant,
  formatMessage,
  isRecurrent,
} from '../../../../src/model';
import { DEFAULT_THRESHOLDS } from '../../../../src/advice';
import { profileOf } from '../../gradient/run';
import { languageModel } from './fixture';

const workload = { ...DEFAULT_WORKLOAD, seqLen: 12 };

function planOf(choices: Partial<FlowChoices>): FlowPlan {
  const model = languageModel({ hidden: constant(6) });
  const cost = costModel(model, workload);
  const layerCost = cost.layers.find((l) => isRecurrent(l.layer))!;
  const layer = layerCost.layer as RecurrentLayer;
  const own = flowSpecOf(layerCost, layer, workload);
  assert.ok('spec' in own);
  const plan = flowPlan({ own: own.spec }, compareLayer(layer, model, workload), 'same-size', workload, {
    ...AS_WRITTEN,
    ...choices,
  });
  assert.ok('cases' in plan, JSON.stringify(plan));
  return plan;
}

describe('Plan of a gradient-flow run', () => {
  it('has the layer, the other cells and what may help', () => {
    assert.deepEqual(
      planOf({}).cases.map((c) => [c.id, c.role]),
      [
        ['written', 'written'],
        ['cell-gru', 'compared'],
        ['cell-rnn', 'compared'],
        ['forget-bias', 'alternative'],
        ['chrono', 'alternative'],
        ['orthogonal', 'alternative'],
        ['gru', 'alternative'],
      ],
    );
  });

  it('takes loss and input into every case, and the start into one more', () => {
    const values = Array.from({ length: 20 }, (_, i) => i / 10);
    const plan = planOf({
      loss: 'all',
      input: { kind: 'series', name: 'close of x.csv', values },
      start: { kind: 'forget-bias', value: 2 },
    });
    assert.equal(formatMessage(plan.input), 'close of x.csv');
    for (const { spec } of plan.cases) {
      assert.equal(spec.loss, 'all');
      // As many as there are steps: the rest is not sent to the thread.
      assert.deepEqual(spec.input, { kind: 'series', values: values.slice(0, 12) });
    }
    const tried = plan.cases.find((c) => c.role === 'tried')!;
    assert.equal(formatMessage(tried.label), 'LSTM with forget bias 2');
    assert.deepEqual(tried.spec.initialiser, { kind: 'forget-bias', value: 2 });
  });

  it('shows every curve, weight and spectrum, and judges again by other thresholds', async () => {
    const plan = planOf({});
    const layer = languageModel({ hidden: constant(6) }).layers.find(isRecurrent)!;
    const profiles = await Promise.all(plan.cases.map((c) => profileOf(c.spec)));
    const input = { plan, profiles, layer, canInsert: () => true };
    const view = flowView(input);
    const written = view.cases[0]!;
    assert.deepEqual(
      written.curves.map((c) => [c.layer, c.of]),
      [
        [1, 'h'],
        [1, 'c'],
        [0, 'h'],
        [0, 'c'],
      ],
    );
    assert.equal(written.weightGradients.length, 2 * 3 * 4);
    assert.ok(
      written.recurrentKernel.every((k) => k.singularValues.length === 6 && k.spectralRadius !== null),
    );
    assert.match(formatMessage(view.setup!.thresholds), /vanishing from 3 decades/);
    const strict = flowView({ ...input, thresholds: { ...DEFAULT_THRESHOLDS, vanishingDecades: 0.1 } });
    assert.equal(strict.cases[0]!.verdict, 'vanishing');
    const loose = flowView({ ...input, thresholds: { ...DEFAULT_THRESHOLDS, vanishingDecades: 900 } });
    assert.equal(loose.cases[0]!.verdict, 'healthy');
  });
});
