import type { Framework } from '../../../../model';
import type { Host } from '../../evaluate/host';
import type { Arguments, InstanceValue, Value } from '../../evaluate/values';
import type { LayerMaker, TorchData } from './layer';
import type { Weightless } from './weightless';

/**
 * A framework whose modules work as PyTorch's do: layers are attributes of module classes, containers hold layers, and one method is
 * the forward pass. `torchLike` makes its plug-in; objects of all dialects are `torchLike` objects, told apart by their type's name.
 */
export interface Dialect {
  /** Unique among plug-ins. */
  readonly id: string;
  readonly framework: Framework;
  owns(name: string): boolean;
  canonical(name: string): string;
  /** Is a subclass of this a module? */
  isBase(name: string): boolean;
  /** The class name of a plain layer or container class: `LSTM` for `torch.nn.LSTM`. */
  layerName(name: string): string | undefined;
  readonly layers: Readonly<Record<string, LayerMaker>>;
  readonly weightless: ReadonlyMap<string, Weightless>;
  containerKind(layer: string): TorchData['container'];
  /** The method that is the forward pass. */
  readonly forward: string;
  /** What `from module import *` brings. */
  exports(module: string): readonly string[] | undefined;
  /** Functions and constructors of its own; undefined leaves the call to `fallback`. */
  call?(name: string, args: Arguments, host: Host): Value | undefined;
  /** What its modules inherit beyond what PyTorch's do. */
  instanceAttribute?(instance: InstanceValue, name: string, host: Host): Value | undefined;
}
