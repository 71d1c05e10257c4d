import type { Fact, Framework, LayerBase, Message, StoredTensor } from '../../model';
import type { ModuleHint, NamedTensor } from './tensor';
import { stored } from './tensor';

/** The tensors of one module: those whose names share everything but the last part. */
export interface ModuleGroup {
  readonly prefix: string;
  /** By last part of the name. */
  readonly tensors: ReadonlyMap<string, NamedTensor>;
  readonly hint?: ModuleHint;
  /** Which storage each tensor of the layers made here has; filled as layers are made. */
  readonly shares: Map<StoredTensor, string>;
}

export interface RecoverOptions {
  readonly file: string;
  readonly framework: Framework;
  /** Why there are no calls. */
  readonly callsUnknown: Message;
}

/** What recovered layers have in common; `leaves` are the tensors they consist of. */
export function layerBase(
  group: ModuleGroup,
  typeName: string,
  leaves: readonly string[],
  options: RecoverOptions,
): LayerBase {
  return {
    path: group.prefix === '' ? typeName : group.prefix,
    typeName,
    framework: options.framework,
    source: { file: options.file, member: group.prefix === '' ? leaves[0] : group.prefix },
    callsUnknown: options.callsUnknown,
    stored: leaves.map((leaf) => {
      const tensor = group.tensors.get(leaf)!;
      const kept = stored(tensor, leaf);
      if (tensor.share !== undefined) group.shares.set(kept, tensor.share);
      return kept;
    }),
  };
}

/** A size read off a tensor's shape. */
export function shapeFact(tensor: NamedTensor, options: RecoverOptions): Fact {
  return {
    text: `${tensor.name} [${tensor.shape.join(' × ')}]`,
    source: { file: options.file, member: tensor.name },
    how: 'file',
  };
}
