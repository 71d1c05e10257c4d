import {
  type ByHand,
  type Dim,
  type RecurrentLayer,
  add,
  cellOf,
  constant,
  isCell,
  mul,
  valueOf,
} from '../../model';
import { type Gate, conventionOf, gatesOf } from '../conventions';
import { type Level, hasProjection, levelsOf, stateSize } from '../recurrent-shape';
import { tensor, times } from '../tensor';
import type { WeightTensor } from '../types';

/** What one layout needs to cut the weights of one level. */
interface Parts {
  readonly layer: RecurrentLayer;
  readonly level: Level;
  readonly gates: readonly Gate[];
  /** Rows or columns of all gates: g·H. */
  readonly width: Dim;
  /** Size of the state fed back. */
  readonly state: Dim;
  readonly resetAfter: Dim;
}

/** The weight tensors of a recurrent layer or cell, as its framework creates them. */
export function recurrentTensors(layer: RecurrentLayer): readonly WeightTensor[] {
  const convention = conventionOf(layer.framework);
  const gates = gatesOf(layer);
  const shared = {
    layer,
    gates,
    width: mul(gates.length, layer.hiddenSize),
    state: stateSize(layer),
    resetAfter: layer.resetAfter ?? constant(convention.resetAfter),
  };
  if (layer.byHand)
    return levelsOf(layer).flatMap((level) => byHandTensors({ ...shared, level }, layer.byHand!));
  const cut = LAYOUTS[convention.layout];
  if (convention.layout === 'onnx') {
    // Directions are an axis of one tensor, and an operator is never stacked.
    const level = {
      ...levelsOf({ ...layer, numLayers: constant(1), directions: constant(1) })[0]!,
      count: constant(1),
    };
    return cut({ ...shared, level });
  }
  return levelsOf(layer).flatMap((level) => times(level.count, cut({ ...shared, level })));
}

/** A cell made of linear layers: their matrices side by side, and as many biases per gate as they have. */
function byHandTensors({ level, gates, width, state }: Parts, { biases }: ByHand): readonly WeightTensor[] {
  const rows = { gates, gateAxis: 0 };
  return [
    tensor('W', 'kernel', [width, level.inputSize], rows),
    tensor('U', 'recurrent-kernel', [width, state], rows),
    ...times(constant(biases), [tensor('b', 'bias', [width], rows)]),
  ];
}

const LAYOUTS: Readonly<
  Record<ReturnType<typeof conventionOf>['layout'], (p: Parts) => readonly WeightTensor[]>
> = {
  stacked: ({ layer, level, gates, width, state }) => {
    const suffix = isCell(layer) ? '' : `_l${level.index}${level.reverse ? '_reverse' : ''}`;
    const rows = { gates, gateAxis: 0 };
    // Paddle creates the bias tensors even when told not to, as zeros that never train.
    const created = layer.framework === 'paddle' ? constant(1) : layer.bias;
    const frozen = layer.framework === 'paddle' && valueOf(layer.bias) === 0;
    const bias = { ...rows, trainable: !frozen };
    const projection =
      layer.framework === 'paddle'
        ? tensor(`weight_ho${suffix}`, 'projection', [layer.hiddenSize, state])
        : tensor(`weight_hr${suffix}`, 'projection', [state, layer.hiddenSize]);
    return [
      tensor(`weight_ih${suffix}`, 'kernel', [width, level.inputSize], rows),
      tensor(`weight_hh${suffix}`, 'recurrent-kernel', [width, state], rows),
      ...times(created, [
        tensor(`bias_ih${suffix}`, 'bias', [width], bias),
        tensor(`bias_hh${suffix}`, 'bias', [width], bias),
      ]),
      ...times(hasProjection(layer), [projection]),
    ];
  },

  gluon: ({ layer, level, gates, width, state }) => {
    const prefix = isCell(layer) ? '' : `${level.reverse ? 'r' : 'l'}${level.index}_`;
    const rows = { gates, gateAxis: 0 };
    return [
      tensor(`${prefix}i2h_weight`, 'kernel', [width, level.inputSize], rows),
      tensor(`${prefix}h2h_weight`, 'recurrent-kernel', [width, state], rows),
      ...times(layer.bias, [
        tensor(`${prefix}i2h_bias`, 'bias', [width], rows),
        tensor(`${prefix}h2h_bias`, 'bias', [width], rows),
      ]),
      ...times(hasProjection(layer), [
        tensor(`${prefix}h2r_weight`, 'projection', [state, layer.hiddenSize]),
      ]),
    ];
  },

  keras: ({ layer, level, gates, width, state, resetAfter }) => {
    const prefix = kerasPrefix(layer, level);
    const columns = { gates, gateAxis: 1 };
    return [
      tensor(`${prefix}kernel`, 'kernel', [level.inputSize, width], columns),
      tensor(`${prefix}recurrent_kernel`, 'recurrent-kernel', [state, width], columns),
      ...times(layer.bias, [kerasBias(`${prefix}bias`, layer, gates, width, resetAfter)]),
    ];
  },

  linen: ({ layer, level, gates, state }) => {
    const prefix = directionPrefix(layer, level);
    const h = layer.hiddenSize;
    return gates.flatMap((gate) => {
      const letter = cellOf(layer.kind) === 'rnn' ? '' : LINEN_LETTERS[gate];
      const block = { gates: [gate], gateAxis: 1 };
      const bias = { gates: [gate], gateAxis: 0 };
      const [inputBias, recurrentBias] = linenBiases(gate);
      return [
        tensor(`${prefix}i${letter}/kernel`, 'kernel', [level.inputSize, h], block),
        ...times(inputBias ? layer.bias : 0, [tensor(`${prefix}i${letter}/bias`, 'bias', [h], bias)]),
        tensor(`${prefix}h${letter}/kernel`, 'recurrent-kernel', [state, h], block),
        ...times(recurrentBias ? layer.bias : 0, [tensor(`${prefix}h${letter}/bias`, 'bias', [h], bias)]),
      ];
    });
  },

  nnx: ({ layer, level, gates, width, state }) => {
    const prefix = directionPrefix(layer, level).replace('/', '.');
    const cell = cellOf(layer.kind);
    if (cell === 'lstm' && !NNX_FUSED_LSTM.has(layer.typeName)) {
      return gates.flatMap((gate) => {
        const letter = LINEN_LETTERS[gate];
        // `if` is a word of Python's own, hence the underscore.
        const input = letter === 'f' ? 'if_' : `i${letter}`;
        const block = { gates: [gate], gateAxis: 1 };
        return [
          tensor(`${prefix}${input}.kernel`, 'kernel', [level.inputSize, layer.hiddenSize], block),
          tensor(`${prefix}h${letter}.kernel`, 'recurrent-kernel', [state, layer.hiddenSize], block),
          ...times(layer.bias, [
            tensor(`${prefix}h${letter}.bias`, 'bias', [layer.hiddenSize], { gates: [gate], gateAxis: 0 }),
          ]),
        ];
      });
    }
    const columns = { gates, gateAxis: 1 };
    const biased = cell === 'lstm' ? 'dense_h' : 'dense_i';
    return [
      tensor(`${prefix}dense_i.kernel`, 'kernel', [level.inputSize, width], columns),
      tensor(`${prefix}dense_h.kernel`, 'recurrent-kernel', [state, width], columns),
      ...times(layer.bias, [tensor(`${prefix}${biased}.bias`, 'bias', [width], { gates, gateAxis: 0 })]),
    ];
  },

  onnx: ({ layer, level, gates, width }) => {
    const d = layer.directions;
    const rows = { gates, gateAxis: 1 };
    return [
      tensor('W', 'kernel', [d, width, level.inputSize], rows),
      tensor('R', 'recurrent-kernel', [d, width, layer.hiddenSize], rows),
      ...times(layer.bias, [
        tensor('B', 'bias', [d, mul(2, width)], { gates: [...gates, ...gates], gateAxis: 1 }),
      ]),
      ...times(layer.peepholes ?? 0, [
        tensor('P', 'peephole', [d, mul(3, layer.hiddenSize)], {
          gates: ['input', 'output', 'forget'],
          gateAxis: 1,
        }),
      ]),
    ];
  },

  tf1: ({ layer, level, gates, width, state }) => {
    const prefix = kerasPrefix(layer, level);
    const h = layer.hiddenSize;
    const joined = add(level.inputSize, state);
    if (cellOf(layer.kind) === 'gru') {
      const two = { gates: gates.slice(0, 2), gateAxis: 1 };
      const one = { gates: gates.slice(2), gateAxis: 1 };
      return [
        tensor(`${prefix}gates/kernel`, 'kernel', [joined, mul(2, h)], two),
        ...times(layer.bias, [tensor(`${prefix}gates/bias`, 'bias', [mul(2, h)], { ...two, gateAxis: 0 })]),
        tensor(`${prefix}candidate/kernel`, 'kernel', [joined, h], one),
        ...times(layer.bias, [tensor(`${prefix}candidate/bias`, 'bias', [h], { ...one, gateAxis: 0 })]),
      ];
    }
    const peephole = (name: string, gate: Gate) =>
      tensor(`${prefix}${name}`, 'peephole', [h], { gates: [gate], gateAxis: 0 });
    return [
      tensor(`${prefix}kernel`, 'kernel', [joined, width], { gates, gateAxis: 1 }),
      ...times(layer.bias, [tensor(`${prefix}bias`, 'bias', [width], { gates, gateAxis: 0 })]),
      ...times(layer.peepholes ?? 0, [
        peephole('w_f_diag', 'forget'),
        peephole('w_i_diag', 'input'),
        peephole('w_o_diag', 'output'),
      ]),
      ...times(hasProjection(layer), [tensor(`${prefix}projection/kernel`, 'projection', [h, state])]),
    ];
  },

  haiku: ({ layer, level, gates, width, state }) => {
    const prefix = directionPrefix(layer, level);
    const columns = { gates, gateAxis: 1 };
    const values = { gates, gateAxis: 0 };
    switch (cellOf(layer.kind)) {
      case 'rnn':
        return [
          tensor(`${prefix}linear/w`, 'kernel', [level.inputSize, width], columns),
          ...times(layer.bias, [tensor(`${prefix}linear/b`, 'bias', [width], values)]),
          tensor(`${prefix}linear_1/w`, 'recurrent-kernel', [state, width], columns),
          ...times(layer.bias, [tensor(`${prefix}linear_1/b`, 'bias', [width], values)]),
        ];
      case 'lstm':
        return [
          tensor(`${prefix}linear/w`, 'kernel', [add(level.inputSize, state), width], columns),
          ...times(layer.bias, [tensor(`${prefix}linear/b`, 'bias', [width], values)]),
        ];
      case 'gru':
        return [
          tensor(`${prefix}w_i`, 'kernel', [level.inputSize, width], columns),
          tensor(`${prefix}w_h`, 'recurrent-kernel', [state, width], columns),
          ...times(layer.bias, [tensor(`${prefix}b`, 'bias', [width], values)]),
        ];
    }
  },

  equinox: ({ layer, level, gates, width, state }) => {
    const prefix = directionPrefix(layer, level);
    const rows = { gates, gateAxis: 0 };
    return [
      tensor(`${prefix}weight_ih`, 'kernel', [width, level.inputSize], rows),
      tensor(`${prefix}weight_hh`, 'recurrent-kernel', [width, state], rows),
      ...times(layer.bias, [
        tensor(`${prefix}bias`, 'bias', [width], rows),
        ...(cellOf(layer.kind) === 'gru'
          ? [tensor(`${prefix}bias_n`, 'bias', [layer.hiddenSize], { gates: ['candidate'], gateAxis: 0 })]
          : []),
      ]),
    ];
  },
};

/** Keras 2's GPU layers always keep both bias vectors, in one flat tensor. */
const CUDNN_LAYERS: ReadonlySet<string> = new Set(['CuDNNLSTM', 'CuDNNGRU']);

/** The class inside all wrappers: `LSTM` of `TimeDistributed(Bidirectional(LSTM))`. */
function innerClass(typeName: string): string {
  const start = typeName.lastIndexOf('(') + 1;
  const end = typeName.indexOf(')', start);
  return end < 0 ? typeName.slice(start) : typeName.slice(start, end);
}

function kerasBias(
  name: string,
  layer: RecurrentLayer,
  gates: readonly Gate[],
  width: Dim,
  resetAfter: Dim,
): WeightTensor {
  if (CUDNN_LAYERS.has(innerClass(layer.typeName))) {
    return tensor(name, 'bias', [mul(2, width)], { gates: [...gates, ...gates], gateAxis: 0 });
  }
  const both = cellOf(layer.kind) === 'gru' ? resetAfter : constant(0);
  return valueOf(both) === 0
    ? tensor(name, 'bias', [width], { gates, gateAxis: 0 })
    : tensor(name, 'bias', [add(1, both), width], { gates, gateAxis: 1 });
}

function directionPrefix(layer: RecurrentLayer, level: Level): string {
  return valueOf(layer.directions) === 1 ? '' : level.reverse ? 'backward/' : 'forward/';
}

function kerasPrefix(layer: RecurrentLayer, level: Level): string {
  const stacked = valueOf(layer.numLayers) === 1 || isCell(layer) ? '' : `cell_${level.index}/`;
  return directionPrefix(layer, level) + stacked;
}

const NNX_FUSED_LSTM: ReadonlySet<string> = new Set([
  'OptimizedLSTMCell',
  'RNN(OptimizedLSTMCell)',
  'Bidirectional(OptimizedLSTMCell)',
  'Bidirectional(RNN(OptimizedLSTMCell))',
]);

const LINEN_LETTERS: Readonly<Record<Gate, string>> = {
  input: 'i',
  forget: 'f',
  cell: 'g',
  output: 'o',
  reset: 'r',
  update: 'z',
  candidate: 'n',
  hidden: '',
};

/** Which of a gate's two products carries a bias in Flax linen. */
function linenBiases(gate: Gate): readonly [input: boolean, recurrent: boolean] {
  switch (gate) {
    case 'reset':
    case 'update':
    case 'hidden':
      return [true, false];
    case 'candidate':
      return [true, true];
    case 'input':
    case 'forget':
    case 'cell':
    case 'output':
      return [false, true];
  }
}
