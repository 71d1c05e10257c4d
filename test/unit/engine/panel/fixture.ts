import { costModel } from '../../../../src/cost';
import { compareLayer } from '../../../../src/compare';
import { type PanelInput } from '../../../../src/engine/panel/state';
import {
  DEFAULT_WORKLOAD,
  type Dim,
  type Layer,
  type Model,
  type RecurrentLayer,
  type Unknown,
  type Workload,
  constant,
  isRecurrent,
} from '../../../../src/model';

const FILE = '/work/model.py';

export function at(line: number) {
  return { file: FILE, range: { start: { line, character: 8 }, end: { line, character: 60 } } };
}

const one = constant(1);

/** PyTorch's word-language model: Embedding, LSTM of two layers, Linear. */
export function languageModel(
  sizes: { readonly tokens?: Dim; readonly hidden?: Dim; readonly unknowns?: readonly Unknown[] } = {},
): Model {
  const tokens = sizes.tokens ?? constant(33278);
  const hidden = sizes.hidden ?? constant(200);
  const base = (path: string, typeName: string, line: number) => ({
    path,
    typeName,
    framework: 'pytorch' as const,
    source: at(line),
    calls: [{ inputs: [], times: one }],
  });
  const layers: Layer[] = [
    { ...base('encoder', 'Embedding', 12), kind: 'embedding', vocabularySize: tokens, embeddingSize: hidden },
    {
      ...base('rnn', 'LSTM', 14),
      kind: 'lstm',
      inputSize: hidden,
      hiddenSize: hidden,
      numLayers: constant(2),
      directions: one,
      bias: one,
    },
    { ...base('decoder', 'Linear', 20), kind: 'dense', inputSize: hidden, outputSize: tokens, bias: one },
  ];
  return {
    name: 'RNNModel',
    framework: 'pytorch',
    source: at(7),
    form: 'class',
    layers,
    unknowns: sizes.unknowns ?? [],
    assumed: [],
  };
}

export function recurrentOf(model: Model): RecurrentLayer {
  const layer = model.layers.find(isRecurrent);
  if (!layer) throw new Error('the model has no recurrent layer');
  return layer;
}

export function panelInput(
  model: Model,
  changes: Partial<PanelInput> = {},
  workload: Workload = DEFAULT_WORKLOAD,
): PanelInput {
  return {
    file: { uri: 'file:///work/model.py', name: 'model.py', saved: false },
    analysis: { models: [costModel(model, workload)], problems: [] },
    selection: { model: null, layer: null },
    whatIf: null,
    flow: null,
    goals: { maxParams: null, trainingSequences: null, target: 'any' },
    pinned: null,
    placeOf: (source) => (source?.range ? { uri: `file://${source.file}`, ...source.range.start } : null),
    canApply: () => ({ possible: true }),
    ...changes,
  };
}

export function comparisonOf(model: Model) {
  return compareLayer(recurrentOf(model), model, DEFAULT_WORKLOAD);
}
