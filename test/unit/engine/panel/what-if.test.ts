import { strict as assert } from 'node:assert';
import { costModel } from '../../../../src/cost';
import { type WhatIfInputs, whatIfView, writtenValues } from '../../../../src/engine/panel/what-if';
import { DEFAULT_WORKLOAD } from '../../../../src/model';
import type { WhatIfValues } from '../../../../src/protocol/panel';
import { languageModel, recurrentOf } from './fixture';

const model = costModel(languageModel(), DEFAULT_WORKLOAD);
const layer = recurrentOf(model.model);
const written = writtenValues(layer, DEFAULT_WORKLOAD)!;

function view(changes: Partial<WhatIfValues>, changed?: WhatIfInputs['changed']) {
  const values = { ...written, ...changes };
  const result = whatIfView({ layer, model, whatIf: { values, changed, apply: { possible: false } } });
  assert.ok(result);
  return result;
}

/** PyTorch: 4H(I + H + 2) for the first layer, the directions doubling it and the inputs above it. */
function lstmCount(hidden: number, layers: number, directions: number): number {
  let count = 0;
  for (let l = 0; l < layers; l++) {
    const input = l === 0 ? 200 : directions * hidden;
    count += directions * 4 * hidden * (input + hidden + 2);
  }
  return count;
}

describe('What if', () => {
  it('changes nothing while the sliders stand where the source has them', () => {
    const { before, after } = view({});
    assert.deepEqual(after, before);
    assert.equal(before.modelParams.value, 13_987_678);
  });

  for (const [hiddenSize, numLayers, bidirectional] of [
    [400, 2, false],
    [128, 1, false],
    [200, 3, true],
  ] as const) {
    it(`counts ${hiddenSize} × ${numLayers}${bidirectional ? ', both directions' : ''}`, () => {
      const { after } = view({ hiddenSize, numLayers, bidirectional });
      assert.equal(after.params.value, lstmCount(hiddenSize, numLayers, bidirectional ? 2 : 1));
    });
  }

  it('does not guess the model when the source could not be changed', () => {
    assert.deepEqual(view({ hiddenSize: 400 }).after.modelParams, { value: null });
  });

  it('takes the model from the changed source', () => {
    const changed = costModel({ ...model.model, layers: model.model.layers.slice(0, 1) }, DEFAULT_WORKLOAD);
    assert.equal(view({ hiddenSize: 400 }, changed).after.modelParams.value, 6_655_600);
  });

  it('scales work with sequence length and batch, and bytes with the number type', () => {
    const { before, after } = view({ seqLen: 200, batch: 3, numberType: 'float16' });
    assert.equal(after.flops.value, before.flops.value! * 6);
    assert.equal(after.weightBytes.value, before.weightBytes.value! / 2);
    assert.equal(after.macsPerStep.value, before.macsPerStep.value);
  });

  it('draws curves through the point that the sliders stand at', () => {
    const { curves, after, values } = view({ hiddenSize: 333 });
    const point = curves.find((c) => c.cell === 'lstm')?.points.find((p) => p.hidden === values.hiddenSize);
    assert.deepEqual([point?.params, point?.flops], [after.params.value, after.flops.value]);
    for (const { points } of curves) {
      assert.ok(points.length > 20);
      assert.ok(
        points.every((p, i) => i === 0 || p.params > points[i - 1]!.params),
        'curves rise',
      );
    }
  });
});
