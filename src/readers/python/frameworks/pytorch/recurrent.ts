import { constant, constantOf, message, type Dim, type RecurrentKind } from '../../../../model';
import { bool, float, int, str } from '../../evaluate/make';
import type { Arguments, Value } from '../../evaluate/values';
import type { Signature } from '../signature';
import { CallReader } from './arguments';
import type { LayerMaker } from './layer';
import { runCell, runRecurrent } from './recurrent-shapes';

const NO = bool(false);
const YES = bool(true);
const TAIL: Signature = [
  ['bias', YES],
  ['batch_first', NO],
  ['dropout', float(0)],
  ['bidirectional', NO],
];
const DEVICE: Signature = [
  ['device', { kind: 'none' }],
  ['dtype', { kind: 'none' }],
];
const STACK: Signature = [
  'input_size',
  'hidden_size',
  ['num_layers', int(1)],
  ...TAIL,
  ['proj_size', int(0)],
  ...DEVICE,
];
/** Since torch 2 the fourth positional argument of `nn.RNN` is the nonlinearity; before, it was `bias`. */
const RNN_STACK: Signature = [
  'input_size',
  'hidden_size',
  ['num_layers', int(1)],
  ['nonlinearity', str('tanh')],
  ...TAIL,
  ...DEVICE,
];
const OLD_RNN_STACK: Signature = [
  'input_size',
  'hidden_size',
  ['num_layers', int(1)],
  ...TAIL,
  '*',
  ['nonlinearity', str('tanh')],
  ...DEVICE,
];
const CELL: Signature = ['input_size', 'hidden_size', ['bias', YES], ...DEVICE];
const RNN_CELL: Signature = [
  'input_size',
  'hidden_size',
  ['bias', YES],
  ['nonlinearity', str('tanh')],
  ...DEVICE,
];

function stackSignature(kind: RecurrentKind, args: Arguments): Signature {
  if (kind !== 'rnn') return STACK;
  const fourth: Value | undefined = args.positional[3]?.value;
  return fourth?.kind === 'bool' || fourth?.kind === 'int' ? OLD_RNN_STACK : RNN_STACK;
}

/** PyTorch refuses a projection that is not smaller than the hidden size (`RNNBase.__init__`). */
function projection(read: CallReader, hiddenSize: Dim): Dim {
  const size = read.size('proj_size', 'projSize');
  const [projected, hidden] = [constantOf(size), constantOf(hiddenSize)];
  if (projected === undefined || hidden === undefined || projected < hidden) return size;
  return read.fail(
    message(
      '`proj_size` has to be smaller than `hidden_size`; it is {0} of {1} here.',
      String(projected),
      String(hidden),
    ),
    undefined,
  );
}

/** `nn.RNN`, `nn.LSTM`, `nn.GRU` */
function stack(kind: 'rnn' | 'lstm' | 'gru'): LayerMaker {
  return {
    make(typeName, args, host) {
      const read = new CallReader(typeName, stackSignature(kind, args), args, host);
      read.refuseUnknownKeywords();
      const dropout = read.number('dropout');
      const nonlinearity = kind === 'rnn' ? read.text('nonlinearity') : undefined;
      const batchFirst = read.known('batch_first');
      const hiddenSize = read.atLeast(1, read.size('hidden_size', 'hiddenSize'), 'hidden_size');
      const draft = read.draft({
        kind,
        typeName,
        inputSize: read.size('input_size', 'inputSize'),
        hiddenSize,
        numLayers: read.atLeast(1, read.size('num_layers', 'numLayers'), 'num_layers'),
        directions: read.onePlus(read.flag('bidirectional', 'directions')),
        bias: read.flag('bias', 'bias'),
        ...(kind === 'lstm' && { projSize: projection(read, hiddenSize) }),
        ...(nonlinearity !== undefined && { activation: nonlinearity }),
        ...(batchFirst !== undefined && { batchFirst }),
        ...(dropout !== undefined && !Number.isNaN(dropout) && { dropout }),
        mergeMode: 'concat',
      });
      return { draft, forward: runRecurrent };
    },
  };
}

/** `nn.RNNCell`, `nn.LSTMCell`, `nn.GRUCell`: the third positional argument is `bias`, not a number of layers. */
function cell(kind: 'rnn-cell' | 'lstm-cell' | 'gru-cell'): LayerMaker {
  return {
    make(typeName, args, host) {
      const read = new CallReader(typeName, kind === 'rnn-cell' ? RNN_CELL : CELL, args, host);
      read.refuseUnknownKeywords();
      const nonlinearity = kind === 'rnn-cell' ? read.text('nonlinearity') : undefined;
      const draft = read.draft({
        kind,
        typeName,
        inputSize: read.size('input_size', 'inputSize'),
        hiddenSize: read.atLeast(1, read.size('hidden_size', 'hiddenSize'), 'hidden_size'),
        numLayers: constant(1),
        directions: constant(1),
        bias: read.flag('bias', 'bias'),
        ...(nonlinearity !== undefined && { activation: nonlinearity }),
      });
      return { draft, forward: runCell };
    },
  };
}

export const RECURRENT: Readonly<Record<string, LayerMaker>> = {
  RNN: stack('rnn'),
  LSTM: stack('lstm'),
  GRU: stack('gru'),
  RNNCell: cell('rnn-cell'),
  LSTMCell: cell('lstm-cell'),
  GRUCell: cell('gru-cell'),
};
