import { type RecurrentKind, type RecurrentLayer, constant } from '../../model';
import { type ModuleGroup, type RecoverOptions, layerBase, shapeFact } from './group';
import { sameShape } from './tensor';

const STACKED = /^(weight|bias)_(ih|hh|hr)_l(\d{1,4})(_reverse)?$/;
const KINDS: Readonly<Record<number, RecurrentKind>> = { 1: 'rnn', 3: 'gru', 4: 'lstm' };
const TYPE_NAMES = { rnn: 'RNN', gru: 'GRU', lstm: 'LSTM' } as const;

/** A layer and the tensors it took. */
export interface Recovered<L> {
  readonly layer: L;
  readonly leaves: readonly string[];
}

/**
 * `nn.LSTM`, `nn.GRU`, `nn.RNN` by PyTorch's tensor names: the kind is the number of row blocks of `weight_hh_l0` (4, 3, 1), since its
 * rows are blocks × hidden size and its columns the size that is fed back. Every other tensor must then have exactly the
 * shape the framework gives it; undefined when one has not, or one is missing.
 */
export function recoverStacked(
  group: ModuleGroup,
  options: RecoverOptions,
): Recovered<RecurrentLayer> | undefined {
  const leaves = [...group.tensors.keys()].filter((leaf) => STACKED.test(leaf));
  const shape = (leaf: string) => group.tensors.get(leaf)?.shape;
  const [ih, hh] = [shape('weight_ih_l0'), shape('weight_hh_l0')];
  if (ih?.length !== 2 || hh?.length !== 2) return undefined;
  const sizes = recurrentSizes(hh as [number, number], shape('weight_hr_l0'));
  if (!sizes) return undefined;
  const { blocks, hidden, projection } = sizes;
  const directions = group.tensors.has('weight_ih_l0_reverse') ? 2 : 1;
  const bias = group.tensors.has('bias_ih_l0');
  const numLayers = 1 + Math.max(...leaves.map((leaf) => Number(STACKED.exec(leaf)![3])));
  const input = ih[1]!;
  const expected = stackShapes({ input, numLayers, directions, bias, ...sizes });
  if (!expected || expected.size !== leaves.length) return undefined;
  for (const [leaf, dims] of expected) if (!sameShape(shape(leaf), dims)) return undefined;
  const kind = KINDS[blocks] as 'rnn' | 'gru' | 'lstm';
  const config = group.hint?.config;
  return {
    leaves,
    layer: {
      ...layerBase(group, TYPE_NAMES[kind], leaves, options),
      kind,
      inputSize: constant(input),
      hiddenSize: constant(hidden),
      numLayers: constant(numLayers),
      directions: constant(directions),
      bias: constant(bias ? 1 : 0),
      ...(projection > 0 ? { projSize: constant(projection) } : {}),
      ...flag(config?.get('batch_first'), 'batchFirst'),
      ...(typeof config?.get('dropout') === 'number' ? { dropout: config.get('dropout') as number } : {}),
      ...activation(config?.get('mode')),
      facts: {
        inputSize: shapeFact(group.tensors.get('weight_ih_l0')!, options),
        hiddenSize: shapeFact(group.tensors.get('weight_hh_l0')!, options),
      },
    },
  };
}

/** `nn.LSTMCell`, `nn.GRUCell`, `nn.RNNCell`. */
export function recoverCell(
  group: ModuleGroup,
  options: RecoverOptions,
): Recovered<RecurrentLayer> | undefined {
  const shape = (leaf: string) => group.tensors.get(leaf)?.shape;
  const [ih, hh] = [shape('weight_ih'), shape('weight_hh')];
  if (ih?.length !== 2 || hh?.length !== 2) return undefined;
  const sizes = recurrentSizes(hh as [number, number], undefined);
  if (!sizes || ih[0] !== hh[0]) return undefined;
  const biases = ['bias_ih', 'bias_hh'].filter((leaf) => group.tensors.has(leaf));
  if (biases.length === 1 || biases.some((leaf) => !sameShape(shape(leaf), [hh[0]!]))) return undefined;
  const cell = KINDS[sizes.blocks] as 'rnn' | 'gru' | 'lstm';
  const leaves = ['weight_ih', 'weight_hh', ...biases];
  return {
    leaves,
    layer: {
      ...layerBase(group, `${TYPE_NAMES[cell]}Cell`, leaves, options),
      kind: `${cell}-cell`,
      inputSize: constant(ih[1]!),
      hiddenSize: constant(sizes.hidden),
      numLayers: constant(1),
      directions: constant(1),
      bias: constant(biases.length > 0 ? 1 : 0),
      ...activation(group.hint?.config.get('nonlinearity')),
      facts: {
        inputSize: shapeFact(group.tensors.get('weight_ih')!, options),
        hiddenSize: shapeFact(group.tensors.get('weight_hh')!, options),
      },
    },
  };
}

interface Sizes {
  readonly blocks: number;
  readonly hidden: number;
  readonly projection: number;
}

function recurrentSizes(
  [rows, columns]: readonly [number, number],
  hr?: readonly number[],
): Sizes | undefined {
  if (rows === 0 || columns === 0) return undefined;
  if (hr) {
    // Only an LSTM can be projected: P × H, fed back as P.
    const [projection, hidden] = [hr[0] ?? 0, hr[1] ?? 0];
    return hr.length === 2 && columns === projection && rows === 4 * hidden
      ? { blocks: 4, hidden, projection }
      : undefined;
  }
  const blocks = rows / columns;
  return KINDS[blocks] ? { blocks, hidden: columns, projection: 0 } : undefined;
}

/** Every tensor such a stack has, with its shape; undefined when that is more than a file of tensors could hold. */
function stackShapes(s: Sizes & { input: number; numLayers: number; directions: number; bias: boolean }) {
  if (s.numLayers > 1000) return undefined;
  const shapes = new Map<string, readonly number[]>();
  const rows = s.blocks * s.hidden;
  const fedBack = s.projection || s.hidden;
  for (let l = 0; l < s.numLayers; l++) {
    for (const suffix of s.directions === 2 ? ['', '_reverse'] : ['']) {
      shapes.set(`weight_ih_l${l}${suffix}`, [rows, l === 0 ? s.input : s.directions * fedBack]);
      shapes.set(`weight_hh_l${l}${suffix}`, [rows, fedBack]);
      if (s.bias) {
        shapes.set(`bias_ih_l${l}${suffix}`, [rows]);
        shapes.set(`bias_hh_l${l}${suffix}`, [rows]);
      }
      if (s.projection) shapes.set(`weight_hr_l${l}${suffix}`, [s.projection, s.hidden]);
    }
  }
  return shapes;
}

function flag(value: unknown, name: 'batchFirst') {
  return typeof value === 'boolean' ? { [name]: value } : {};
}

function activation(mode: unknown) {
  if (mode === 'RNN_TANH' || mode === 'tanh') return { activation: 'tanh' };
  if (mode === 'RNN_RELU' || mode === 'relu') return { activation: 'relu' };
  return {};
}
