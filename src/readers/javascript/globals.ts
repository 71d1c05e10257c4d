import { max as maxDim, min as minDim, valueOf } from '../../model';
import type { Evaluator } from './evaluator';
import { number, text } from './evaluator';
import { dimOf } from './expressions';
import { type NativeValue, type Scope, type Site, UNDEFINED, type Value } from './values';

/** The names of the language that matter for sizes. */
export function globalScope(E: Evaluator): Scope {
  const names = new Map<string, Value>();
  names.set(
    'Math',
    object({ ...rounding(E), max: extreme(E, maxDim), min: extreme(E, minDim), pow: power(E) }),
  );
  names.set(
    'Array',
    object({
      isArray: native('isArray', ([v]) =>
        v?.kind === 'unknown' ? v : { kind: 'bool', value: v?.kind === 'array' },
      ),
      from: native('from', ([source, fn], site) => arrayFrom(E, source, fn, site)),
    }),
  );
  names.set(
    'Object',
    object({
      keys: native('keys', ([v]) => list(v?.kind === 'object' ? [...v.fields.keys()].map(text) : [])),
      values: native('values', ([v]) => list(v?.kind === 'object' ? [...v.fields.values()] : [])),
      assign: native('assign', (args) => merged(args)),
    }),
  );
  const toNumber = native('Number', ([v], site) => numeric(E, v, site));
  for (const name of ['Number', 'parseInt', 'parseFloat']) names.set(name, toNumber);
  names.set('console', object({ log: native('log', () => UNDEFINED) }));
  return { names };
}

function object(fields: Readonly<Record<string, Value>>): Value {
  return { kind: 'object', fields: new Map(Object.entries(fields)), facts: new Map() };
}

function native(name: string, call: NativeValue['call']): NativeValue {
  return { kind: 'native', name, call };
}

function list(items: Value[]): Value {
  return { kind: 'array', items };
}

function cannot(E: Evaluator, site: Site, ...parts: readonly (Value | undefined)[]): Value {
  return E.derived(site, parts);
}

function rounding(E: Evaluator): Record<string, Value> {
  return Object.fromEntries(
    (['floor', 'ceil', 'round', 'trunc', 'abs', 'sqrt', 'log2'] as const).map((name) => [
      name,
      native(name, ([v], site) => {
        const n = v?.kind === 'number' ? (v.float ?? (v.dim && valueOf(v.dim))) : undefined;
        return n === undefined ? cannot(E, site, v) : number(Math[name](n));
      }),
    ]),
  );
}

function extreme(E: Evaluator, of: typeof maxDim): Value {
  return native('extreme', (args, site) => {
    const dims = args.map((a) => dimOf(E, a));
    return dims.length > 0 && dims.every((d) => d !== undefined)
      ? { kind: 'number', dim: of(...dims) }
      : cannot(E, site, ...args);
  });
}

function power(E: Evaluator): Value {
  return native('pow', ([a, b], site) => {
    const [x, y] = [a, b].map((v) =>
      v?.kind === 'number' ? (v.float ?? (v.dim && valueOf(v.dim))) : undefined,
    );
    return x === undefined || y === undefined ? cannot(E, site, a, b) : number(x ** y);
  });
}

function numeric(E: Evaluator, v: Value | undefined, site: Site): Value {
  if (v?.kind === 'number') return v;
  if (v?.kind === 'string' && !Number.isNaN(Number(v.value))) return number(Number(v.value));
  return cannot(E, site, v);
}

function arrayFrom(E: Evaluator, source: Value | undefined, fn: Value | undefined, site: Site): Value {
  const length = source?.kind === 'object' ? source.fields.get('length') : undefined;
  const n = length?.kind === 'number' && length.dim ? valueOf(length.dim) : undefined;
  const items =
    source?.kind === 'array'
      ? source.items
      : n !== undefined && n <= 1_000
        ? Array.from({ length: n }, () => UNDEFINED)
        : undefined;
  if (!items) return cannot(E, site, source);
  return list(fn ? items.map((item, i) => E.parts.call(E, fn, [item, number(i)], site)) : [...items]);
}

function merged(args: readonly Value[]): Value {
  const fields = new Map<string, Value>();
  for (const arg of args) if (arg.kind === 'object') for (const [k, v] of arg.fields) fields.set(k, v);
  return { kind: 'object', fields, facts: new Map() };
}
