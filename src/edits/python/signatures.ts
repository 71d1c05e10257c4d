import type { CellKind, RecurrentLayer } from '../../model';
import { isCell } from '../../model';

/** How one framework names its recurrent classes and orders their arguments; keyword-only arguments stand after `*`. */
export interface Family {
  readonly name: Readonly<Record<CellKind, string>>;
  readonly parameters: Readonly<Record<CellKind, readonly string[]>>;
  readonly cellParameters: Readonly<Record<CellKind, readonly string[]>>;
  /** Positions that all versions of the framework agree on; what stands further back by position is not touched. */
  readonly agreed: number;
  /** Arguments that one cell has and another can do without. */
  readonly droppable: ReadonlySet<string>;
}

const torchStack = [
  'input_size',
  'hidden_size',
  'num_layers',
  'bias',
  'batch_first',
  'dropout',
  'bidirectional',
];
const torchCell = ['input_size', 'hidden_size', 'bias'];

/** torch/nn/modules/rnn.py of PyTorch 2. Up to 1.13 the fourth argument of `RNN` was `bias`; see `convert.ts`. */
export const TORCH: Family = {
  name: { lstm: 'LSTM', gru: 'GRU', rnn: 'RNN' },
  parameters: {
    lstm: [...torchStack, 'proj_size', '*', 'device', 'dtype'],
    gru: [...torchStack, '*', 'device', 'dtype'],
    rnn: [...torchStack.slice(0, 3), 'nonlinearity', ...torchStack.slice(3), '*', 'device', 'dtype'],
  },
  cellParameters: {
    lstm: [...torchCell, 'device', 'dtype'],
    gru: [...torchCell, 'device', 'dtype'],
    rnn: [...torchCell, 'nonlinearity', 'device', 'dtype'],
  },
  agreed: 8,
  droppable: new Set(['nonlinearity', 'proj_size']),
};

const weights = (what: string) => ['kernel', 'recurrent', 'bias'].map((name) => `${name}_${what}`);
const regularizers = [...weights('regularizer'), 'activity_regularizer'];
const constraints = weights('constraint');
const initializers = weights('initializer');
const dropouts = ['dropout', 'recurrent_dropout'];
const flags = ['return_sequences', 'return_state', 'go_backwards', 'stateful', 'unroll'];
const layerOnly = [
  '*',
  'name',
  'dtype',
  'trainable',
  'input_shape',
  'batch_input_shape',
  'input_dim',
  'input_length',
  'batch_size',
];

/** keras/src/layers/rnn/{simple_rnn,lstm,gru}.py of Keras 3; versions disagree on the positions further back. */
export const KERAS: Family = {
  name: { lstm: 'LSTM', gru: 'GRU', rnn: 'SimpleRNN' },
  parameters: {
    lstm: [
      'units', 'activation', 'recurrent_activation', 'use_bias', ...initializers, 'unit_forget_bias', ...regularizers,
      ...constraints, ...dropouts, 'seed', ...flags, 'use_cudnn', ...layerOnly, 'implementation', 'time_major',
    ],
    gru: [
      'units', 'activation', 'recurrent_activation', 'use_bias', ...initializers, ...regularizers, ...constraints,
      ...dropouts, 'seed', ...flags, 'reset_after', 'use_cudnn', ...layerOnly, 'implementation', 'time_major',
    ],
    rnn: [
      'units', 'activation', 'use_bias', ...initializers, ...regularizers, ...constraints, ...dropouts, ...flags, 'seed',
      ...layerOnly,
    ],
  },
  cellParameters: {
    lstm: [
      'units', 'activation', 'recurrent_activation', 'use_bias', ...initializers, 'unit_forget_bias',
      ...weights('regularizer'), ...constraints, ...dropouts, 'seed', ...layerOnly, 'implementation',
    ],
    gru: [
      'units', 'activation', 'recurrent_activation', 'use_bias', ...initializers, ...weights('regularizer'),
      ...constraints, ...dropouts, 'reset_after', 'seed', ...layerOnly, 'implementation',
    ],
    rnn: [
      'units', 'activation', 'use_bias', ...initializers, ...weights('regularizer'), ...constraints, ...dropouts, 'seed',
      ...layerOnly,
    ],
  },
  agreed: 4,
  droppable: new Set([
    'recurrent_activation', 'unit_forget_bias', 'reset_after', 'use_cudnn', 'implementation', 'time_major',
  ]),
}; // prettier-ignore

/** The family of a layer, where its source can be rewritten. */
export function familyOf(layer: RecurrentLayer): Family | undefined {
  switch (layer.framework) {
    case 'pytorch':
      return TORCH;
    case 'keras':
    case 'keras2':
      return KERAS;
    default:
      return undefined;
  }
}

/** The class name of a kind of cell, as single-step cell or as layer. */
export function className(family: Family, cell: CellKind, layer: RecurrentLayer): string {
  return family.name[cell] + (isWrittenAsCell(layer) ? 'Cell' : '');
}

/** A cell, or Keras' layer around one: `RNN(LSTMCell(…))`. */
function isWrittenAsCell(layer: RecurrentLayer): boolean {
  return isCell(layer) || layer.typeName.includes('Cell');
}

/** Parameter names in positional order, without the keyword-only ones, and those that may be given by keyword. */
export function parametersOf(
  family: Family,
  cell: CellKind,
  layer: RecurrentLayer,
): { readonly positional: readonly string[]; readonly all: ReadonlySet<string> } {
  const names = (isWrittenAsCell(layer) ? family.cellParameters : family.parameters)[cell];
  const star = names.indexOf('*');
  return { positional: star < 0 ? names : names.slice(0, star), all: new Set(names) };
}
