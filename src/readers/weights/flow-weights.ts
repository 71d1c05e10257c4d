import {
  type Message,
  type RecurrentLayer,
  type StoredTensor,
  type StoredWeights,
  cellOf,
  message,
  valueOf,
} from '../../model';
import { type Block, blocksOf } from './flow-blocks';

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
  if (!blocks) {
    return {
      blocked: message('The weights of {0} are not stored in a form that is known here.', layer.path),
    };
  }
  const hidden = valueOf(layer.hiddenSize)!;
  const weights: StoredWeights[] = [];
  for (const block of blocks) weights.push(await convert(block, layer, hidden, load));
  return { weights };
}

async function convert(
  block: Block,
  layer: RecurrentLayer,
  hidden: number,
  load: (tensor: StoredTensor) => Promise<Float32Array>,
): Promise<StoredWeights> {
  const part = async (p: Block['kernel']) => (await load(p.tensor)).subarray(p.start, p.start + p.length);
  const matrix = async (p: Block['kernel']) => {
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
  const vector = async (p: Block['kernel']) => {
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
