import { type Message, type StoredTensor } from '../../model';
import { isIndexType } from '../weights/dtypes';

/** A tensor of a file that knows tensors by name, not by layer. */
export interface NamedTensor {
  /** Whole name, dotted: `encoder.rnn.weight_ih_l0`. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly bytes?: StoredTensor['bytes'];
  /** Tensors with one key are one tensor. */
  readonly share?: string;
  /** When the file says so itself. */
  readonly buffer?: boolean;
  readonly frozen?: boolean;
  /** Why its shape cannot be trusted: its count is unknown then. */
  readonly invalid?: Message;
}

/** What a file that keeps whole modules says about one of them. */
export interface ModuleHint {
  /** `LSTM`, `Linear`: a class of torch.nn. */
  readonly className: string;
  /** Constructor arguments the module remembers. */
  readonly config: ReadonlyMap<string, number | boolean | string>;
}

const BUFFER_LEAVES = new Set(['running_mean', 'running_var', 'num_batches_tracked', 'position_ids']);

/** Is it a buffer as far as its name and type tell? Integers and flags cannot be trained. */
export function isBuffer(tensor: NamedTensor): boolean {
  if (tensor.buffer !== undefined) return tensor.buffer;
  const leaf = leafOf(tensor.name);
  if (BUFFER_LEAVES.has(leaf) || isIndexType(tensor.dtype)) return true;
  return (tensor.dtype === 'int8' || tensor.dtype === 'uint8') && !leaf.startsWith('weight');
}

export function leafOf(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

export function prefixOf(name: string): string {
  const at = name.lastIndexOf('.');
  return at < 0 ? '' : name.slice(0, at);
}

/** The tensor as its layer keeps it, under the name it has there. */
export function stored(tensor: NamedTensor, name: string): StoredTensor {
  return {
    name,
    shape: tensor.shape,
    dtype: tensor.dtype,
    trainable: tensor.frozen !== true && !isBuffer(tensor),
    counted: !isBuffer(tensor),
    ...(tensor.bytes ? { bytes: tensor.bytes } : {}),
  };
}

export function sameShape(a: readonly number[] | undefined, b: readonly number[]): boolean {
  return a?.length === b.length && b.every((n, i) => n === a[i]);
}
