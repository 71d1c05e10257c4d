import type { Framework } from '../../../../model';
import type { Host } from '../../evaluate/host';
import type {
  Argument,
  Arguments,
  FunctionValue,
  InstanceValue,
  ObjectValue,
  Value,
} from '../../evaluate/values';
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
  /** True: a layer's weights come into being when it is called, and calling a module may make layers. */
  readonly madeOnCall?: boolean;
  /** Where a layer made inside a module's call belongs; may give back the one that an earlier call of the module made. */
  adopt?(object: ObjectValue, layer: string, args: Arguments, host: Host): Value | undefined;
  /** `model(x)`, where there is more to it than the forward method. */
  callInstance?(instance: InstanceValue, args: Arguments, host: Host): Value | undefined;
  /** Modules that following made, as new ones that nothing was done to yet. */
  discover?(host: Host): void;
  /** The inputs of a forward pass, where the file tells more than how many there are. */
  inputs?(instance: InstanceValue, fn: FunctionValue, host: Host): readonly Argument[] | undefined;
  /** What its modules inherit beyond what PyTorch's do. */
  instanceAttribute?(instance: InstanceValue, name: string, host: Host): Value | undefined;
}
