import type { SyntaxNode } from '@lezer/common';
import {
  type AssumableValue,
  type Assumed,
  type Assumptions,
  type Message,
  type Problem,
  constant,
  message,
} from '../../model';
import type { SourceFile } from './source-file';
import type {
  ArrayValue,
  ClassValue,
  FunctionValue,
  ModelRecord,
  NumberValue,
  Scope,
  Site,
  UnknownValue,
  Value,
} from './values';

const FUEL = 300_000;
const MAX_DEPTH = 40;
/** Expressions and statements inside each other, calls included; each takes a few frames of the stack. */
const MAX_NESTING = 1_000;

/** The parts of the evaluator that call each other; handed in, so that no file imports in a circle. */
export interface Parts {
  evaluate(E: Evaluator, node: SyntaxNode, scope: Scope, file: SourceFile): Value;
  call(E: Evaluator, callee: Value, args: readonly Value[], site: Site): Value;
  construct(E: Evaluator, callee: Value, args: readonly Value[], site: Site): Value;
  member(E: Evaluator, object: Value, name: string, site: Site): Value;
  run(E: Evaluator, node: SyntaxNode, scope: Scope, file: SourceFile): Signal | undefined;
}

/** How a statement ended, when not by running through. */
export type Signal =
  { readonly kind: 'return'; readonly value: Value } | { readonly kind: 'break' | 'continue' | 'throw' };

/** One change of a value: undone when a branch is left, looked at when branches are joined. */
interface Change {
  readonly target: object;
  readonly key: string;
  readonly undo: () => void;
  readonly now: () => unknown;
  readonly set: (value: unknown) => void;
}

/** The state of one reading: fuel, unknowns, models found, and the journal that undoes what a branch did. */
export class Evaluator {
  readonly models: ModelRecord[] = [];
  readonly problems: Problem[] = [];
  readonly unknowns = new Map<string, UnknownValue>();
  readonly assumed = new Map<string, Assumed>();
  readonly called = new Set<SyntaxNode>();
  /** Functions that run now, outermost first. */
  readonly stack: string[] = [];
  private fuel = FUEL;
  private nesting = 0;
  private readonly changes: Change[] = [];
  /** Functions handed to callees that cannot be followed: they run last, if nothing else called them. */
  readonly later: FunctionValue[] = [];
  readonly classes: ClassValue[] = [];
  /** Lists made in the callback that runs now, where one runs of which nobody knows how often it does. */
  private ownLists: WeakSet<object> | undefined;

  constructor(
    readonly assumptions: Assumptions,
    private readonly cancelled: () => boolean,
    readonly parts: Parts,
  ) {}

  /** Runs a callback that happens any number of times: what it adds to lists made before are any number of items. */
  anyTimes<T>(run: () => T): T {
    const before = this.ownLists;
    this.ownLists = new WeakSet();
    try {
      return run();
    } finally {
      this.ownLists = before;
    }
  }

  made(array: ArrayValue): ArrayValue {
    this.ownLists?.add(array.items);
    return array;
  }

  /** Is what is added to this list now added any number of times? */
  addsAnyNumber(items: object): boolean {
    return this.ownLists !== undefined && !this.ownLists.has(items);
  }

  /** Spends fuel; false when there is none left. */
  spend(): boolean {
    if (this.fuel <= 0) return false;
    this.fuel--;
    if ((this.fuel & 1023) === 0 && this.cancelled()) this.fuel = 0;
    return this.fuel > 0;
  }

  /** Runs what stands inside something else; undefined when that goes too deep for the stack. */
  nested<T>(inside: () => T): T | undefined {
    if (this.nesting >= MAX_NESTING) return undefined;
    this.nesting++;
    try {
      return inside();
    } finally {
      this.nesting--;
    }
  }

  get deep(): boolean {
    return this.stack.length >= MAX_DEPTH;
  }

  unknown(name: string, reason: Message, site?: Site): Value {
    const given = this.assumptionFor(name, site);
    if (given) return given;
    return {
      kind: 'unknown',
      name,
      reason,
      choices: [],
      ...(site ? { source: site.file.ref(site.node) } : {}),
    };
  }

  /** An expression of values, unknown because one of them is; explained by that one, else by `otherwise`. */
  derived(site: Site, parts: readonly (Value | undefined)[], otherwise?: Message): Value {
    const name = site.file.brief(site.node);
    const cause = parts.find((p): p is UnknownValue => p?.kind === 'unknown');
    if (!cause) return this.unknown(name, otherwise ?? message('`{0}` cannot be worked out.', name), site);
    const value = this.unknown(name, cause.reason, site);
    return value.kind === 'unknown' ? { ...value, root: cause.root ?? cause } : value;
  }

  /** The user's value for a name, alone or as `function.name`. */
  assumptionFor(name: string, site?: Site): Value | undefined {
    const owner = this.stack.at(-1);
    const found =
      (owner === undefined ? undefined : this.assumptions.get(`${owner}.${name}`)) ??
      this.assumptions.get(name);
    if (!found) return undefined;
    const source = found.source ?? (site && site.file.ref(site.node));
    this.assumed.set(name, { ...found, name, ...(source ? { source } : {}) });
    return valueOfAssumption(found.value);
  }

  /** Notes that a model depends on this unknown and gives it the name its symbol has. */
  declare(u: UnknownValue): string {
    let name = u.name;
    for (let n = 2; this.unknowns.has(name) && this.unknowns.get(name) !== u; n++) {
      const known = this.unknowns.get(name)!;
      if (
        known.reason.text === u.reason.text &&
        known.source?.range?.start.line === u.source?.range?.start.line
      )
        break;
      name = `${u.name}#${n}`;
    }
    this.unknowns.set(name, u);
    return name;
  }

  // --- names and changes

  lookup(scope: Scope, name: string): Value | undefined {
    for (let s: Scope | undefined = scope; s; s = s.parent) {
      const value = s.names.get(name);
      if (value) return value;
    }
    return undefined;
  }

  define(scope: Scope, name: string, value: Value): void {
    this.setKey(scope.names, name, value);
  }

  assign(scope: Scope, name: string, value: Value): void {
    for (let s: Scope | undefined = scope; s; s = s.parent) {
      if (s.names.has(name)) {
        this.setKey(s.names, name, value);
        return;
      }
    }
    this.setKey(scope.names, name, value);
  }

  setKey<T>(map: Map<string, T>, key: string, value: T): void {
    const had = map.has(key);
    const before = map.get(key);
    this.note({
      target: map,
      key,
      undo: () => void (had ? map.set(key, before as T) : map.delete(key)),
      now: () => map.get(key),
      set: (v) => void map.set(key, v as T),
    });
    map.set(key, value);
  }

  push<T>(list: T[], ...items: readonly T[]): void {
    const length = list.length;
    this.note({
      target: list,
      key: 'length',
      undo: () => void (list.length = length),
      now: () => list.slice(length),
      set: (v) => void list.push(...(v as T[])),
    });
    list.push(...items);
  }

  /** Other items in place of those of a list. */
  replace<T>(list: T[], items: readonly T[]): void {
    const put = (all: readonly T[]): void => void list.splice(0, list.length, ...all);
    const before = [...list];
    this.note({
      target: list,
      key: 'items',
      undo: () => put(before),
      now: () => [...list],
      set: (v) => put(v as readonly T[]),
    });
    put(items);
  }

  change<O extends object, K extends keyof O & (string | number)>(object: O, key: K, value: O[K]): void {
    const before = object[key];
    this.note({
      target: object,
      key: String(key),
      undo: () => void (object[key] = before),
      now: () => object[key],
      set: (v) => void (object[key] = v as O[K]),
    });
    object[key] = value;
  }

  private note(change: Change): void {
    this.changes.push(change);
  }

  /**
   * Runs each branch on the same state and joins what they changed: what all agree on stays, the rest is what `join` makes of it.
   * Branches that throw do not count.
   */
  fork(
    branches: readonly (() => Signal | undefined)[],
    join: (values: readonly unknown[], target: object) => unknown,
  ): readonly (Signal | undefined)[] {
    const mark = this.changes.length;
    const modelsBefore = this.models.length;
    const signals: (Signal | undefined)[] = [];
    const ends: Map<object, Map<string, unknown>>[] = [];
    const touched = new Map<object, Map<string, Change>>();
    for (const branch of branches) {
      const signal = branch();
      const end = new Map<object, Map<string, unknown>>();
      for (const change of this.changes.slice(mark)) {
        // The first change of a place sees all that followed; `now` of a list is what was added since.
        const at = end.get(change.target) ?? new Map<string, unknown>();
        if (!at.has(change.key)) at.set(change.key, change.now());
        end.set(change.target, at);
      }
      if (signal?.kind !== 'throw') {
        for (const change of this.changes.slice(mark)) {
          const at = touched.get(change.target) ?? new Map<string, Change>();
          if (!at.has(change.key)) at.set(change.key, change);
          touched.set(change.target, at);
        }
        ends.push(end);
      }
      while (this.changes.length > mark) this.changes.pop()!.undo();
      signals.push(signal);
    }
    // What a branch made belongs to that branch alone.
    const fresh = new Set<object>(this.models.slice(modelsBefore).map((m) => m.layers));
    for (const [target, at] of touched) {
      for (const [key, change] of at) {
        const values = ends.map((end) => {
          const place = end.get(target);
          return place?.has(key)
            ? place.get(key)
            : change.key === 'length' && Array.isArray(target)
              ? []
              : change.now();
        });
        if (fresh.has(target)) {
          const own = ends
            .find((end) => end.has(target))
            ?.get(target)
            ?.get(key);
          this.note(change);
          change.set(own);
          continue;
        }
        const same = values.every((v) => v === values[0]) || values.length === 1;
        this.note(change);
        change.set(same ? values[0] : join(values, target));
      }
    }
    return signals;
  }
}

export function valueOfAssumption(value: AssumableValue): Value {
  if (typeof value === 'boolean') return { kind: 'bool', value };
  if (typeof value === 'string') return { kind: 'string', value };
  return number(value);
}

export function number(value: number): NumberValue {
  return Number.isSafeInteger(value)
    ? { kind: 'number', dim: constant(value) }
    : { kind: 'number', float: value };
}

export function text(value: string): Value {
  return { kind: 'string', value };
}

/** What is returned where the file can't be followed further. */
export function tooLong(evaluator: Evaluator, site: Site): Value {
  return evaluator.unknown('value', message('The file takes too long to follow.'), site);
}
