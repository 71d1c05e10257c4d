import { add, constant, message, valueOf, type Dim, type RecurrentKind } from '../../../../model';
import { bool, float, int, str, tuple } from '../../evaluate/make';
import { NONE, type LayerDraft, type Value } from '../../evaluate/values';
import { CallReader } from '../pytorch/arguments';
import type { Forward, LayerMaker } from '../pytorch/layer';
import { tensorNames } from '../pytorch/parameters';
import { runCell, runRecurrent } from '../pytorch/recurrent-shapes';
import type { Signature } from '../signature';
import { hasAttr } from './layers';

const ATTRS: Signature = [
  ['weight_ih_attr', NONE],
  ['weight_hh_attr', NONE],
  ['bias_ih_attr', NONE],
  ['bias_hh_attr', NONE],
];
const HEAD: Signature = [
  'input_size',
  'hidden_size',
  ['num_layers', int(1)],
  ['direction', str('forward')],
  ['time_major', bool(false)],
  ['dropout', float(0)],
];

/** Directions by name; Paddle refuses any other. */
const DIRECTIONS: ReadonlyMap<string, number> = new Map([
  ['forward', 1],
  ['bidirect', 2],
  ['bidirectional', 2],
]);

function directions(read: CallReader): Dim {
  const value: Value | undefined = read.value('direction');
  const known = value?.kind === 'str' ? DIRECTIONS.get(value.value) : undefined;
  if (known !== undefined) return constant(known);
  // Two names to choose from by a flag are one or two directions by that flag.
  if (value?.kind === 'union' && value.flag && value.options.length === 2) {
    const [yes, no] = value.options.map((o) => (o.kind === 'str' ? DIRECTIONS.get(o.value) : undefined));
    const flag = read.host.dim({ kind: 'union', options: [int(1), int(0)], on: value.on, flag: value.flag });
    if (yes === 2 && no === 1 && flag) return add(1, flag);
  }
  return read.fail(message('`{0}` of `{1}` can’t be decided.', 'direction', read.typeName), value);
}

/**
 * Told to leave a bias out, Paddle still makes the tensor, as zeros that never train: it counts, frozen.
 * Both left out is what the cost room knows as "no bias"; one of two is a list of frozen tensors.
 */
function biases(read: CallReader, draft: LayerDraft): LayerDraft {
  const [ih, hh] = ['bias_ih_attr', 'bias_hh_attr'].map((name) => valueOf(hasAttr(read, name)));
  if (ih === undefined || hh === undefined || ih === hh)
    return { ...draft, bias: constant(ih ?? 1) } as LayerDraft;
  const left = ih === 0 ? 'bias_ih' : 'bias_hh';
  const frozen = tensorNames({ ...draft, bias: constant(1) } as LayerDraft).filter((n) => n.startsWith(left));
  if (frozen.length === 0)
    read.fail(message('Which of its biases train can’t be told without its number of layers.'), undefined);
  return { ...draft, bias: constant(1), frozen } as LayerDraft;
}

/** `nn.SimpleRNN`, `nn.LSTM`, `nn.GRU` */
function stack(kind: 'rnn' | 'lstm' | 'gru'): LayerMaker {
  const middle: Signature = kind === 'rnn' ? [['activation', str('tanh')]] : [];
  const tail: Signature = kind === 'lstm' ? [['proj_size', int(0)]] : [];
  return {
    make(typeName, args, host) {
      const read = new CallReader(
        typeName,
        [...HEAD, ...middle, ...ATTRS, ...tail, ['name', NONE]],
        args,
        host,
      );
      const timeMajor = read.known('time_major');
      const dropout = read.number('dropout');
      const activation = kind === 'rnn' ? read.text('activation') : undefined;
      const draft = biases(read, {
        kind,
        typeName,
        inputSize: read.size('input_size', 'inputSize'),
        hiddenSize: read.size('hidden_size', 'hiddenSize'),
        numLayers: read.size('num_layers', 'numLayers'),
        directions: directions(read),
        bias: constant(1),
        ...(kind === 'lstm' && { projSize: projection(read) }),
        ...(activation !== undefined && { activation }),
        ...(timeMajor !== undefined && { batchFirst: !timeMajor }),
        ...(dropout !== undefined && !Number.isNaN(dropout) && { dropout }),
        mergeMode: 'concat',
      });
      return { draft: read.draft(draft), forward: runRecurrent };
    },
  };
}

function projection(read: CallReader): Dim {
  return read.value('proj_size')?.kind === 'none' ? constant(0) : read.size('proj_size', 'projSize');
}

/** A cell gives its output and its state: `y, (h, c)`. */
const forwardCell: Forward = (layer, args, host) => {
  const state = runCell(layer, args, host);
  return tuple([state.kind === 'tuple' ? state.items[0]! : state, state]);
};

function cell(kind: RecurrentKind): LayerMaker {
  const middle: Signature = kind === 'rnn-cell' ? [['activation', str('tanh')]] : [];
  const tail: Signature = kind === 'lstm-cell' ? [['proj_size', int(0)]] : [];
  return {
    make(typeName, args, host) {
      const read = new CallReader(
        typeName,
        ['input_size', 'hidden_size', ...middle, ...ATTRS, ...tail, ['name', NONE]],
        args,
        host,
      );
      const activation = kind === 'rnn-cell' ? read.text('activation') : undefined;
      const draft = biases(read, {
        kind,
        typeName,
        inputSize: read.size('input_size', 'inputSize'),
        hiddenSize: read.size('hidden_size', 'hiddenSize'),
        numLayers: constant(1),
        directions: constant(1),
        bias: constant(1),
        ...(kind === 'lstm-cell' && { projSize: projection(read) }),
        ...(activation !== undefined && { activation }),
      });
      return { draft: read.draft(draft), forward: forwardCell };
    },
  };
}

export const RECURRENT: Readonly<Record<string, LayerMaker>> = {
  SimpleRNN: stack('rnn'),
  LSTM: stack('lstm'),
  GRU: stack('gru'),
  SimpleRNNCell: cell('rnn-cell'),
  LSTMCell: cell('lstm-cell'),
  GRUCell: cell('gru-cell'),
};
