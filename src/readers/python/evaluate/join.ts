import { dimKey, equalDims, message, type LayerCall, type Message, type Shape } from '../../../model';
import type { Cell, Effects, Journal, Saved } from './journal';
import {
  ABSENT,
  type ObjectValue,
  type Uses,
  type UnionValue,
  type UnknownValue,
  type Value,
} from './values';

const MAX_OPTIONS = 16;
/** More unknowns than this behind one value help nobody. */
const MAX_ROOTS = 24;

/** What a value is after two branches: itself where they agree, else a union that depends on `on`. The first is the branch taken when `on` is true. */
export function joinValues(a: Value, b: Value, on: readonly UnknownValue[], flag = false): Value {
  if (sameValue(a, b)) return a;
  if (a.kind === 'tuple' && b.kind === 'tuple' && a.items.length === b.items.length && !a.names && !b.names) {
    return { kind: 'tuple', items: a.items.map((item, i) => joinValues(item, b.items[i]!, on, flag)) };
  }
  if (a.kind === 'tensor' && b.kind === 'tensor') {
    return { kind: 'tensor', why: message('Its shape depends on `{0}`.', on[0]?.name ?? '?') };
  }
  const roots = [...new Set([...on, ...rootsIn(a), ...rootsIn(b)])].slice(0, MAX_ROOTS);
  const options: Value[] = [];
  for (const option of [...flatten(a), ...flatten(b)]) {
    if (!options.some((o) => sameValue(o, option))) options.push(option);
  }
  if (options.length > MAX_OPTIONS) options.length = MAX_OPTIONS;
  const flagged = flag && on.length === 1 && options.length === 2 && a.kind !== 'union' && b.kind !== 'union';
  return { kind: 'union', options, on: roots, ...(flagged && { flag: on[0]! }) } satisfies UnionValue;
}

function flatten(value: Value): readonly Value[] {
  return value.kind === 'union' ? value.options : [value];
}

function rootsIn(value: Value): readonly UnknownValue[] {
  return value.kind === 'union' ? value.on : [];
}

/** Certainly the same value. Mutable values are the same only if they are one object. */
export function sameValue(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (a.kind !== b.kind) return false;
  switch (a.kind) {
    case 'int':
      return equalDims(a.dim, (b as typeof a).dim);
    case 'float': {
      const other = b as typeof a;
      if (a.quotient && other.quotient) {
        return (
          equalDims(a.quotient.over, other.quotient.over) && equalDims(a.quotient.under, other.quotient.under)
        );
      }
      return a.value !== undefined && a.value === other.value;
    }
    case 'bool':
    case 'str':
      return a.value === (b as typeof a).value;
    case 'none':
    case 'absent':
      return true;
    case 'external':
      return a.name === (b as typeof a).name;
    case 'unknown':
    case 'instance':
    case 'object':
      return a.id === (b as typeof a).id;
    case 'class':
      return a.decl === (b as typeof a).decl && a.names === (b as typeof a).names;
    case 'function':
      return a.decl !== undefined && a.decl === (b as typeof a).decl && a.scope === (b as typeof a).scope;
    case 'method':
      return sameValue(a.fn, (b as typeof a).fn) && sameValue(a.self, (b as typeof a).self);
    case 'tuple': {
      const items = (b as typeof a).items;
      return a.items.length === items.length && a.items.every((item, i) => sameValue(item, items[i]!));
    }
    case 'range': {
      const other = b as typeof a;
      return (
        equalDims(a.start, other.start) && equalDims(a.stop, other.stop) && equalDims(a.step, other.step)
      );
    }
    case 'tensor':
      return (
        sameShape(a.shape, (b as typeof a).shape) && a.shape !== undefined && a.data === (b as typeof a).data
      );
    case 'union': {
      const other = b as typeof a;
      return (
        a.options.length === other.options.length &&
        a.options.every((o, i) => sameValue(o, other.options[i]!))
      );
    }
    default:
      return false;
  }
}

export function sameShape(a: Shape | undefined, b: Shape | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.length === b.length && a.every((d, i) => equalDims(d, b[i]!));
}

/**
 * After both branches ran from the same start: `first` is what the one did, the current state what the other did.
 * Writes into every touched cell what holds whichever was taken. The journal's frame must still be open.
 */
export function joinEffects(
  journal: Journal,
  first: Effects,
  second: Effects,
  on: readonly UnknownValue[],
  flag: boolean,
): void {
  for (const cell of new Set([...first.keys(), ...second.keys()])) {
    const before = journal.before(cell);
    journal.replace(cell, joinCell(cell, first.get(cell) ?? before, second.get(cell) ?? before, on, flag));
  }
}

function joinCell(cell: Cell, a: Saved, b: Saved, on: readonly UnknownValue[], flag: boolean): Saved {
  if (cell instanceof Map) {
    const [x, y] = [a, b] as [ReadonlyMap<string, Value>, ReadonlyMap<string, Value>];
    const joined = new Map<string, Value>();
    for (const name of new Set([...x.keys(), ...y.keys()])) {
      const value = joinValues(x.get(name) ?? ABSENT, y.get(name) ?? ABSENT, on, flag);
      if (value.kind === 'union' && !name.startsWith('%') && !name.includes(':')) value.name ??= name;
      joined.set(name, value);
    }
    return joined;
  }
  if (Array.isArray(cell)) {
    const [x, y] = [a, b] as [readonly Value[], readonly Value[]];
    return Array.from({ length: Math.max(x.length, y.length) }, (_, i) =>
      joinValues(x[i] ?? ABSENT, y[i] ?? ABSENT, on, flag),
    );
  }
  return joinUses(a as Uses, b as Uses, message('Whether it runs depends on `{0}`.', on[0]?.name ?? '?'));
}

function joinUses(a: Uses, b: Uses, why: Message): Uses {
  const unclear = a.unclear ?? b.unclear ?? (sameCalls(a.calls, b.calls) ? undefined : why);
  return { calls: a.calls, ...(unclear && { unclear }) };
}

export function sameCalls(a: readonly LayerCall[], b: readonly LayerCall[]): boolean {
  return a.length === b.length && a.every((call, i) => callKey(call) === callKey(b[i]!));
}

function callKey(call: LayerCall): string {
  const shape = (s: Shape | undefined) => (s ? s.map(dimKey).join('×') : '?');
  return [
    call.inputs.map(shape).join(';'),
    shape(call.output),
    call.steps && dimKey(call.steps),
    call.batch && dimKey(call.batch),
    call.packed,
    dimKey(call.times),
  ].join('|');
}

/** Whether two objects count the same: made by the same constructor with equal sizes. */
export function alike(a: ObjectValue, b: ObjectValue): boolean {
  return a.type === b.type && a.key === b.key && draftKey(a.draft) === draftKey(b.draft);
}

function draftKey(value: unknown): string {
  return (
    JSON.stringify(value, (key, part: unknown) => {
      if (key === 'facts' || key === 'source') return undefined;
      if (part !== null && typeof part === 'object' && 'terms' in part) return dimKey(part as never);
      return part;
    }) ?? ''
  );
}
