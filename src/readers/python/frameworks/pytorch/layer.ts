import type { Host } from '../../evaluate/host';
import type { Arguments, LayerDraft, ObjectValue, Value } from '../../evaluate/values';

/** What calling a layer on its input gives; records the use. */
export type Forward = (layer: ObjectValue, args: Arguments, host: Host) => Value;

/** A constructor of `torch.nn`. */
export interface LayerMaker {
  make(
    typeName: string,
    args: Arguments,
    host: Host,
  ): { readonly draft: LayerDraft; readonly forward: Forward };
}

/** What the plug-in remembers of its objects. */
export interface TorchData {
  readonly forward?: Forward;
  readonly container?: 'sequential' | 'list' | 'dict' | 'parameters';
}

export function dataOf(object: ObjectValue): TorchData {
  return (object.data as TorchData | undefined) ?? {};
}
