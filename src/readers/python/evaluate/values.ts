import type { AssumableValue, Dim, Layer, LayerCall, Message, Provenance, Shape } from '../../../model';
import type { ClassDef, Expr, FunctionDef, Param } from '../parse/ast';
import type { Site, SourceText } from '../parse/text';

/** Where a value was written: the literal that decides it, and how it came here. */
export interface Traced {
  readonly origin?: Site;
  readonly how?: Provenance;
}

export type Value =
  | IntValue
  | FloatValue
  | BoolValue
  | StrValue
  | NoneValue
  | ListValue
  | TupleValue
  | DictValue
  | RangeValue
  | SliceValue
  | FunctionValue
  | MethodValue
  | BuiltinValue
  | ClassValue
  | InstanceValue
  | ModuleValue
  | ExternalValue
  | ObjectValue
  | TensorValue
  | UnknownValue
  | UnionValue
  | RepeatValue
  | SuperValue
  | AbsentValue;

/** An integer, possibly a formula over named unknowns. */
export interface IntValue extends Traced {
  readonly kind: 'int';
  readonly dim: Dim;
}

/** A float: a number, or an exact quotient of sizes (`hidden / 2`), so that `int(...)` of it is exact. */
export interface FloatValue extends Traced {
  readonly kind: 'float';
  readonly value?: number;
  readonly quotient?: { readonly over: Dim; readonly under: Dim };
}

export interface BoolValue extends Traced {
  readonly kind: 'bool';
  readonly value: boolean;
}

export interface StrValue extends Traced {
  readonly kind: 'str';
  readonly value: string;
}

/** `None` and `...` */
export interface NoneValue extends Traced {
  readonly kind: 'none';
  readonly ellipsis?: true;
}

/** Mutable; `items` is changed only through the journal. Sets are lists without duplicates. */
export interface ListValue extends Traced {
  readonly kind: 'list';
  readonly items: Value[];
  readonly set?: true;
}

export interface TupleValue extends Traced {
  readonly kind: 'tuple';
  readonly items: readonly Value[];
  /** Named tuples. */
  readonly names?: readonly string[];
  readonly cls?: ClassValue;
}

/** Keys are encoded by `keyOf`. */
export interface DictValue extends Traced {
  readonly kind: 'dict';
  readonly entries: Map<string, Value>;
  /** `defaultdict`'s factory, or the unknown rest of a dict: what a missing key gives. */
  readonly missing?: Value;
  /** It is an object's `__dict__`: what is written to it is written to these names. */
  readonly of?: Names;
}

/** A value of a list that may not be there: a condition that decides is not known. */
export function mayBeAbsent(value: Value): boolean {
  if (value.kind === 'repeat') return mayBeAbsent(value.value);
  return value.kind === 'union' && value.options.some((o) => o.kind === 'absent');
}

export interface RangeValue extends Traced {
  readonly kind: 'range';
  readonly start: Dim;
  readonly stop: Dim;
  readonly step: Dim;
}

export interface SliceValue extends Traced {
  readonly kind: 'slice';
  readonly lower: Value;
  readonly upper: Value;
  readonly step: Value;
}

/** Names of a module, function call, class body or instance, in the order of their first assignment. */
export type Names = Map<string, Value>;

export interface Scope {
  readonly names: Names;
  readonly parent?: Scope;
  readonly module: ModuleValue;
  /** Function scopes: where `global` and `nonlocal` names live. */
  redirected?: Map<string, Scope>;
  /** Class scopes are not seen from the functions inside. */
  readonly isClass?: boolean;
}

export interface FunctionValue extends Traced {
  readonly kind: 'function';
  readonly name: string;
  readonly params: readonly Param[];
  readonly decl?: FunctionDef;
  /** Lambdas. */
  readonly expression?: Expr;
  readonly fallbacks: ReadonlyMap<string, Value>;
  readonly scope: Scope;
  /** The class whose body defines it, for `super()`. */
  owner?: ClassValue;
  readonly wrapper?: 'static' | 'class' | 'property';
  /** Of a property: what assigning to it calls. */
  readonly setter?: FunctionValue;
  readonly attributes: Names;
}

export interface MethodValue extends Traced {
  readonly kind: 'method';
  readonly fn: Value;
  readonly self: Value;
}

export interface BuiltinValue extends Traced {
  readonly kind: 'builtin';
  readonly name: string;
  readonly call: (args: Arguments) => Value;
  /** What attribute access gives (`dict.fromkeys`), where there is any. */
  readonly attributes?: ReadonlyMap<string, Value>;
}

export interface ClassValue extends Traced {
  readonly kind: 'class';
  readonly name: string;
  readonly bases: readonly Value[];
  /** This class first, then its bases in Python's order; externals are `ExternalValue`s. */
  readonly order: readonly (ClassValue | ExternalValue | UnknownValue)[];
  readonly names: Names;
  readonly decl: ClassDef;
  readonly text: SourceText;
  readonly scope: Scope;
  /** `@dataclass` and friends, `NamedTuple`, `BaseModel`: fields with defaults, in order. */
  fields?: readonly Field[];
  /** `Enum` */
  readonly isEnum?: boolean;
}

export interface Field {
  readonly name: string;
  readonly fallback?: Value;
  readonly factory?: Value;
  readonly site: Site;
}

export interface InstanceValue extends Traced {
  readonly kind: 'instance';
  readonly id: number;
  readonly cls: ClassValue;
  readonly names: Names;
  /** The construction call. */
  readonly site: Site;
  /** The framework object it is as well, when its class derives from a framework's layer (`class X(nn.LSTM)`). */
  native?: ObjectValue;
  /** What it holds as a `dict`, when its class derives from that. */
  dict?: DictValue;
  /** A namespace without a class of its own (argparse, `SimpleNamespace`): what an unset name gives. */
  readonly missing?: Value;
}

export interface ModuleValue extends Traced {
  readonly kind: 'module';
  readonly name: string;
  readonly names: Names;
  readonly text: SourceText;
}

/** A name from outside, as imported: `torch.nn.LSTM`. */
export interface ExternalValue extends Traced {
  readonly kind: 'external';
  readonly name: string;
  /** The import that brought it. */
  readonly site?: Site;
}

/** Omit that keeps a union a union. */
type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

/** A {@link Layer} before the evaluator has found where in the model it sits and how it is used. */
export type LayerDraft = Without<
  Layer,
  'path' | 'framework' | 'source' | 'calls' | 'callsUnknown' | 'repeat'
>;

/** Is it a result in a framework's graph, so that how it came about matters? */
export function isGraphTensor(value: Value): value is TensorValue {
  return (
    value.kind === 'tensor' && typeof value.data === 'object' && value.data !== null && 'keras' in value.data
  );
}

/** Something a framework's constructor made: a layer, a container, a parameter, a model, an optimiser. */
export interface ObjectValue extends Traced {
  readonly kind: 'object';
  readonly id: number;
  /** Canonical name of what was called: `torch.nn.LSTM`. */
  readonly type: string;
  /** Id of the plug-in that made it. */
  readonly plugin: string;
  readonly site: Site;
  /** What it counts as in a model; containers have none. */
  draft?: LayerDraft;
  /** What tells it from others of its type where there is no draft: objects with different keys are never alike. */
  key?: string;
  /** Children of a container, attributes set on it from outside. */
  readonly names: Names;
  /** Uses in the forward pass. */
  readonly uses: Uses;
  /** Whatever else the plug-in wants to remember. */
  data?: unknown;
}

/** A layer's uses; `unclear` says why they can't be known. Changed only through the journal. */
export interface Uses {
  calls: LayerCall[];
  unclear?: Message;
}

/** A tensor: only its shape matters. */
export interface TensorValue extends Traced {
  readonly kind: 'tensor';
  /** Absent: even the rank is unknown. */
  shape?: Shape;
  /** Why the shape is unknown. */
  readonly why?: Message;
  /** Whatever a framework hangs on it (a node of a functional graph, "is a parameter"). */
  readonly data?: unknown;
}

/** A value that cannot be read from the files at hand. */
export interface UnknownValue extends Traced {
  readonly kind: 'unknown';
  readonly id: number;
  readonly reason: Message;
  /** What it is called; binding gives a name to those that have only their expression. */
  name: string;
  /** The name is the one the user knows: a parameter, a variable, an attribute. */
  named: boolean;
  readonly site?: Site;
  readonly choices: AssumableValue[];
  /** It came from something outside that may be a layer or a model: then it counts, and its count is unknown. */
  readonly maybeModule?: boolean;
  /** The size of a tensor whose shape is unknown: no formula to show. */
  readonly shapeless?: boolean;
  /** Certainly a number. */
  readonly numeric?: boolean;
  /** Annotated or used as a flag: its size is 0 or 1. */
  readonly flag?: boolean;
  /** The unknowns that decide it; itself when empty. */
  readonly roots: readonly UnknownValue[];
  /** Attributes and items of it, so that the same expression is the same unknown. */
  readonly derived: Map<string, Value>;
  /** Where this unknown entered the sizes of a model: its symbol. */
  symbol?: string;
  /** For the index of a loop of unknown length: at least this. */
  readonly atLeast?: number;
  /** It differs from one turn of a loop to the next: no single size. */
  readonly perTurn?: boolean;
}

/** One of several values, depending on unknowns. Never nested, at most 16 options, at least 2. */
export interface UnionValue extends Traced {
  readonly kind: 'union';
  readonly options: readonly Value[];
  readonly on: readonly UnknownValue[];
  /** Set when the first option holds exactly if this flag is 1, the second if it is 0. */
  readonly flag?: UnknownValue;
  /** The variable it was bound to. */
  name?: string;
  /** The unknown that stands for it when it is used as a size. */
  stand?: UnknownValue;
}

/** In a list: `count` alike values, made by a loop of unknown length. */
export interface RepeatValue extends Traced {
  readonly kind: 'repeat';
  readonly value: Value;
  readonly count: Dim;
}

/** `super()` */
export interface SuperValue extends Traced {
  readonly kind: 'super';
  readonly owner: ClassValue;
  readonly self: InstanceValue | ClassValue;
}

/** Inside a union only: the name or item is not there. */
export interface AbsentValue extends Traced {
  readonly kind: 'absent';
}

export interface Argument {
  readonly value: Value;
  /** The expression at the call; absent for arguments that come out of `*args` or `**kwargs`. */
  readonly site: Site;
}

/** Evaluated arguments of a call. */
export interface Arguments {
  readonly positional: readonly Argument[];
  readonly keywords: ReadonlyMap<string, Argument>;
  /** An unknown `*x` or `**x` among them: arguments that seem absent may be there. */
  readonly rest?: UnknownValue;
  /** The whole call. */
  readonly site: Site;
}

export const NONE: NoneValue = { kind: 'none' };
export const ABSENT: AbsentValue = { kind: 'absent' };

/** The entry that stands for keys that depend on data. */
export const MORE = '%more';

/** What a dict may hold beyond the keys that are known; undefined when all are known. */
export function restOfDict(dict: DictValue): Value | undefined {
  return dict.missing ?? dict.entries.get(MORE);
}
