import assert from 'node:assert/strict';
import fc from 'fast-check';
import { costModel } from '../../../src/cost';
import { panelState } from '../../../src/engine/panel/state';
import { DEFAULT_WORKLOAD, isRecurrent } from '../../../src/model';
import { checkFromPage } from '../../../src/protocol/panel-check';
import { savedPanel } from '../../../src/protocol/panel-check-state';
import type { FromPage, WhatIfValues } from '../../../src/protocol/panel';
import { languageModel, panelInput } from '../../unit/engine/panel/fixture';
import { nearly, nastyValue } from '../support/nasty';
import { BUDGET, tried } from '../support/tried';

const WHAT_IF: WhatIfValues = {
  hiddenSize: 200,
  numLayers: 2,
  bidirectional: false,
  projSize: 0,
  seqLen: 100,
  batch: 1,
  numberType: 'float32',
};

/** Messages as the page sends them. */
const GENUINE: readonly FromPage[] = [
  { type: 'ready' },
  { type: 'select', selection: { model: 'RNNModel', layer: 'rnn' } },
  { type: 'reveal', uri: 'file:///work/model.py', line: 3, character: 4 },
  { type: 'assume', name: 'ntoken', value: 33278 },
  { type: 'workload', workload: { seqLen: 35, batch: 20, numberType: 'float32' } },
  { type: 'what-if', values: WHAT_IF },
  { type: 'run-flow', sizing: 'same-size' },
  { type: 'apply', change: { type: 'cell', cell: 'gru', sizing: 'same-params' } },
  { type: 'answer', id: 1, accept: true },
  { type: 'save', format: 'csv' },
  { type: 'pin', what: 'this' },
  { type: 'goals', goals: { maxParams: 1e6, trainingSequences: null, target: 'mobile' } },
  { type: 'failed', message: 'x' },
];

const size = (value: unknown) => JSON.stringify(value)?.length ?? 0;

describe('Messages from the page', () => {
  it('are taken as they are meant', () => {
    for (const message of GENUINE) assert.deepEqual(checkFromPage(message), { ok: true, value: message });
  });

  it('nearly right or nonsense: refused with a reason, or harmless', async () => {
    const model = costModel(languageModel(), DEFAULT_WORKLOAD);
    const layer = model.model.layers.find(isRecurrent)!;
    const any = fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(...GENUINE).chain(nearly) },
      { weight: 1, arbitrary: nastyValue },
    );
    await fc.assert(
      fc.asyncProperty(any, async (value) => {
        await tried('Messages of the panel', size(value), () => {
          const checked = checkFromPage(value);
          if (!checked.ok) assert.ok(checked.wrong.length > 0);
          else show(checked.value);
        });
      }),
      { numRuns: 400 * BUDGET },
    );

    /** The state of the page after a message that was let in. */
    function show(message: FromPage): void {
      const { type } = message;
      const changes =
        type === 'select'
          ? { selection: message.selection }
          : type === 'goals'
            ? { goals: message.goals }
            : type === 'what-if' && message.values
              ? { whatIf: { values: message.values, changed: undefined, apply: { possible: false } } }
              : {};
      const workload = type === 'workload' ? message.workload : DEFAULT_WORKLOAD;
      const state = panelState(panelInput(languageModel(), changes, workload));
      assert.ok(!/:(NaN|-?Infinity)[,}]/.test(JSON.stringify(state)), layer.path);
    }
  });

  it('what a page saved before a reload, nearly right: taken or left', async () => {
    const saved = {
      version: 1,
      uri: 'file:///work/model.py',
      selection: { model: null, layer: 'rnn' },
      sizing: 'same-size',
      open: ['layers'],
    };
    await fc.assert(
      fc.asyncProperty(fc.oneof(nearly(saved), nastyValue), async (value) => {
        await tried('Messages of the panel', size(value), () => savedPanel(value));
      }),
      { numRuns: 500 * BUDGET },
    );
  });
});
