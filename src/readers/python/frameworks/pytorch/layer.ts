import type { Framework } from '../../../../model';
import type { Host } from '../../evaluate/host';
import type { Arguments, LayerDraft, ObjectValue, Value } from '../../evaluate/values';

/** What calling a layer on its input gives; records the use. */
export type Forward = (layer: ObjectValue, args: Arguments, host: Host) => Value;

/** A layer as its constructor makes it. */
export interface Made extends TorchData {
  /** Absent: what counts are the parts. */
  readonly draft?: LayerDraft;
  /** Layers it is made of, by name. */
  readonly parts?: Readonly<Record<string, Value>>;
}

/** A constructor of `torch.nn`. */
export interface LayerMaker {
  make(typeName: string, args: Arguments, host: Host): Made;
}

/** What the plug-in remembers of its objects. */
export interface TorchData {
  readonly forward?: Forward;
  readonly container?: 'sequential' | 'list' | 'dict' | 'parameters';
  /** Runs before a call: layers that take their sizes from the first input take them here. */
  readonly prepare?: (layer: ObjectValue, args: Arguments, host: Host) => void;
  /** Methods beside the call itself. */
  readonly methods?: Readonly<Record<string, (layer: ObjectValue, args: Arguments, host: Host) => Value>>;
}

export function dataOf(object: ObjectValue): TorchData {
  return (object.data as TorchData | undefined) ?? {};
}

/** `nn.Parameter` of any dialect. */
export function isParameter(object: ObjectValue): boolean {
  return object.type.endsWith('.Parameter');
}

const DIALECTS: readonly (readonly [root: string, framework: Framework])[] = [
  ['paddle.', 'paddle'],
  ['flax.linen.', 'flax-linen'],
  ['flax.nnx.', 'flax-nnx'],
  ['mindspore.', 'mindspore'],
  ['mxnet.', 'mxnet'],
];

/** The framework an object or base class of this name belongs to. */
export function frameworkOf(name: string): Framework {
  return DIALECTS.find(([root]) => name.startsWith(root))?.[1] ?? 'pytorch';
}
