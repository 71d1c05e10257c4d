import type { Dim, Fact, Message, Shape } from '../../../../model';
import type { Config } from '../../../keras';
import type { Site } from '../../parse/text';
import type { InstanceValue, ListValue, ObjectValue, TensorValue, Value } from '../../evaluate/values';

/** What the plug-in remembers of its objects. */
export type KerasData =
  | LayerData
  | { readonly kind: 'sequential'; readonly layers: ListValue; readonly name?: string }
  | {
      readonly kind: 'functional';
      readonly inputs: readonly TensorValue[];
      readonly outputs: readonly TensorValue[];
      readonly name?: string;
    }
  | {
      readonly kind: 'weight';
      readonly name: string;
      readonly shape: Shape | undefined;
      readonly trainable: boolean;
    };

export interface LayerData {
  readonly kind: 'layer';
  readonly className: string;
  /** Arguments by Keras' field name. */
  readonly fields: ReadonlyMap<string, Value>;
  readonly facts: Readonly<Record<string, Fact>>;
  readonly name?: string;
  /** Why its class cannot be read. */
  readonly opaque?: Message;
}

/** Who makes a tensor: a layer or model object, an instance of a user's class, or an operation. */
export type Maker = ObjectValue | InstanceValue | Operation;

export interface Operation {
  readonly kind: 'operation';
  readonly op: string;
  /** What it was given, numbers included, in order. */
  readonly operands?: readonly Value[];
  readonly outputOf?: (inputs: readonly (Shape | undefined)[]) => readonly (Shape | undefined)[];
}

/** One call in a graph. */
export interface KerasNode {
  readonly maker: Maker;
  readonly inputs: readonly TensorValue[];
  readonly site: Site;
  readonly times?: Dim;
  readonly callConfig?: Config;
}

/** What hangs on a tensor of a graph. */
export interface TensorData {
  readonly keras: {
    readonly node?: KerasNode;
    readonly index: number;
    readonly weight?: ObjectValue;
    /** Made of data, not by a layer. */
    readonly constant?: true;
    /** Stands for a value that could not be followed. */
    readonly unclear?: Value;
  };
}

export function kerasOf(tensor: Value | undefined): TensorData['keras'] | undefined {
  if (tensor?.kind !== 'tensor' || typeof tensor.data !== 'object' || tensor.data === null) return undefined;
  return 'keras' in tensor.data ? (tensor.data as TensorData).keras : undefined;
}

export function dataOf(object: Value | undefined): KerasData | undefined {
  return object?.kind === 'object' && object.plugin === 'keras'
    ? (object.data as KerasData | undefined)
    : undefined;
}

/** A layer or model of Keras that can be called. */
export function isCallable(value: Value | undefined): value is ObjectValue {
  const data = dataOf(value);
  return data !== undefined && data.kind !== 'weight';
}
