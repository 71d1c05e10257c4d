import {
  type Message,
  type RecurrentLayer,
  type StoredTensor,
  type StoredWeights,
  cellOf,
  message,
  valueOf,
} from '../../model';
import { type Block, type Part, blocksOf } from './flow-blocks';

export type FlowWeights = { readonly weights: readonly StoredWeights[] } | { readonly blocked: Message };

/**
 * A recurrent layer's trained weights in the one order that the gradient computation reads: each stacked layer and direction, bottom
 * first, gates as LSTM input, forget, candidate, output · GRU reset, update, candidate, matrices as [inputs, gates × hidden].
 * `load` gives a tensor's values row-major as the file has them; its rejections pass through.
 */
export async function flowWeights(
  layer: RecurrentLayer,
  load: (tensor: StoredTensor) => Promise<Float32Array>,
): Promise<FlowWeights> {
  if (!layer.stored) return { blocked: message('The file holds no weights of {0}.', layer.path) };
  if ((layer.peepholes && valueOf(layer.peepholes) !== 0) || layer.coupledGates) {
    return { blocked: message('Gradient flow of an LSTM with peepholes or coupled gates is not computed.') };
  }
  const blocks = blocksOf(layer);
  if (!blocks?.every((block) => fits(block, layer))) {
    return {
      blocked: message('The weights of {0} are not stored in a form that is known here.', layer.path),
    };
  }
  const hidden = valueOf(layer.hiddenSize)!;
  const weights: StoredWeights[] = [];
  const loaded = new Map<StoredTensor, Promise<Float32Array>>();
  const once = (tensor: StoredTensor): Promise<Float32Array> => {
    const known = loaded.get(tensor) ?? load(tensor);
    loaded.set(tensor, known);
    return known;
  };
  for (const block of blocks) weights.push(await convert(block, layer, hidden, once));
  return { weights };
}

/** Whether the parts have the sizes that the layer's own sizes ask for: a file may contradict itself. */
function fits(block: Block, layer: RecurrentLayer): boolean {
  const width = block.order.length * valueOf(layer.hiddenSize)!;
  const fed = valueOf(layer.projSize ?? 0) || valueOf(layer.hiddenSize)!;
  const size = (part: Part | undefined) => part?.reduce((sum, s) => sum + s.length, 0);
  return (
    size(block.recurrent) === width * fed &&
    size(block.kernel)! % width === 0 &&
    (!block.bias || size(block.bias) === width) &&
    (!block.recurrentBias || size(block.recurrentBias) === width) &&
    (!block.projection || size(block.projection) === fed * valueOf(layer.hiddenSize)!)
  );
}

async function convert(
  block: Block,
  layer: RecurrentLayer,
  hidden: number,
  load: (tensor: StoredTensor) => Promise<Float32Array>,
): Promise<StoredWeights> {
  const part = async (p: Part) => {
    const values = new Float32Array(p.reduce((sum, s) => sum + s.length, 0));
    let at = 0;
    for (const { tensor, start, length } of p) {
      values.set((await load(tensor)).subarray(start, start + length), at);
      at += length;
    }
    return values;
  };
  const matrix = async (p: Part) => {
    const values = await part(p);
    const width = block.order.length * hidden;
    const rows = values.length / width;
    const out = new Float32Array(values.length);
    for (let row = 0; row < rows; row++) {
      for (let gate = 0; gate < block.order.length; gate++) {
        for (let unit = 0; unit < hidden; unit++) {
          const column = block.order[gate]! * hidden + unit;
          out[row * width + gate * hidden + unit] =
            values[block.rowsFirst ? column * rows + row : row * width + column]!;
        }
      }
    }
    return out;
  };
  const vector = async (p: Part) => {
    const values = await part(p);
    return Float32Array.from(
      values,
      (_, i) => values[block.order[Math.floor(i / hidden)]! * hidden + (i % hidden)]!,
    );
  };
  const input = block.bias && (await vector(block.bias));
  const recurrent = block.recurrentBias && (await vector(block.recurrentBias));
  // Where the reset gate acts on the recurrent product, the bias in that product must stay apart.
  const apart = cellOf(layer.kind) === 'gru' && block.resetAfter && recurrent !== undefined;
  const from = apart ? 2 * hidden : Infinity;
  const bias = input && Float32Array.from(input, (b, i) => (recurrent && i < from ? b + recurrent[i]! : b));
  return {
    kernel: await matrix(block.kernel),
    recurrent: await matrix(block.recurrent),
    ...(bias ? { bias } : {}),
    ...(apart ? { recurrentBias: recurrent.slice(2 * hidden) } : {}),
    ...(block.projection ? { projection: transposed(await part(block.projection), hidden) } : {}),
  };
}

/** [P, H] as [H, P]. */
function transposed(values: Float32Array, columns: number): Float32Array {
  const rows = values.length / columns;
  return Float32Array.from(values, (_, i) => values[(i % rows) * columns + Math.floor(i / rows)]!);
}
