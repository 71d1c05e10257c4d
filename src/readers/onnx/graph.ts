import type { StoredTensor } from '../../model';
import type { Message } from '../../model';

/** A constant tensor of the graph; its values stay in the file, except a short list of integers (shapes, axes). */
export interface TensorInfo {
  readonly name: string;
  readonly dims: readonly number[];
  readonly dtype: string;
  readonly bytes?: StoredTensor['bytes'];
  readonly integers?: readonly number[];
  /** What it says of its data contradicts its shape: the count is unknown then. */
  readonly invalid?: Message;
}

/** An axis as the file declares it. */
export type DeclaredDim = { readonly value: number } | { readonly param: string } | 'open';

export interface ValueInfo {
  readonly name: string;
  readonly shape?: readonly DeclaredDim[];
}

export interface Attribute {
  readonly i?: number;
  readonly f?: number;
  readonly s?: string;
  readonly ints?: readonly number[];
  readonly strings?: readonly string[];
  readonly t?: TensorInfo;
  readonly g?: Graph;
}

export interface Node {
  readonly opType: string;
  readonly domain: string;
  readonly name: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, Attribute>;
}

export interface Graph {
  readonly name: string;
  readonly nodes: readonly Node[];
  readonly initialisers: readonly TensorInfo[];
  /** Sparse initialisers, by name: counted as unknown. */
  readonly sparse: readonly string[];
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  readonly values: readonly ValueInfo[];
}

/** A function of the model's own: a body that nodes of type `name` stand for. */
export interface LocalFunction {
  readonly name: string;
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly nodes: readonly Node[];
}

export interface OnnxModel {
  readonly producer: string;
  readonly graph: Graph;
  readonly functions: readonly LocalFunction[];
}

export function intOf(node: Node, name: string, otherwise: number): number {
  return node.attributes.get(name)?.i ?? otherwise;
}
