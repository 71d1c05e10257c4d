/**
 * How a framework plugs into the Python evaluator.
 *
 * The evaluator knows Python; a plug-in knows one framework. The evaluator resolves names through the file's imports
 * and never matches text: `import torch.nn as nn; nn.LSTM` is the external name `torch.nn.LSTM`, and so is
 * `from torch.nn import LSTM as L; L`. Whatever happens to an external name is asked of the plug-in that `owns` it:
 *
 * 1. `read(name)`      an external name that is a constant or a function of our own making. Default: stays an external name.
 * 2. `call(name, args)` a constructor or function of the framework: bind the arguments with `bind()` from `signature.ts`,
 *                      make an object with `host.object(plugin.id, name, args.site, draft, data)` and return it.
 *                      `draft` is the layer it counts as (a Layer without path, source, framework and calls); containers and
 *                      models have none. `data` is yours.
 * 3. `callObject(object, args)` a layer called on a tensor: return its output tensor (`host.tensor(shape)`) and record the use
 *                      with `host.use(...)`. For functional graphs hang your node on the tensor's `data`.
 * 4. `attribute(object, name)` attributes and methods of your objects and tensors (methods are `builtin(name, fn)` values).
 * 5. `isBase(name)`    external classes whose subclasses are models (`torch.nn.Module`, `keras.Model`).
 *    `initBase(instance, base, args)` runs where a user class reaches your `__init__` (`super().__init__(units=…)`); for classes
 *                      that derive from a layer set `instance.native` to the object it is as well.
 *    `instanceAttribute(instance, name)` what user instances inherit from your base class (`self.parameters()`, `self.add_weight`).
 *    `callInstance(instance, args)` `model(x)`: usually calls the user's `forward` or `call`.
 * 6. `models(host)`    runs last: emits every Model the evaluated file describes.
 *
 * Unknowns: turn an argument into a size with `host.dim(value)`; it gives a symbol for an unknown and registers it, so that the
 * model's `unknowns` lists it with its reason. A layer that can't be sized is a draft of kind `unknown` with its reason.
 * `frameworks/pytorch/` is the full example; `pytorch/recurrent.ts` is the shortest read.
 */
import type { Framework, Model } from '../../../model';
import type { Host } from '../evaluate/host';
import type { Arguments, InstanceValue, ObjectValue, TensorValue, Value } from '../evaluate/values';

export interface FrameworkPlugin {
  /** Unique among plug-ins; `ObjectValue.plugin` refers to it. */
  readonly id: string;
  readonly framework: Framework;
  /** Is this fully qualified external name this framework's? Also tells which imports are not looked for beside the file. */
  owns(name: string): boolean;
  /** A shorter or canonical spelling of an owned name (`torch.nn.modules.rnn.LSTM` is `torch.nn.LSTM`). */
  canonical?(name: string): string;
  read?(name: string, host: Host): Value | undefined;
  call(name: string, args: Arguments, host: Host): Value | undefined;
  callObject?(object: ObjectValue, args: Arguments, host: Host): Value | undefined;
  attribute?(self: ObjectValue | TensorValue, name: string, host: Host): Value | undefined;
  /** `tensor[index]`, `container[0]` */
  item?(self: ObjectValue | TensorValue, index: Value, host: Host): Value | undefined;
  /** Items of a container in a `for` loop; undefined when unknown. */
  iterate?(self: ObjectValue | TensorValue, host: Host): readonly Value[] | undefined;
  /** `a + b` where one side is a tensor or an object. */
  operator?(op: string, left: Value, right: Value, host: Host): Value | undefined;
  /** `isinstance(object, name)`; undefined when it can't be told. */
  isKind?(object: ObjectValue, name: string): Value | undefined;
  /** `open(path)` */
  open?(args: Arguments, host: Host): Value | undefined;
  isBase(name: string): boolean;
  initBase?(instance: InstanceValue, base: string, args: Arguments, host: Host): void;
  instanceAttribute?(instance: InstanceValue, name: string, host: Host): Value | undefined;
  callInstance?(instance: InstanceValue, args: Arguments, host: Host): Value | undefined;
  /** After an attribute was set on an object (`layer.weight = other.weight`, `layer.trainable = False`). */
  attributeSet?(self: ObjectValue, name: string, value: Value, host: Host): void;
  /** `tensor[index] = value` */
  tensorItemSet?(self: TensorValue, index: Value, value: Value, host: Host): void;
  /** After an attribute of one of your objects was deleted (`del layer.bias`). */
  attributeDeleted?(self: ObjectValue, name: string, host: Host): void;
  /** After an attribute was set on a tensor (`layer.weight.requires_grad = False`). */
  tensorAttributeSet?(self: TensorValue, name: string, value: Value, host: Host): void;
  /** What `from module import *` brings. */
  exports?(module: string): readonly string[] | undefined;
  /** Everything the file describes, in source order. */
  models(host: Host): Model[];
}
