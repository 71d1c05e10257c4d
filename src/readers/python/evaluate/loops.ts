import {
  add,
  equalDims,
  message,
  mul,
  sub,
  symbolsIn,
  valueOf,
  type Dim,
  type LayerCall,
} from '../../../model';
import type { Site } from '../parse/text';
import type { Interpreter } from './interpreter';
import { int } from './make';
import { alike, sameCalls, sameValue } from './join';
import type { Cell, Effects, Saved } from './journal';
import {
  ABSENT,
  isGraphTensor,
  mayBeAbsent,
  type ObjectValue,
  type UnknownValue,
  type Uses,
  type Value,
} from './values';

/** Loops up to this long run as written; longer ones, and those of unknown length, run three times and are generalised. */
const UNROLLED = 64;
const MAX_ITEMS = 2048;

type Body = (item: Value) => 'stop' | void;

/**
 * Runs `body` for every item. `collected` is a list the body appends to that the journal does not know (a comprehension's
 * result); it is generalised as well.
 */
export function eachItem(
  I: Interpreter,
  iterable: Value,
  site: Site,
  collected: Value[] | undefined,
  body: Body,
): void {
  if (iterable.kind === 'union') {
    const options = iterable.options.map((o) => I.items(o));
    if (options.every((o) => o !== undefined)) {
      const length = Math.max(...options.map((o) => o!.length));
      for (let i = 0; i < length && I.spend(); i++) {
        const before = collected?.length ?? 0;
        const item = I.union(
          options.map((o) => o![i] ?? { kind: 'absent' }),
          iterable.on,
        );
        body(
          item.kind === 'union'
            ? I.union(
                item.options.filter((o) => o.kind !== 'absent'),
                item.on,
              )
            : item,
        );
        if (collected && options.some((o) => o![i] === undefined)) {
          for (let k = before; k < collected.length; k++)
            collected[k] = I.union([collected[k]!, { kind: 'absent' }], iterable.on);
        }
      }
      return;
    }
  }
  const length = knownLength(I, iterable);
  if (length !== undefined && length <= UNROLLED) return unrolled(I, iterable, collected, body);
  const sequence = sequenceOf(I, iterable, site);
  if (length !== undefined) {
    I.journal.open();
    const start = collected?.length ?? 0;
    const even = generalised(I, sequence.at, sequence.count, collected, body);
    if (even || length > MAX_ITEMS) return I.journal.close();
    I.journal.undo();
    I.journal.close();
    if (collected) collected.length = start;
    return unrolled(I, iterable, collected, body);
  }
  generalised(I, sequence.at, sequence.count, collected, body);
}

function knownLength(I: Interpreter, iterable: Value): number | undefined {
  if (iterable.kind === 'range') return rangeLength(iterable);
  if (iterable.kind === 'list' || iterable.kind === 'tuple') return iterable.items.length;
  return I.items(iterable)?.length;
}

function rangeLength(range: Value & { kind: 'range' }): number | undefined {
  const [start, stop, step] = [valueOf(range.start), valueOf(range.stop), valueOf(range.step)];
  if (start === undefined || stop === undefined || step === undefined || step === 0) return undefined;
  return Math.max(0, Math.ceil((stop - start) / step));
}

function unrolled(I: Interpreter, iterable: Value, collected: Value[] | undefined, body: Body): void {
  const items =
    iterable.kind === 'list' || iterable.kind === 'tuple' ? iterable.items : (I.items(iterable) ?? []);
  for (const item of [...items]) {
    if (!I.spend()) return;
    if (item.kind === 'repeat') {
      const { value, count } = item;
      generalised(I, () => value, count, collected, body);
    } else if (item.kind === 'union' && item.options.some((o) => o.kind === 'absent')) {
      // An item that may not be there: the body may not run for it.
      const before = collected?.length ?? 0;
      body(
        I.union(
          item.options.filter((o) => o.kind !== 'absent'),
          item.on,
        ),
      );
      if (collected)
        for (let k = before; k < collected.length; k++)
          collected[k] = I.union([collected[k]!, { kind: 'absent' }], item.on);
    } else if (body(item) === 'stop') return;
  }
}

/** The `k`-th item, and any item after the second, of something whose length is a formula. */
function sequenceOf(
  I: Interpreter,
  iterable: Value,
  site: Site,
): { count: Dim; at: (k: number | 'any') => Value } {
  if (iterable.kind === 'range') {
    const { start, stop, step } = iterable;
    const stepValue = valueOf(step) ?? 1;
    const span = stepValue < 0 ? sub(start, stop) : sub(stop, start);
    const size = Math.abs(stepValue);
    const count = size === 1 ? span : I.ceilQuotient(span, size);
    return { count, at: (k) => int(add(start, mul(step, k === 'any' ? anyIndex(I, site) : k))) };
  }
  if (iterable.kind === 'tensor') {
    const length = I.callMethod(iterable, 'size', [int(0)], site);
    const count =
      I.dim(length) ??
      I.dim(
        I.unknown(
          message('The length of `{0}` depends on the data.', I.textOf(site)),
          `len(${I.textOf(site)})`,
          site,
          { shapeless: true },
        ),
      )!;
    return { count, at: () => I.item(iterable, int(0), site) };
  }
  if (iterable.kind === 'list' && iterable.items.length === 1 && iterable.items[0]!.kind === 'repeat') {
    const { value, count } = iterable.items[0]!;
    return { count, at: () => value };
  }
  const items = I.items(iterable);
  if (items) {
    return { count: int(items.length).dim, at: (k) => items[k === 'any' ? 2 : k] ?? items.at(-1)! };
  }
  const unknown =
    iterable.kind === 'unknown'
      ? iterable
      : I.dependent(site, [iterable], message('`{0}` can’t be listed.', I.textOf(site)));
  const length = I.derive(unknown, '.len()', site);
  return {
    count: I.dim(length) ?? I.symbolDim(I.symbolFor(unknown)),
    at: (k) => I.derive(unknown, `[${k === 'any' ? 'i' : k}]`, site),
  };
}

function anyIndex(I: Interpreter, site: Site): Dim {
  return I.dim(
    I.unknown(message('It is the index of a loop of unknown length.'), 'i', site, {
      numeric: true,
      atLeast: 2,
    }),
  )!;
}

/**
 * Runs the body for the first item, the second, and any later one, and generalises what it does: alike results of the
 * second and the later are one result `count - 1` times, and with an alike first `count` times.
 * @returns whether all that matters in a model was alike
 */
function generalised(
  I: Interpreter,
  at: (k: number | 'any') => Value,
  count: Dim,
  collected: Value[] | undefined,
  body: Body,
): boolean {
  const runs: Effects[] = [];
  const lengths = [collected?.length ?? 0];
  I.journal.open();
  for (const k of [0, 1, 'any'] as const) {
    I.journal.open();
    const stopped = body(at(k)) === 'stop';
    runs.push(I.journal.effects());
    I.journal.close();
    lengths.push(collected?.length ?? 0);
    if (stopped) {
      I.journal.close();
      return true;
    }
  }
  const cells = new Set(runs.flatMap((r) => [...r.keys()]));
  let even = true;
  for (const cell of cells) {
    const before = I.journal.before(cell);
    const [a, b, c] = states(before, runs, cell);
    const result = generaliseCell(I, cell, before, a, b, c, count);
    I.journal.replace(cell, result.saved);
    even &&= result.even;
  }
  I.journal.close();
  if (collected) {
    const [s, a, b] = lengths as [number, number, number, number];
    const tail = generaliseTails(I, collected.slice(s, a), collected.slice(a, b), collected.slice(b), count);
    collected.length = s;
    collected.push(...tail.items);
    even &&= tail.even;
  }
  return even;
}

function states(before: Saved, runs: readonly Effects[], cell: Cell): [Saved, Saved, Saved] {
  const list: Saved[] = [];
  let last = before;
  for (const run of runs) {
    last = run.get(cell) ?? last;
    list.push(last);
  }
  return list as [Saved, Saved, Saved];
}

function generaliseCell(
  I: Interpreter,
  cell: Cell,
  before: Saved,
  a: Saved,
  b: Saved,
  c: Saved,
  count: Dim,
): { saved: Saved; even: boolean } {
  if (cell instanceof Map)
    return generaliseNames(I, before as never, a as never, b as never, c as never, count);
  if (Array.isArray(cell)) {
    const [s, x, y, z] = [before, a, b, c] as unknown as Value[][] as [Value[], Value[], Value[], Value[]];
    if (!(s.length <= x.length && x.length <= y.length && y.length <= z.length))
      return { saved: z, even: false };
    const tail = generaliseTails(I, x.slice(s.length), y.slice(x.length), z.slice(y.length), count);
    return { saved: [...x.slice(0, s.length), ...tail.items], even: tail.even };
  }
  return { saved: generaliseUses(before as Uses, a as Uses, b as Uses, c as Uses, count), even: true };
}

function generaliseTails(
  I: Interpreter,
  a: readonly Value[],
  b: readonly Value[],
  c: readonly Value[],
  count: Dim,
): { items: Value[]; even: boolean } {
  const repeat = (values: readonly Value[], times: Dim): Value[] =>
    values.map((value) => ({ kind: 'repeat', value, count: times }));
  if (!alikeLists(b, c))
    return {
      items: [
        ...a,
        ...b,
        ...repeat(
          c.map((v) => uneven(I, v, count)),
          sub(count, 2),
        ),
      ],
      even: !matters([...a, ...b, ...c]),
    };
  if (alikeLists(a, b)) return { items: repeat(a, count), even: true };
  return { items: [...a, ...repeat(b, sub(count, 1))], even: true };
}

function alikeLists(a: readonly Value[], b: readonly Value[]): boolean {
  return a.length === b.length && a.every((value, i) => alikeValues(value, b[i]!));
}

/** A value that changes from turn to turn: unknown. Something with weights stays known to have some. */
function uneven(I: Interpreter, value: Value, count: Dim): Value {
  if (!matters([value]) && !mentionsIndex(I, value)) return value;
  const reason = message(
    'It changes from one turn of a loop to the next, and the number of turns is not known.',
  );
  const roots = I.rootsOf(int(count));
  const unknown = I.unknown(reason, I.describe(value), I.siteOf(value), {
    roots,
    perTurn: true,
    ...(matters([value]) && { maybeModule: true }),
  });
  return mayBeAbsent(value) ? I.union([unknown, ABSENT], roots) : unknown;
}

/** Does a value stand for another one in each turn of the loop that made it? */
export function changesPerTurn(I: Interpreter, value: Value): boolean {
  const turns = (u: UnknownValue | undefined) => u?.atLeast !== undefined || u?.perTurn === true;
  if (value.kind === 'unknown') return turns(value) || value.roots.some(turns);
  return value.kind === 'int' && [...symbolsIn(value.dim)].some((name) => turns(I.unknownOf(name)));
}

function mentionsIndex(I: Interpreter, value: Value): boolean {
  if (value.kind === 'tuple' || value.kind === 'list') return value.items.some((v) => mentionsIndex(I, v));
  return value.kind === 'int' && I.rootsOf(value).some((u) => u.atLeast !== undefined);
}

function matters(values: readonly Value[]): boolean {
  return values.some(
    (v) =>
      v.kind === 'object' ||
      v.kind === 'instance' ||
      v.kind === 'union' ||
      (v.kind === 'tuple' && matters(v.items)) ||
      (v.kind === 'repeat' && matters([v.value])),
  );
}

function generaliseNames(
  I: Interpreter,
  before: ReadonlyMap<string, Value>,
  a: ReadonlyMap<string, Value>,
  b: ReadonlyMap<string, Value>,
  c: ReadonlyMap<string, Value>,
  count: Dim,
): { saved: Saved; even: boolean } {
  const names = new Map(c);
  let even = true;
  const added = (now: ReadonlyMap<string, Value>, then: ReadonlyMap<string, Value>) =>
    [...now.keys()].filter((k) => !then.has(k));
  const [ka, kb, kc] = [added(a, before), added(b, a), added(c, b)];
  const values = (keys: readonly string[], map: ReadonlyMap<string, Value>) => keys.map((k) => map.get(k)!);
  if (kb.length > 0 || kc.length > 0) {
    if (alikeLists(values(kb, b), values(kc, c))) {
      for (const k of kc) names.delete(k);
      if (alikeLists(values(ka, a), values(kb, b))) {
        for (const k of kb) names.delete(k);
        for (const k of ka) names.set(k, { kind: 'repeat', value: a.get(k)!, count });
      } else for (const k of kb) names.set(k, { kind: 'repeat', value: b.get(k)!, count: sub(count, 1) });
    } else {
      const important = matters([...values(ka, a), ...values(kb, b), ...values(kc, c)]);
      even &&= !important;
      if (important)
        for (const k of kc)
          names.set(k, { kind: 'repeat', value: uneven(I, c.get(k)!, count), count: sub(count, 2) });
    }
  }
  for (const [name, first] of a) {
    const [second, third] = [b.get(name), c.get(name)];
    if (second === undefined || third === undefined || (sameValue(second, third) && sameValue(first, second)))
      continue;
    if (!names.has(name)) continue;
    if (isGraphTensor(third)) even = false;
    if (before.has(name) || !kb.includes(name))
      names.set(name, settled(I, name, first, second, third, count));
  }
  return { saved: names, even };
}

/** What a variable is after the loop, from its values after the first, second and a later turn. */
function settled(I: Interpreter, name: string, a: Value, b: Value, c: Value, count: Dim): Value {
  if (isGraphTensor(c) && !sameValue(b, c)) {
    return I.tensor(undefined, message('It is made in a loop whose number of turns is not known.'));
  }
  if (sameValue(b, c) || alikeValues(b, c)) return c;
  if (a.kind === 'int' && b.kind === 'int' && c.kind === 'int') {
    const step = sub(b.dim, a.dim);
    if (equalDims(step, sub(c.dim, b.dim))) return int(add(a.dim, mul(step, sub(count, 1))));
  }
  if (
    a.kind === 'list' &&
    b.kind === 'list' &&
    c.kind === 'list' &&
    a.items.length <= b.items.length &&
    b.items.length <= c.items.length
  ) {
    const grown = b.items.length - a.items.length;
    const start = a.items.length - grown;
    if (start >= 0) {
      const tail = generaliseTails(
        I,
        a.items.slice(start),
        b.items.slice(a.items.length),
        c.items.slice(b.items.length),
        count,
      );
      return { kind: 'list', items: [...a.items.slice(0, start), ...tail.items] };
    }
  }
  if (c.kind === 'unknown' || c.kind === 'tensor')
    return c.kind === 'tensor' ? I.tensor(undefined, message('Its shape changes in a loop.')) : c;
  if (!['int', 'float', 'bool', 'str', 'tuple', 'none', 'union'].includes(c.kind)) return c;
  return I.unknown(
    message('`{0}` changes in a loop whose number of turns is not known.', name),
    name,
    undefined,
    { roots: I.rootsOf({ kind: 'int', dim: count }) },
  );
}

/** Whether two values count the same in a model. */
export function alikeValues(a: Value, b: Value, depth = 0): boolean {
  if (sameValue(a, b)) return true;
  if (depth > 12 || a.kind !== b.kind) return false;
  if (a.kind === 'object') {
    const other = b as ObjectValue;
    return alike(a, other) && alikeNames(a.names, other.names, depth);
  }
  if (a.kind === 'instance') {
    const other = b as typeof a;
    if (a.cls !== other.cls) return false;
    if ((a.native === undefined) !== (other.native === undefined)) return false;
    if (a.native && !alikeValues(a.native, other.native!, depth + 1)) return false;
    return alikeNames(a.names, other.names, depth);
  }
  if (a.kind === 'list' || a.kind === 'tuple') {
    const items = (b as typeof a).items;
    return (
      a.items.length === items.length && a.items.every((item, i) => alikeValues(item, items[i]!, depth + 1))
    );
  }
  if (a.kind === 'repeat')
    return (
      equalDims(a.count, (b as typeof a).count) && alikeValues(a.value, (b as typeof a).value, depth + 1)
    );
  if (a.kind === 'union') {
    const options = (b as typeof a).options;
    return (
      a.options.length === options.length && a.options.every((o, i) => alikeValues(o, options[i]!, depth + 1))
    );
  }
  return a.kind === 'dict' ? alikeNames(a.entries, (b as typeof a).entries, depth) : a.kind === 'tensor';
}

function alikeNames(a: ReadonlyMap<string, Value>, b: ReadonlyMap<string, Value>, depth: number): boolean {
  const [x, y] = [[...a].filter(([, v]) => matters([v])), [...b].filter(([, v]) => matters([v]))];
  return x.length === y.length && x.every(([, value], i) => alikeValues(value, y[i]![1], depth + 1));
}

function generaliseUses(before: Uses, a: Uses, b: Uses, c: Uses, count: Dim): Uses {
  const start = before.calls.length;
  const [x, y, z] = [a.calls.slice(start), b.calls.slice(a.calls.length), c.calls.slice(b.calls.length)];
  const times = (calls: readonly LayerCall[], n: Dim): LayerCall[] =>
    calls.map((call) => ({ ...call, times: mul(call.times, n) }));
  const head = c.calls.slice(0, start);
  if (sameCalls(y, z)) {
    const rest = sameCalls(x, y) ? times(x, count) : [...x, ...times(y, sub(count, 1))];
    return { calls: [...head, ...rest], ...(c.unclear && { unclear: c.unclear }) };
  }
  return {
    calls: [...head, ...x],
    unclear: c.unclear ?? message('Its use changes from one turn of a loop to the next.'),
  };
}
