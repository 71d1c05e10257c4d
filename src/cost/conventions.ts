import { type CellKind, type Framework, type RecurrentLayer, cellOf } from '../model';

/** Gates by name, the same word in every framework. `hidden` is the only block of a simple RNN. */
export type Gate = 'input' | 'forget' | 'cell' | 'output' | 'reset' | 'update' | 'candidate' | 'hidden';

/** How a framework cuts a recurrent layer's weights into tensors. */
export type Layout =
  /** One input and one recurrent matrix per stacked layer and direction, rows are gates: `weight_ih_l0` (gH, I). */
  | 'stacked'
  /** Gluon: as `stacked` under names of its own. */
  | 'gluon'
  /** Columns are gates: `kernel` (I, gH). */
  | 'keras'
  /** One small matrix per gate. */
  | 'linen'
  | 'nnx'
  /** Directions as the first axis: `W` (D, gH, I). */
  | 'onnx'
  /** Input and recurrent kernel joined: `kernel` (I + H, gH). */
  | 'tf1'
  | 'haiku'
  | 'equinox';

/** What a framework does that its users do not write down. */
export interface Convention {
  readonly layout: Layout;
  /** Order of the gate blocks in the tensors. */
  readonly gates: Readonly<Record<CellKind, readonly Gate[]>>;
  /** GRU when the source says nothing: 1 = reset gate after the recurrent product. */
  readonly resetAfter: 0 | 1;
}

const TORCH_GATES: Convention['gates'] = {
  rnn: ['hidden'],
  lstm: ['input', 'forget', 'cell', 'output'],
  gru: ['reset', 'update', 'candidate'],
};

const KERAS_GATES: Convention['gates'] = {
  rnn: ['hidden'],
  lstm: ['input', 'forget', 'cell', 'output'],
  gru: ['update', 'reset', 'candidate'],
};

const torchLike: Convention = { layout: 'stacked', gates: TORCH_GATES, resetAfter: 1 };
const kerasLike: Convention = { layout: 'keras', gates: KERAS_GATES, resetAfter: 1 };

/** The one table of framework conventions; docs/formulas.md names the source file behind each row. */
const CONVENTIONS: Readonly<Record<Framework, Convention>> = {
  pytorch: torchLike,
  paddle: torchLike,
  mindspore: torchLike,
  mxnet: { ...torchLike, layout: 'gluon' },
  keras: kerasLike,
  keras2: { ...kerasLike, resetAfter: 0 },
  tfjs: { ...kerasLike, resetAfter: 0 },
  'flax-linen': { layout: 'linen', gates: TORCH_GATES, resetAfter: 1 },
  'flax-nnx': { layout: 'nnx', gates: TORCH_GATES, resetAfter: 1 },
  onnx: {
    layout: 'onnx',
    gates: {
      rnn: ['hidden'],
      lstm: ['input', 'output', 'forget', 'cell'],
      gru: ['update', 'reset', 'candidate'],
    },
    resetAfter: 0,
  },
  tf1: {
    layout: 'tf1',
    gates: {
      rnn: ['hidden'],
      lstm: ['input', 'cell', 'forget', 'output'],
      gru: ['reset', 'update', 'candidate'],
    },
    resetAfter: 0,
  },
  haiku: {
    layout: 'haiku',
    gates: {
      rnn: ['hidden'],
      lstm: ['input', 'cell', 'forget', 'output'],
      gru: ['update', 'reset', 'candidate'],
    },
    resetAfter: 0,
  },
  equinox: { layout: 'equinox', gates: TORCH_GATES, resetAfter: 1 },
};

/** The conventions of a framework's recurrent layers. */
export function conventionOf(framework: Framework): Convention {
  return CONVENTIONS[framework];
}

/** The gate blocks of a layer's weights, in its framework's order. */
export function gatesOf(layer: RecurrentLayer): readonly Gate[] {
  return conventionOf(layer.framework).gates[cellOf(layer.kind)];
}
