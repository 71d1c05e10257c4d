import { type CellKind, type RecurrentLayer, type StoredTensor, cellOf, valueOf } from '../../model';
import { valuesIn } from './dtypes';

/** Stretches of stored tensors' values, to be laid end to end. */
export type Part = readonly Stretch[];

interface Stretch {
  readonly tensor: StoredTensor;
  readonly start: number;
  readonly length: number;
}

/** One stacked layer in one direction, as the file has it. */
export interface Block {
  readonly kernel: Part;
  readonly recurrent: Part;
  readonly bias?: Part;
  /** Added to the recurrent product. */
  readonly recurrentBias?: Part;
  readonly projection?: Part;
  /** For each gate in our order, where it stands in the file's. */
  readonly order: readonly number[];
  /** Matrices are [gates × hidden, inputs]. */
  readonly rowsFirst: boolean;
  readonly resetAfter: boolean;
}

type Order = Readonly<Record<CellKind, readonly number[]>>;

/** Ours: LSTM input, forget, candidate, output; GRU reset, update, candidate. */
const TORCH: Order = { rnn: [0], lstm: [0, 1, 2, 3], gru: [0, 1, 2] };
const KERAS: Order = { rnn: [0], lstm: [0, 1, 2, 3], gru: [1, 0, 2] };
/** LSTM input, output, forget, candidate; GRU update, reset, candidate. */
const ONNX: Order = { rnn: [0], lstm: [0, 2, 3, 1], gru: [1, 0, 2] };

/** The parts of a layer's stored tensors, bottom layer first, forward before backward; undefined when a tensor has another name. */
export function blocksOf(layer: RecurrentLayer): Block[] | undefined {
  const [levels, directions] = [valueOf(layer.numLayers), valueOf(layer.directions)];
  if (levels === undefined || directions === undefined || valueOf(layer.hiddenSize) === undefined)
    return undefined;
  const blocks: (Block | undefined)[] = [];
  for (let level = 0; level < levels; level++) {
    for (let direction = 0; direction < directions; direction++) {
      blocks.push(blockOf(layer, level, direction, directions));
    }
  }
  return blocks.every((b) => b !== undefined) ? blocks : undefined;
}

function blockOf(
  layer: RecurrentLayer,
  level: number,
  direction: number,
  directions: number,
): Block | undefined {
  const cell = cellOf(layer.kind);
  switch (layer.framework) {
    case 'pytorch': {
      const suffix = layer.kind.endsWith('-cell') ? '' : `_l${level}${direction === 1 ? '_reverse' : ''}`;
      const names = ['weight_ih', 'weight_hh', 'bias_ih', 'bias_hh', 'weight_hr'].map((n) =>
        whole(layer, n + suffix),
      );
      return block(names, TORCH[cell], true, true);
    }
    case 'keras':
    case 'keras2':
    case 'tfjs': {
      const prefix = directions === 2 ? (direction === 1 ? 'backward/' : 'forward/') : '';
      const [kernel, recurrent, bias] = ['kernel', 'recurrent_kernel', 'bias'].map((n) =>
        whole(layer, prefix + n),
      );
      // A GRU with reset after has a row of biases for each product.
      const two = bias?.[0]?.tensor.shape.length === 2;
      const row = (i: number): Part | undefined => bias && between(bias, i / 2, (i + 1) / 2);
      const biases = two ? [row(0), row(1)] : [bias];
      return block([kernel, recurrent, ...biases], KERAS[cell], false, two);
    }
    case 'onnx': {
      const slice = (name: string, from: number, to: number): Part | undefined => {
        const part = operand(layer, name);
        return part && between(part, (direction + from) / directions, (direction + to) / directions);
      };
      // A bias that is there but not stored as such must not be taken for none.
      if (valueOf(layer.bias) !== 0 && !operand(layer, 'B')) return undefined;
      const resetAfter = layer.resetAfter !== undefined && valueOf(layer.resetAfter) === 1;
      const parts = [slice('W', 0, 1), slice('R', 0, 1), slice('B', 0, 0.5), slice('B', 0.5, 1)];
      return block(parts, ONNX[cell], true, resetAfter);
    }
    default:
      return undefined;
  }
}

function whole(layer: RecurrentLayer, name: string): Part | undefined {
  const tensor = layer.stored?.find((t) => t.name === name);
  const length = tensor && valuesIn(tensor.shape);
  return tensor && length !== undefined ? [{ tensor, start: 0, length }] : undefined;
}

/** What an ONNX operator gets as an input, where it is stored. */
function operand(layer: RecurrentLayer, name: string): Part | undefined {
  const stretches = layer.operands?.[name]?.map(({ tensor, start, length }) => ({
    tensor: layer.stored?.find((t) => t.name === tensor),
    start,
    length,
  }));
  return stretches?.every((s): s is Stretch => s.tensor !== undefined) ? stretches : undefined;
}

/** The values from one share of a part to another; undefined where that is no whole number of values. */
function between(part: Part, from: number, to: number): Part | undefined {
  const total = part.reduce((sum, s) => sum + s.length, 0);
  const [first, last] = [total * from, total * to];
  if (!Number.isInteger(first) || !Number.isInteger(last)) return undefined;
  const found: Stretch[] = [];
  let at = 0;
  for (const { tensor, start, length } of part) {
    const [a, b] = [Math.max(first - at, 0), Math.min(last - at, length)];
    if (b > a) found.push({ tensor, start: start + a, length: b - a });
    at += length;
  }
  return found;
}

function block(
  [kernel, recurrent, bias, recurrentBias, projection]: readonly (Part | undefined)[],
  order: readonly number[],
  rowsFirst: boolean,
  resetAfter: boolean,
): Block | undefined {
  if (!kernel || !recurrent) return undefined;
  return {
    kernel,
    recurrent,
    ...(bias ? { bias } : {}),
    ...(recurrentBias ? { recurrentBias } : {}),
    ...(projection ? { projection } : {}),
    order,
    rowsFirst,
    resetAfter,
  };
}
