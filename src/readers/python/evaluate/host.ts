import type { Assumed, Dim, Message, Problem, Shape, SourceRef } from '../../../model';
import type { Expr, Param } from '../parse/ast';
import type { Site } from '../parse/text';
import type {
  Argument,
  Arguments,
  ClassValue,
  Field,
  FunctionValue,
  InstanceValue,
  LayerDraft,
  ListValue,
  ModuleValue,
  Names,
  ObjectValue,
  Scope,
  TensorValue,
  UnionValue,
  UnknownValue,
  Value,
} from './values';

/** What the evaluator offers to its parts and to framework plug-ins. */
export interface Host {
  // --- evaluating
  evaluate(expr: Expr, scope: Scope): Value;
  /** Calls any value. Unknown callees give an unknown. */
  call(callee: Value, args: Arguments): Value;
  /** Calls a method by name with plain values. */
  callMethod(self: Value, name: string, values: readonly Value[], site: Site): Value;
  /** `object.name`; an unknown with its reason where there is no such thing. */
  attribute(object: Value, name: string, site: Site): Value;
  /** Like {@link attribute}, but undefined where Python would raise AttributeError. */
  findAttribute(object: Value, name: string, site: Site): Value | undefined;
  setAttribute(object: Value, name: string, value: Value): void;
  /** Sets an attribute whose name is not known; `name` is where it is written. */
  setUnnamed(object: Value, name: Site, value: Value): void;
  item(object: Value, index: Value, site: Site): Value;
  /** The items of an iterable when their number is known; undefined otherwise. */
  items(value: Value): readonly Value[] | undefined;
  /** True, false, or the unknowns it depends on. */
  truth(value: Value): boolean | readonly UnknownValue[];
  equal(a: Value, b: Value): boolean | undefined;

  // --- sizes
  /** A value as a size: numbers, flags (0 or 1), unknowns (by their name). Undefined for anything else. */
  dim(value: Value): Dim | undefined;

  /** The symbol an unknown has in sizes. */
  symbolFor(unknown: UnknownValue): string;
  /** The unknowns a value depends on. */
  rootsOf(value: Value): readonly UnknownValue[];

  // --- making values
  unknown(reason: Message, name: string, site?: Site, more?: Partial<UnknownValue>): UnknownValue;
  /** A part of an unknown: the same `key` gives the same value. */
  derive(from: UnknownValue, key: string, site?: Site): Value;
  union(options: readonly Value[], on: readonly UnknownValue[]): Value;
  tensor(shape?: Shape, why?: Message, data?: unknown): TensorValue;
  object(plugin: string, type: string, site: Site, draft?: LayerDraft, data?: unknown): ObjectValue;

  /** Runs something that happens `count` times in one forward pass. */
  repeated<T>(count: Dim, run: () => T): T;
  /** Does a class derive from a framework's model base? */
  isModel(cls: ClassValue): boolean;

  // --- changing values (undone when a branch is left)
  setName(names: Names, name: string, value: Value): void;
  deleteName(names: Names, name: string): void;
  setItems(list: ListValue, items: readonly Value[]): void;
  /** Notes a use of a layer in the forward pass; the trip counts of the loops around it are multiplied in. */
  use(
    object: ObjectValue,
    inputs: readonly (Shape | undefined)[],
    output: Shape | undefined,
    site: Site,
    extra?: { readonly steps?: Dim; readonly batch?: Dim; readonly packed?: boolean },
  ): void;
  /** Takes back that a layer's use can't be followed: it could, later. */
  useClear(object: ObjectValue): void;
  /** Notes that a layer is used in a way that can't be followed. */
  useUnclear(object: ObjectValue, why: Message): void;

  // --- context
  /** Following a model's forward pass: uses of layers count. */
  readonly following: boolean;
  /** Following, and what runs now runs exactly once in every forward pass. */
  unconditional(): boolean;
  /** Sizes found to be equal while following: an axis' symbol and what it is. */
  readonly axes: Map<string, Dim>;
  readonly main: ModuleValue;
  /** The file whose classes are of interest, when that is another one than the file that is read. */
  readonly about: string | undefined;
  readonly classes: readonly ClassValue[];
  readonly instances: readonly InstanceValue[];
  readonly objects: readonly ObjectValue[];
  problem(problem: Problem): void;
  /** True when work has to stop. */
  exhausted(): boolean;
  /** Runs a function and undoes every change it made to values. */
  attempt<T>(run: () => T): T;
  /** Makes an instance; `missing` says what a parameter is worth that the call does not give. */
  instantiate(cls: ClassValue, args: Arguments, missing?: (param: Param) => Value): Value;
  /** Why the layers of an instance may not all be known. */
  readonly gaps: ReadonlyMap<InstanceValue, Message>;
  readonly madeWith: ReadonlyMap<InstanceValue, Arguments>;
  /** Follows `run` as one forward pass and undoes what it changes. `read` sees the uses before they are undone. */
  follow<T>(run: () => void, read: () => T): T;
  /** Unknowns that sizes mention, by symbol. */
  unknownOf(symbol: string): UnknownValue | undefined;
  /** The user's values that were used. */
  readonly assumed: ReadonlyMap<string, Assumed>;
  /** Calls functions of the file that nobody calls and that call a class for which `wanted` holds, with unknown arguments. */
  callUncalled(wanted: (className: string) => boolean): void;
  /** The names in an instance's `__init__`, and in those of its bases that were called, outermost first. */
  initArguments(instance: InstanceValue): readonly Names[];
  /** Was an instance made while another model was being constructed? */
  builtInside(instance: InstanceValue): boolean;
  withFuel(amount: number, run: () => void): boolean;
  dataFields(cls: ClassValue): readonly Field[] | undefined;
  /** Runs a part of the reading that gives plain data, or takes what it came to in the document's last reading. */
  remember<T>(subject: ClassValue | InstanceValue, run: () => T): T;
  /** The value the user assumes for a name, if any. */
  assumption(name: string, site?: Site): Value | undefined;
  ref(site: Site): SourceRef;
  siteOf(value: Value): Site | undefined;
}

export type { Argument, Arguments, FunctionValue, UnionValue };
