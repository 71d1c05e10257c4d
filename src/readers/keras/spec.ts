import type { Dim, Fact, Message, Shape, SourceRef } from '../../model';

/**
 * One value of a layer's configuration. Integers come as numbers or, when they hold unknowns, as {@link Dim};
 * what could not be read is an {@link UnknownValue}.
 */
export type ConfigValue =
  null | boolean | number | string | Dim | readonly ConfigValue[] | LayerSpec | UnknownValue;

/** A value that could not be read. */
export interface UnknownValue {
  readonly unknown: Message;
  /** Its name where giving it a value would help; already declared to the user by whoever made it. */
  readonly symbol?: Dim;
}

/** Keras' own field names (snake case) → values. Missing fields have their default. */
export type Config = ReadonlyMap<string, ConfigValue>;

/**
 * A layer object as Keras has it before it is built. Its identity is the layer's identity:
 * a spec used by two nodes is one layer with one set of weights.
 */
export interface LayerSpec {
  readonly className: string;
  readonly config: Config;
  readonly source: SourceRef;
  /** The name its author gave it. */
  readonly name?: string;
  /** How each field was written, by Keras' field name. */
  readonly facts?: Readonly<Record<string, Fact>>;
  /** Class `Sequential`: its layers. */
  readonly layers?: readonly LayerSpec[];
  /** Class `Functional` (or `Model`): its graph. */
  readonly graph?: GraphSpec;
  /** The layer's weights never train. */
  readonly frozen?: boolean;
  /** Why a class that is no layer of Keras cannot be read. */
  readonly opaque?: Message;
  /** Names whose values would settle an opaque layer. */
  readonly dependsOn?: readonly string[];
  /** Weights that a class of the user's own adds itself (`add_weight`); undefined where they are not known. */
  readonly ownWeights?: readonly OwnWeight[];
  /** Operations and lambdas without weights: what comes out for what goes in. */
  readonly outputOf?: (inputs: readonly (Shape | undefined)[]) => readonly (Shape | undefined)[];
  /** A class of the user's own: layers that it keeps but its `call` does not run. */
  readonly unused?: readonly LayerSpec[];
  /** Names of the layers inside, where their owner keeps them as attributes. */
  readonly names?: ReadonlyMap<LayerSpec, string>;
  /** A class of the user's own that computes a GRU cell out of dense layers. */
  readonly cell?: OwnCell;
}

/** A GRU cell made of dense layers. */
export interface OwnCell {
  readonly inputSize: Dim;
  readonly hiddenSize: Dim;
  readonly resetAfter: boolean;
  /** z is the share of the old state that stays; else the share of the candidate that comes in. */
  readonly keeps: boolean;
  /** Bias vectors per gate. */
  readonly biases: 0 | 1 | 2;
  readonly parts: readonly LayerSpec[];
}

export interface OwnWeight {
  readonly name: string;
  readonly shape: Shape;
  readonly trainable: boolean;
  readonly source: SourceRef;
}

/** A tensor of a graph: output `index` of a node. */
export interface Tensor {
  readonly node: Node;
  readonly index: number;
  readonly shape: Shape | undefined;
}

/** One call of a layer in a graph. */
export interface Node {
  readonly layer: LayerSpec;
  readonly inputs: readonly Tensor[];
  readonly source?: SourceRef;
  /** How often the loop around the call runs; absent means once. */
  readonly times?: Dim;
  /** Call arguments that change what comes out, such as `return_attention_scores`. */
  readonly callConfig?: Config;
}

/** A functional model: the nodes between its inputs and outputs. */
export interface GraphSpec {
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
}

export function isUnknown(value: ConfigValue | undefined): value is UnknownValue {
  return typeof value === 'object' && value !== null && 'unknown' in value;
}

export function isDim(value: ConfigValue | undefined): value is Dim {
  return typeof value === 'object' && value !== null && 'terms' in value;
}

export function isLayerSpec(value: ConfigValue | undefined): value is LayerSpec {
  return typeof value === 'object' && value !== null && 'className' in value;
}

export function isList(value: ConfigValue | undefined): value is readonly ConfigValue[] {
  return Array.isArray(value);
}
