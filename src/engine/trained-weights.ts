import { type Message, type RecurrentLayer, type StoredTensor, message } from '../model';
import { type ByteSource, memorySource, problemOf } from '../readers/bytes';
import { valuesIn } from '../readers/weights/dtypes';
import { type FlowWeights, flowWeights } from '../readers/weights/flow-weights';
import { loadTensor } from '../readers/weights/load';

/** More values than this (256 MiB in float32) are not loaded: a run over them would take minutes. */
const MAX_VALUES = 1 << 26;

/** An opened saved model: its own bytes, and those of the files beside it. */
export interface ModelFile {
  /** What the reader was told the file is called. */
  readonly file: string;
  readonly source: ByteSource;
  readonly sibling?: (relativePath: string) => Promise<ByteSource | undefined>;
}

/** Whether a file stores weights for a layer, whatever they may be. */
export function hasTrainedWeights(layer: RecurrentLayer): boolean {
  return layer.stored !== undefined;
}

/** Loads a layer's weights, by range and nothing else of the file. Never rejects: `blocked` says why there are none. */
export async function trainedWeights(layer: RecurrentLayer, opened: ModelFile): Promise<FlowWeights> {
  const tensors = layer.stored ?? [];
  const values = tensors.reduce((sum, t) => sum + (valuesIn(t.shape) ?? Infinity), 0);
  if (values > MAX_VALUES) {
    return { blocked: message('The weights of {0} are not loaded: they are too large.', layer.path) };
  }
  try {
    const found = await flowWeights(layer, (tensor) => load(tensor, opened));
    return 'weights' in found && !allFinite(found.weights) ? { blocked: notFinite(layer) } : found;
  } catch (error) {
    return { blocked: problemOf(error, opened.file).message };
  }
}

async function load(tensor: StoredTensor, opened: ModelFile): Promise<Float32Array> {
  const { bytes } = tensor;
  if (!bytes?.more) return loadTensor(bytes ? await holderOf(bytes.file, opened) : opened.source, tensor);
  const pieces: Uint8Array[] = [];
  for (const { file, offset, length } of [bytes, ...bytes.more])
    pieces.push(await (await holderOf(file, opened)).read(offset, length));
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const whole = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return loadTensor(memorySource(tensor.name, whole), {
    ...tensor,
    bytes: { file: tensor.name, offset: 0, length },
  });
}

async function holderOf(holder: string, { file, source, sibling }: ModelFile): Promise<ByteSource> {
  if (holder === file) return source;
  const beside = await sibling?.(holder);
  if (!beside) throw new Error(`${holder} is not there`);
  return beside;
}

function allFinite(weights: readonly object[]): boolean {
  return weights
    .flatMap((w) => Object.values(w) as (readonly number[] | Float32Array)[])
    .every((values) => values.every((v) => Number.isFinite(v)));
}

function notFinite(layer: RecurrentLayer): Message {
  return message('The weights of {0} hold values that are no numbers.', layer.path);
}
