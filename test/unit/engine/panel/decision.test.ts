import { strict as assert } from 'node:assert';
import { panelState } from '../../../../src/engine/panel/state';
import { formatMessage } from '../../../../src/model';
import type { FlowCaseView, FlowView, Goals, PanelState } from '../../../../src/protocol/panel';
import { formatBytes, formatCount, formatPercent, formatShare } from '../../../../src/report/numbers';
import { languageModel, panelInput } from './fixture';

const noGoals: Goals = { maxParams: null, trainingSequences: null, target: 'any' };

function flowWith(horizons: Readonly<Record<'lstm' | 'gru' | 'rnn', number>>): FlowView {
  const sizes = { lstm: 200, gru: 235, rnn: 430 };
  const run = (cell: 'lstm' | 'gru' | 'rnn'): FlowCaseView => ({
    id: cell,
    label: { text: cell, args: [] },
    cell,
    role: cell === 'lstm' ? 'written' : 'compared',
    hiddenSize: sizes[cell],
    seeds: [],
    verdict: 'vanishing',
    sentences: [],
    decayPerStep: 3 / horizons[cell],
    halfLifeSteps: 1,
    horizonSteps: horizons[cell],
    gates: [],
    rules: [],
    hiddenSaturation: [],
    curves: [],
    weightGradients: [],
    recurrentKernel: [],
    lyapunov: null,
  });
  return {
    status: 'done',
    reason: null,
    path: 'rnn',
    progress: null,
    setup: {
      steps: 100,
      batch: 1,
      seeds: 3,
      backend: 'wasm',
      initialiser: { text: '', args: [] },
      trained: false,
      loss: 'last',
      input: { text: '', args: [] },
      thresholds: { text: '', args: [] },
      horizonDecades: 3,
      stale: false,
      notTrained: null,
    },
    cases: [run('lstm'), run('gru'), run('rnn')],
    advice: [],
    choices: { loss: 'last', start: null, series: null },
    trained: [],
  };
}

function stateWith(goals: Partial<Goals>, flow: FlowView | null = null): PanelState {
  return panelState(panelInput(languageModel(), { goals: { ...noGoals, ...goals }, flow }));
}

function textsOf(state: PanelState): string[] {
  return (state.model?.decision ?? []).map((s) => formatMessage(s.text));
}

describe('Decision', () => {
  it('asks for the gradient flow while it has not been run', () => {
    assert.ok(textsOf(stateWith({})).some((t) => /not measured yet/.test(t)));
  });

  it('recommends a cell only when it reaches clearly further, with its numbers', () => {
    const further = textsOf(stateWith({}, flowWith({ lstm: 10, gru: 14, rnn: 9 }))).join('\n');
    assert.match(
      further,
      /GRU with hidden size 235 is worth trying first: it reaches 14 steps instead of 10/,
    );
    const close = textsOf(stateWith({}, flowWith({ lstm: 13, gru: 14, rnn: 9 }))).join('\n');
    assert.doesNotMatch(close, /worth trying/);
    assert.match(close, /No other cell reaches clearly further/);
  });

  it('does not urge a change when the layer reaches over the whole sequence', () => {
    const text = textsOf(stateWith({}, flowWith({ lstm: 100, gru: 400, rnn: 9 }))).join('\n');
    assert.doesNotMatch(text, /worth trying/);
    assert.match(text, /LSTM already reaches over the whole sequence/);
  });

  it('holds the model against a stated budget', () => {
    assert.ok(
      textsOf(stateWith({ maxParams: 14e6 })).some((t) =>
        /keeps to your budget: 13,987,678 of 14,000,000/.test(t),
      ),
    );
    const over = textsOf(stateWith({ maxParams: 13.6e6 })).join('\n');
    assert.match(over, /387,678 parameters over your budget of 13,600,000/);
    // The other layers have 13,344,478: a SimpleRNN (160,800) would do, a GRU (482,400) would not.
    assert.match(over, /SimpleRNN at the same hidden size saves 482,400 parameters/);
    assert.match(textsOf(stateWith({ maxParams: 1e6 })).join('\n'), /the other layers alone have 13,344,478/);
  });

  it('says nothing about data or device that the user did not state', () => {
    const text = textsOf(stateWith({})).join('\n');
    assert.doesNotMatch(text, /int8|time steps to learn from/);
    const stated = textsOf(stateWith({ trainingSequences: 1000, target: 'mobile' })).join('\n');
    assert.match(stated, /1,000 sequences of 100 steps are 100,000 time steps/);
    assert.match(stated, /53\.4 MiB as float32 and 13\.3 MiB as int8/);
  });

  it('says what the stated device has to do with it', () => {
    // 13,987,678 numbers of one byte are 13.3 MiB: more than the 1 MiB of the paper's microcontroller.
    const micro = textsOf(stateWith({ target: 'microcontroller' })).join('\n');
    assert.match(micro, /53\.4 MiB as float32 and 13\.3 MiB as int8/);
    assert.match(micro, /Even as int8 they do not fit into 1 MiB/);
    assert.match(
      textsOf(stateWith({ target: 'server' })).join('\n'),
      /The 100 steps run one after another, each with 640,000 MACs for a sequence; .* here 1\./,
    );
  });

  it('takes every number in a sentence about the comparison from the page', () => {
    const state = stateWith({}, flowWith({ lstm: 10, gru: 14, rnn: 9 }));
    const shown = new Set<string>();
    const visit = (value: unknown): void => {
      if (typeof value === 'number') {
        shown
          .add(formatCount(Math.round(value)))
          .add(formatPercent(value))
          .add(formatBytes(value));
      } else if (typeof value === 'object' && value !== null) Object.values(value).forEach(visit);
    };
    const { decision, ...rest } = state.model!;
    visit(rest);
    visit(flowWith({ lstm: 10, gru: 14, rnn: 9 }));
    shown.add(formatShare(643_200, 13_987_678));
    for (const { text, from } of decision) {
      if (from.type !== 'page') continue;
      for (const arg of text.args) {
        for (const part of String(arg).split(', ')) {
          const number = part.replace(/^[A-Za-z]+ /, '');
          if (/^[−+\d]/.test(number)) assert.ok(shown.has(number), `${number} in “${formatMessage(text)}”`);
        }
      }
    }
  });

  it('gives every sentence a place on the page or a paper', () => {
    for (const { from } of stateWith({}, flowWith({ lstm: 10, gru: 14, rnn: 9 })).model!.decision) {
      if (from.type === 'paper') assert.match(from.url, /^https:\/\//);
      else assert.ok(['layers', 'compare', 'what-if', 'gradient'].includes(from.section));
    }
  });
});
