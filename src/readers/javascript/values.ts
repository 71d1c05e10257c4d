import type { SyntaxNode } from '@lezer/common';
import type { AssumableValue, Dim, Fact, Message, SourceRef } from '../../model';
import type { LayerSpec, Tensor } from '../keras';
import type { SourceFile } from './source-file';

/** What JavaScript code evaluates to, as far as it matters for the sizes of a model. */
export type Value =
  | NumberValue
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'null' }
  | { readonly kind: 'undefined' }
  | ArrayValue
  | ObjectValue
  | FunctionValue
  | NativeValue
  | ClassValue
  | ExternalValue
  | LayerValue
  | TensorValue
  | ModelValue
  | UnknownValue;

/** A whole number as a size, anything else as a float. `origin` is the literal that decides it. */
export interface NumberValue {
  readonly kind: 'number';
  readonly dim?: Dim;
  readonly float?: number;
  readonly origin?: SourceRef;
}

export interface ArrayValue {
  readonly kind: 'array';
  readonly items: Value[];
}

export interface ObjectValue {
  readonly kind: 'object';
  readonly fields: Map<string, Value>;
  /** How each field was written. */
  readonly facts: Map<string, Fact>;
  readonly cls?: ClassValue;
}

export interface FunctionValue {
  readonly kind: 'function';
  readonly name: string;
  readonly node: SyntaxNode;
  readonly scope: Scope;
  readonly file: SourceFile;
  readonly self?: Value;
}

export interface NativeValue {
  readonly kind: 'native';
  readonly name: string;
  readonly call: (args: readonly Value[], site: Site) => Value;
}

export interface ClassValue {
  readonly kind: 'class';
  readonly name: string;
  readonly node: SyntaxNode;
  readonly scope: Scope;
  readonly file: SourceFile;
  readonly base?: Value;
  readonly methods: Map<string, FunctionValue>;
  readonly statics: Map<string, Value>;
  /** Property declarations with their initialisers. */
  readonly properties: readonly SyntaxNode[];
}

/** A name of TensorFlow.js: `''` is the namespace itself, `layers.lstm` a factory. */
export interface ExternalValue {
  readonly kind: 'external';
  readonly path: string;
}

export interface LayerValue {
  readonly kind: 'layer';
  readonly spec: LayerSpec;
  /** The object of the user's class, for layers of their own. */
  readonly own?: ObjectValue;
}

export interface TensorValue {
  readonly kind: 'tensor';
  readonly tensor: Tensor;
}

export interface ModelValue {
  readonly kind: 'model';
  readonly model: ModelRecord;
}

/** A model under construction; `layers` grows with `model.add`. */
export interface ModelRecord {
  readonly form: 'sequential' | 'functional';
  readonly source: SourceRef;
  /** Function or variable it belongs to, for its name. */
  name?: string;
  readonly layers: LayerSpec[];
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  frozen?: boolean;
  /** The spec that stands for the model inside others. */
  spec?: LayerSpec;
}

export interface UnknownValue {
  readonly kind: 'unknown';
  readonly name: string;
  readonly reason: Message;
  readonly source?: SourceRef;
  readonly choices: AssumableValue[];
  /** The unknown that decides it, when this is an expression of one. */
  readonly root?: UnknownValue | undefined;
  /** In a list: it stands for any number of items. */
  readonly many?: true;
}

/** The item of a list that stands for any number of items: then its length, and what depends on it, are not known. */
export function manyIn(items: readonly Value[]): UnknownValue | undefined {
  return items.find((i): i is UnknownValue => i.kind === 'unknown' && i.many === true);
}

/** A place in a file. */
export interface Site {
  readonly file: SourceFile;
  readonly node: SyntaxNode;
}

export interface Scope {
  readonly names: Map<string, Value>;
  readonly parent?: Scope;
  readonly self?: Value;
  /** The method's class, for `super`. */
  readonly owner?: ClassValue;
}

export const UNDEFINED: Value = { kind: 'undefined' };
export const NULL: Value = { kind: 'null' };
