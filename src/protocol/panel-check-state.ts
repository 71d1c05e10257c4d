import {
  type Check,
  aBoolean,
  aNumber,
  aString,
  anInteger,
  anObject,
  byType,
  listOf,
  nullable,
  oneOf,
  optional,
  recordOf,
} from './check';
import {
  type Checked,
  aCell,
  aLoss,
  aMessage,
  aSelection,
  aNumberType,
  aSizing,
  aStart,
  aWorkload,
  anAssumable,
  checked,
  someGoals,
  someWhatIfValues,
} from './panel-check';
import type { ProbeCurve } from '../model';
import * as view from './panel';

const messages = listOf(aMessage);
const aNumberOrNull = nullable(aNumber);
const line = anInteger(0, Number.MAX_SAFE_INTEGER);
const place = nullable(anObject<view.Place>({ uri: aString, line, character: line }));
const quantity = anObject<view.Quantity>({ value: aNumberOrNull, formula: optional(aString) });
const formula = nullable(anObject<view.FormulaView>({ letters: aString, filled: aString }));
const apply = anObject<view.ApplyView>({ possible: aBoolean, reason: optional(aMessage) });

const totals = anObject<view.TotalsView>({
  params: quantity,
  trainable: quantity,
  nonTrainable: quantity,
  recurrent: quantity,
  macs: quantity,
  flops: quantity,
  backwardFlops: quantity,
  weightBytes: quantity,
  activationBytes: quantity,
  formula: nullable(aString),
  unknown: messages,
});

const layer = anObject<view.LayerView>({
  path: aString,
  typeName: aString,
  what: messages,
  recurrent: aBoolean,
  place,
  params: quantity,
  macs: quantity,
  flops: quantity,
  weightBytes: quantity,
  activationBytes: quantity,
  formula,
  unknown: messages,
});

const row = anObject<view.ComparisonRowView>({
  cell: aCell,
  sizing: aSizing,
  current: aBoolean,
  hiddenSizes: listOf(anObject({ path: aString, size: aNumber })),
  params: aNumber,
  macsPerStep: aNumberOrNull,
  macs: aNumberOrNull,
  flops: aNumberOrNull,
  weightBytes: aNumberOrNull,
  percent: anObject({ params: aNumber, flops: aNumberOrNull }),
  byGate: listOf(anObject<view.GateView>({ gate: aString, params: aNumber })),
  apply,
});

const costs = anObject<view.WhatIfCosts>({
  params: quantity,
  macsPerStep: quantity,
  flops: quantity,
  weightBytes: quantity,
  activationBytes: quantity,
  modelParams: quantity,
  modelFlops: quantity,
});

const whatIf = anObject<view.WhatIfView>({
  path: aString,
  cell: aCell,
  written: someWhatIfValues,
  values: someWhatIfValues,
  can: anObject({ numLayers: aBoolean, bidirectional: aBoolean, projSize: aBoolean }),
  before: costs,
  after: costs,
  curves: listOf(
    anObject<view.CurveView>({
      cell: aCell,
      points: listOf(anObject({ hidden: aNumber, params: aNumber, flops: aNumberOrNull })),
    }),
  ),
  apply,
});

const depth = anInteger(0, 2);
const quantities = anObject<view.QuantitiesView>({
  params: listOf(anObject({ label: aMessage, depth, size: quantity })),
  work: listOf(
    anObject<view.WorkView>({
      label: aMessage,
      depth,
      perStep: nullable(quantity),
      perSequence: nullable(quantity),
      perBatch: quantity,
    }),
  ),
  numberTypes: listOf(aNumberType),
  memory: listOf(anObject({ label: aMessage, bytes: listOf(quantity) })),
  conventions: messages,
});

const explain = anObject<view.ExplainView>({
  path: aString,
  title: aString,
  formula,
  equations: listOf(aString),
  conventions: messages,
  tensors: listOf(anObject({ name: aString, shape: aString, params: quantity })),
  quantities,
});

const sentence = anObject<view.SentenceView>({
  text: aMessage,
  from: byType<view.SentenceView['from']>({
    page: anObject({ type: oneOf('page'), section: oneOf('layers', 'compare', 'what-if', 'gradient') }),
    paper: anObject({ type: oneOf('paper'), title: aString, url: aString }),
  }),
});

const model = anObject<view.ModelView>({
  name: aString,
  framework: aString,
  place,
  construction: nullable(anObject({ text: aString, place })),
  facts: listOf(anObject<view.FactView>({ name: aString, value: aString, place })),
  assumed: listOf(
    anObject<view.AssumedView>({
      name: aString,
      value: anAssumable,
      from: oneOf('argument', 'comment', 'setting'),
    }),
  ),
  unknowns: listOf(
    anObject<view.UnknownView>({ name: aString, reason: aMessage, place, choices: listOf(anAssumable) }),
  ),
  workload: aWorkload,
  totals,
  layers: listOf(layer),
  comparison: nullable(
    anObject<view.ComparisonView>({
      path: aString,
      rows: listOf(row),
      unknown: messages,
      assumedRun: aBoolean,
    }),
  ),
  whatIf: nullable(whatIf),
  explain: nullable(explain),
  quantities,
  decision: listOf(sentence),
});

const pinned = anObject<view.PinnedView>({
  title: aString,
  name: aString,
  framework: aString,
  workload: aWorkload,
  totals,
  layers: listOf(layer),
});

const state = anObject<view.PanelState>({
  file: anObject<view.FileView>({ uri: aString, name: aString, saved: aBoolean }),
  phase: oneOf('loading', 'ready', 'empty', 'error'),
  error: optional(aMessage),
  problems: listOf(
    anObject<view.ProblemView>({ severity: oneOf('error', 'warning', 'info'), message: aMessage, place }),
  ),
  models: listOf(
    anObject<view.ModelChoice>({
      name: aString,
      className: aString,
      construction: nullable(aString),
      line: nullable(line),
    }),
  ),
  model: nullable(model),
  pinned: nullable(pinned),
  goals: someGoals,
});

const proposal = anObject<view.ProposalView>({
  id: aNumber,
  title: aMessage,
  file: aString,
  hunks: listOf(anObject({ line, removed: listOf(aString), added: listOf(aString) })),
  notes: messages,
});

const progress = nullable(
  anObject<view.ProgressView>({ done: aNumber, total: aNumber, secondsLeft: aNumberOrNull }),
);

const citation = anObject<view.CitationView>({ title: aString, url: aString });

const aDirection = oneOf('forward', 'reverse');
const seeds = listOf(anObject({ seed: aNumber, log10Norms: listOf(aNumberOrNull) }));

const flowCase = anObject<view.FlowCaseView>({
  id: aString,
  label: aMessage,
  cell: aCell,
  role: oneOf('written', 'compared', 'tried', 'alternative'),
  hiddenSize: aNumber,
  seeds,
  verdict: oneOf('vanishing', 'exploding', 'healthy', 'saturated', 'unknown'),
  sentences: messages,
  decayPerStep: aNumberOrNull,
  halfLifeSteps: aNumberOrNull,
  horizonSteps: aNumberOrNull,
  rules: listOf(anObject({ name: aString, text: aMessage, source: citation })),
  gates: listOf(
    anObject<view.GateFlowView>({ gate: aString, mean: listOf(aNumber), saturated: listOf(aNumber) }),
  ),
  hiddenSaturation: listOf(aNumber),
  curves: listOf(
    anObject<view.FlowCurveView>({ layer: aNumber, direction: aDirection, of: oneOf('h', 'c'), seeds }),
  ),
  weightGradients: listOf(
    anObject<view.WeightGradientView>({
      layer: aNumber,
      direction: aDirection,
      tensor: aString,
      gate: aString,
      log10Norm: aNumberOrNull,
    }),
  ),
  recurrentKernel: listOf(
    anObject<view.KernelView>({
      gate: aString,
      sigmaMax: aNumber,
      singularValues: listOf(aNumber),
      spectralRadius: aNumberOrNull,
    }),
  ),
  lyapunov: aNumberOrNull,
});

const trainedGate = anObject<view.TrainedGateView>({
  gate: aString,
  bias: nullable(anObject({ mean: aNumber, std: aNumber, min: aNumber, max: aNumber })),
  sigmaMax: aNumberOrNull,
  spectralRadius: aNumberOrNull,
});

const flow = anObject<view.FlowView>({
  trained: listOf(
    anObject<view.TrainedLayerView>({ layer: aNumber, direction: aDirection, gates: listOf(trainedGate) }),
  ),
  status: oneOf('idle', 'running', 'done', 'cancelled', 'failed', 'blocked'),
  reason: nullable(aMessage),
  path: aString,
  progress,
  setup: nullable(
    anObject<view.FlowSetupView>({
      steps: aNumber,
      batch: aNumber,
      seeds: aNumber,
      backend: aString,
      initialiser: aMessage,
      trained: aBoolean,
      loss: aLoss,
      input: aMessage,
      thresholds: aMessage,
      horizonDecades: aNumber,
      stale: aBoolean,
      notTrained: nullable(aMessage),
    }),
  ),
  cases: listOf(flowCase),
  advice: listOf(
    anObject<view.AdviceView>({
      id: aString,
      title: aMessage,
      text: aMessage,
      source: citation,
      code: nullable(aString),
      insertable: aBoolean,
    }),
  ),
  choices: anObject<view.FlowChoicesView>({
    loss: aLoss,
    start: nullable(aStart),
    series: nullable(aString),
  }),
});

const probe = anObject<view.ProbeView>({
  status: oneOf('idle', 'running', 'done', 'cancelled', 'failed'),
  reason: nullable(aMessage),
  task: oneOf('adding', 'copy'),
  steps: aNumber,
  progress,
  baseline: aNumberOrNull,
  curves: listOf(
    anObject<ProbeCurve>({
      cell: aCell,
      hiddenSize: aNumber,
      parameters: aNumber,
      points: listOf(anObject({ iteration: aNumber, loss: aNumber })),
    }),
  ),
});

const toPage: Check<view.ToPage> = byType<view.ToPage>({
  init: anObject({
    type: oneOf('init'),
    version: oneOf(view.PANEL_VERSION),
    language: aString,
    strings: recordOf(aString),
  }),
  state: anObject({ type: oneOf('state'), state }),
  'what-if': anObject({ type: oneOf('what-if'), whatIf }),
  proposal: anObject({ type: oneOf('proposal'), proposal: nullable(proposal) }),
  cursor: anObject({ type: oneOf('cursor'), layer: nullable(aString) }),
  flow: anObject({ type: oneOf('flow'), flow }),
  'source-match': anObject({
    type: oneOf('source-match'),
    match: nullable(
      anObject<view.SourceMatchView>({
        kind: oneOf('same', 'recurrent', 'different', 'none'),
        text: aMessage,
        place,
        differences: messages,
      }),
    ),
  }),
  probe: anObject({ type: oneOf('probe'), probe }),
});

/** Takes a message from the extension apart; whatever arrives, this does not throw. */
export function checkToPage(value: unknown): Checked<view.ToPage> {
  return checked(value, toPage, 'message');
}

const saved = anObject<view.SavedPanel>({
  version: oneOf(view.PANEL_VERSION),
  uri: aString,
  selection: aSelection,
  sizing: aSizing,
  open: listOf(aString),
  goals: someGoals,
  whatIf: nullable(someWhatIfValues),
  pinned: nullable(pinned),
  scroll: aNumber,
});

/** The state a page saved before a reload, or undefined when there is none or it is of another version. */
export function savedPanel(value: unknown): view.SavedPanel | undefined {
  const result = checked(value, saved, 'saved');
  return result.ok ? result.value : undefined;
}
