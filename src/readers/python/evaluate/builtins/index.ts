import {
  add,
  ceilDiv,
  constant,
  equalDims,
  floorDiv,
  max,
  message,
  min,
  mul,
  valueOf,
  type Dim,
} from '../../../../model';
import type { Interpreter } from '../interpreter';
import { bool, builtin, float, int, namesAsDict, str, tuple } from '../make';
import { changesPerTurn } from '../loops';
import { numberOf, plainText } from '../operators';
import { NONE, mayBeAbsent, restOfDict, type Arguments, type BuiltinValue, type Value } from '../values';

type Run = (I: Interpreter, args: Arguments) => Value | undefined;

/** The builtin of that name; what it can't work out is an unknown. */
export function builtinNamed(I: Interpreter, name: string): Value | undefined {
  const run = FUNCTIONS.get(name);
  if (!run) return EXCEPTIONS.has(name) ? { kind: 'external', name } : undefined;
  return I.cachedBuiltin(name, () => ({
    ...guarded(I, name, run),
    ...(name === 'dict' && {
      attributes: new Map([
        ['fromkeys', builtin('fromkeys', (args) => fromKeys(I, args))],
        ...['__getitem__', '__setitem__', '__delitem__'].map((n): [string, Value] => [n, dictOperator(I, n)]),
      ]),
    }),
  }));
}

/** `dict.__getitem__` and the like, as classes that derive from `dict` borrow them. */
function dictOperator(I: Interpreter, name: string): Value {
  return builtin(name, (args) => {
    const [self, key, item] = args.positional.map((a) => a.value);
    const dict = self?.kind === 'instance' ? self.dict : self;
    if (dict?.kind !== 'dict' || !key)
      return I.unknown(message('`{0}` can’t be worked out.', name), name, args.site);
    if (name === '__getitem__') return I.item(dict, key, args.site);
    if (name === '__setitem__') I.setItem(dict, key, item ?? NONE);
    return NONE;
  });
}

export function guarded(I: Interpreter, name: string, run: Run): BuiltinValue {
  return builtin(name, (args) => {
    const union = args.positional[0]?.value;
    if (union?.kind === 'union' && !TAKE_UNIONS.has(name)) {
      return I.mapUnion(union, (option) =>
        guarded(I, name, run).call({
          ...args,
          positional: [{ ...args.positional[0]!, value: option }, ...args.positional.slice(1)],
        }),
      );
    }
    return (
      run(I, args) ??
      I.dependent(
        args.site,
        [...args.positional, ...args.keywords.values()].map((a) => a.value),
        message('`{0}` can’t be worked out.', I.textOf(args.site)),
      )
    );
  });
}

const TAKE_UNIONS = new Set([
  'isinstance',
  'hasattr',
  'print',
  'bool',
  'setattr',
  'list',
  'tuple',
  'zip',
  'enumerate',
]);
const EXCEPTIONS = new Set([
  'object',
  'Exception',
  'ValueError',
  'TypeError',
  'KeyError',
  'NotImplementedError',
  'RuntimeError',
  'AssertionError',
  'ImportError',
  'ModuleNotFoundError',
  'AttributeError',
  'IndexError',
  'StopIteration',
  'OSError',
  'FileNotFoundError',
  'NotImplemented',
  'DeprecationWarning',
  'UserWarning',
  'Warning',
  'BaseException',
]);

function value(args: Arguments, i: number, name?: string): Value | undefined {
  return (args.positional[i] ?? (name === undefined ? undefined : args.keywords.get(name)))?.value;
}

/** The length of anything that has one. */
export function lengthOf(I: Interpreter, object: Value): Value | undefined {
  switch (object.kind) {
    case 'list':
    case 'tuple': {
      if (object.kind === 'list' && object.set) return setSize(I, object.items);
      let total: Dim = constant(0);
      for (const item of object.items) {
        if (mayBeAbsent(item)) return undefined;
        total = add(total, item.kind === 'repeat' ? item.count : 1);
      }
      return int(total);
    }
    case 'str':
      return int([...object.value].length);
    case 'dict':
      return restOfDict(object) || [...object.entries.values()].some(mayBeAbsent)
        ? undefined
        : int(object.entries.size);
    case 'range': {
      const items = I.items(object);
      if (items) return int(items.length);
      return valueOf(object.start) === 0 && valueOf(object.step) === 1 ? int(object.stop) : undefined;
    }
    case 'tensor':
      return object.shape?.[0] ? int(object.shape[0]) : undefined;
    case 'unknown':
      return I.derive(object, '.len()', object.site);
    case 'instance': {
      const method = I.findAttribute(object, '__len__', object.site);
      if (method) return I.call(method, I.plainArguments([], object.site));
      const held = object.native ?? object.dict;
      return held && lengthOf(I, held);
    }
    default: {
      const items = I.items(object);
      return items && int(items.length);
    }
  }
}

/** How many members a set has: known only when every member is, since equal ones count once. */
function setSize(I: Interpreter, items: readonly Value[]): Value | undefined {
  const keys = items.map((item) => I.keyOf(item));
  return keys.every((key) => key !== undefined) ? int(new Set(keys).size) : undefined;
}

function toInt(object: Value | undefined): Value | undefined {
  if (!object) return int(0);
  const traced = { ...(object.origin && { origin: object.origin }), ...(object.how && { how: object.how }) };
  switch (object.kind) {
    case 'int':
      return object;
    case 'bool':
      return int(object.value ? 1 : 0);
    case 'float': {
      if (object.quotient) return floored(object.quotient, true);
      return object.value === undefined || !Number.isFinite(object.value)
        ? undefined
        : { ...int(Math.trunc(object.value)), ...traced };
    }
    case 'str':
      return /^\s*[+-]?\d+\s*$/.test(object.value)
        ? { ...int(BigInt(object.value.trim())), ...traced }
        : undefined;
    case 'unknown':
      return object;
    case 'tensor':
      return object;
    default:
      return undefined;
  }
}

/** `int()` of an exact quotient: sizes are not negative, so rounding to zero is rounding down. */
function floored(q: { over: Dim; under: Dim }, down: boolean): Value | undefined {
  try {
    return int(down ? floorDiv(q.over, q.under) : ceilDiv(q.over, q.under));
  } catch {
    return undefined;
  }
}

function rounded(how: (n: number) => number, down: boolean): Run {
  return (_, args) => {
    const x = value(args, 0);
    if (x?.kind === 'int' || x?.kind === 'unknown') return x;
    if (x?.kind !== 'float') return undefined;
    if (x.quotient) return floored(x.quotient, down);
    return x.value === undefined ? undefined : int(how(x.value));
  };
}

export const floorFunction = rounded(Math.floor, true);
export const ceilFunction = rounded(Math.ceil, false);

function extreme(pick: typeof max, better: (a: number, b: number) => boolean): Run {
  return (I, args) => {
    const values =
      args.positional.length === 1 ? I.items(args.positional[0]!.value) : args.positional.map((a) => a.value);
    if (!values || values.length === 0) return value(args, 9, 'default');
    const numbers = values.map(numberOf);
    if (numbers.every((n) => n !== undefined)) {
      return values.reduce((best, v) => (better(numberOf(v)!, numberOf(best)!) ? v : best));
    }
    if (values.some((v) => v.kind === 'float' || v.kind === 'str' || v.kind === 'union')) return undefined;
    const dims = values.map((v) => I.dim(v));
    return dims.every((d) => d !== undefined) ? int(pick(...dims)) : undefined;
  };
}

function makeDict(I: Interpreter, args: Arguments): Value {
  const entries = new Map<string, Value>();
  let missing: Value | undefined = args.rest;
  const source = value(args, 0);
  if (source?.kind === 'dict') {
    for (const [k, v] of source.entries) entries.set(k, v);
    missing ??= source.missing;
  } else if (source) {
    const pairs = I.items(source)?.map((pair) => I.items(pair) ?? []);
    const keys = pairs?.map(([k]) => k && I.keyOf(k));
    pairs?.forEach(([, v], i) => keys![i] !== undefined && v && entries.set(keys![i]!, v));
    if (source.kind === 'unknown') missing = source;
    else if (source.kind === 'instance' && source.dict)
      return { ...source.dict, entries: new Map(source.dict.entries) };
    else if (keys === undefined || keys.includes(undefined))
      missing = I.dependent(args.site, [source], message('`{0}` can’t be listed.', I.textOf(args.site)));
  }
  for (const [k, a] of args.keywords) entries.set(`s:${k}`, a.value);
  return { kind: 'dict', entries, ...(missing && { missing }) };
}

function fromKeys(I: Interpreter, args: Arguments): Value {
  const entries = new Map<string, Value>();
  for (const k of I.items(args.positional[0]?.value ?? NONE) ?? []) {
    const key = I.keyOf(k);
    if (key !== undefined) entries.set(key, value(args, 1) ?? NONE);
  }
  return { kind: 'dict', entries };
}

function zipped(I: Interpreter, args: Arguments): Value | undefined {
  const lists = args.positional.map((a) => I.items(a.value));
  if (lists.some((l) => l === undefined)) return zippedRepeats(args);
  const length = Math.min(...lists.map((l) => l!.length));
  return {
    kind: 'list',
    items: Array.from({ length: lists.length === 0 ? 0 : length }, (_, i) => tuple(lists.map((l) => l![i]!))),
  };
}

/** An unknown number of alike pairs, where every list is one repeat of the same length. */
function zippedRepeats(args: Arguments): Value | undefined {
  const repeats = args.positional.map(({ value: list }) => {
    const only =
      (list.kind === 'list' || list.kind === 'tuple') && list.items.length === 1 ? list.items[0] : undefined;
    return only?.kind === 'repeat' ? only : undefined;
  });
  const first = repeats[0];
  if (!first || !repeats.every((r) => r !== undefined && equalDims(r.count, first.count))) return undefined;
  return {
    kind: 'list',
    items: [{ kind: 'repeat', value: tuple(repeats.map((r) => r!.value)), count: first.count }],
  };
}

function typeNames(type: Value | undefined): string[] {
  if (type?.kind === 'builtin' || type?.kind === 'external' || type?.kind === 'class') return [type.name];
  return type?.kind === 'tuple' ? type.items.flatMap(typeNames) : [];
}

const PYTHON_TYPES: Readonly<Record<string, readonly Value['kind'][]>> = {
  int: ['int', 'bool'],
  float: ['float'],
  str: ['str'],
  bool: ['bool'],
  list: ['list'],
  tuple: ['tuple'],
  dict: ['dict'],
  slice: ['slice'],
  range: ['range'],
};

function isInstance(I: Interpreter, object: Value | undefined, type: Value | undefined): Value | undefined {
  if (!object || !type || object.kind === 'unknown' || object.kind === 'union' || type.kind === 'unknown') {
    if (object?.kind === 'union')
      return I.mapUnion(
        object,
        (o) =>
          isInstance(I, o, type) ??
          I.unknown(message('It depends on the data.'), 'isinstance()', object.on[0]?.site, {
            roots: object.on,
            flag: true,
          }),
      );
    return undefined;
  }
  if (type.kind === 'tuple') {
    const answers = type.items.map((t) => isInstance(I, object, t));
    if (answers.some((a) => a?.kind === 'bool' && a.value)) return bool(true);
    return answers.every((a) => a?.kind === 'bool') ? bool(false) : undefined;
  }
  if (type.kind === 'builtin') {
    const held = object.kind === 'instance' && object.dict ? 'dict' : object.kind;
    return bool((PYTHON_TYPES[type.name] ?? []).includes(held));
  }
  if (object.kind === 'instance') {
    if (type.kind === 'class') return bool(object.cls.order.includes(type));
    if (type.kind === 'external')
      return bool(
        object.cls.order.some((b) => b.kind === 'external' && b.name === type.name) ||
          object.native?.type === type.name,
      );
  }
  if (object.kind === 'object') {
    if (type.kind === 'external')
      return I.plugin(object.plugin)?.isKind?.(object, type.name) ?? bool(object.type === type.name);
    return bool(false);
  }
  if (type.kind === 'external' && object.kind === 'external') return undefined;
  return type.kind === 'class' || object.kind !== 'tensor' ? bool(false) : undefined;
}

function getAttribute(I: Interpreter, args: Arguments): Value | undefined {
  const [object, name, fallback] = [value(args, 0), value(args, 1), value(args, 2)];
  if (!object || !name) return undefined;
  if (name.kind === 'union')
    return I.mapUnion(name, (n) =>
      getAttribute(I, {
        ...args,
        positional: [args.positional[0]!, { ...args.positional[1]!, value: n }, ...args.positional.slice(2)],
      })!,
    );
  if (name.kind !== 'str') {
    const roots = I.rootsOf(name);
    const reason =
      object.kind === 'external'
        ? message(
            'Which part of `{0}` it is depends on `{1}`.',
            object.name,
            roots[0]?.name ?? I.textOf(args.positional[1]!.site),
          )
        : message(
            'Which attribute it is depends on `{0}`.',
            roots[0]?.name ?? I.textOf(args.positional[1]!.site),
          );
    return I.unknown(reason, I.textOf(args.site), args.site, { roots, maybeModule: true });
  }
  return (
    I.findAttribute(object, name.value, args.site) ?? fallback ?? I.attribute(object, name.value, args.site)
  );
}

function hasAttribute(I: Interpreter, args: Arguments): Value | undefined {
  const [object, name] = [value(args, 0), value(args, 1)];
  if (!object || name?.kind !== 'str' || object.kind === 'unknown' || object.kind === 'union')
    return undefined;
  return bool(I.findAttribute(object, name.value, args.site) !== undefined);
}

function summed(I: Interpreter, args: Arguments): Value | undefined {
  const list = value(args, 0);
  let total: Value = value(args, 1, 'start') ?? int(0);
  const items = list?.kind === 'list' || list?.kind === 'tuple' ? list.items : list && I.items(list);
  if (!items) return undefined;
  for (const item of items) {
    if (mayBeAbsent(item)) return undefined;
    if (item.kind === 'repeat') {
      const d = I.dim(item.value);
      // One that is another in each turn is no factor.
      if (!d || item.value.kind === 'union' || changesPerTurn(I, item.value)) return undefined;
      total = I.binary('+', total, int(mul(d, item.count)), args.site);
    } else total = I.binary('+', total, item, args.site);
  }
  return total;
}

function sorted(I: Interpreter, args: Arguments): Value | undefined {
  const items = I.items(value(args, 0) ?? NONE);
  if (!items || args.keywords.has('key')) return undefined;
  // Of pairs the first decides, unless two are alike.
  const keys = items.map((item) => {
    const first = item.kind === 'tuple' && item.items.length > 0 ? item.items[0]! : item;
    return first.kind === 'str' ? first.value : numberOf(first);
  });
  if (keys.some((k) => k === undefined || typeof k !== typeof keys[0])) return undefined;
  if (items.some((i) => i.kind === 'tuple') && new Set(keys).size < keys.length) return undefined;
  const order = items
    .map((_, i) => i)
    .sort((i, j) => (keys[i]! < keys[j]! ? -1 : keys[i]! > keys[j]! ? 1 : 0));
  const reverse = args.keywords.get('reverse')?.value;
  const backwards = reverse ? I.truth(reverse) : false;
  if (typeof backwards !== 'boolean') return undefined;
  if (backwards) order.reverse();
  return { kind: 'list', items: order.map((i) => items[i]!) };
}

function asList(
  I: Interpreter,
  source: Value | undefined,
  kind: 'list' | 'tuple',
  set = false,
): Value | undefined {
  if (!source)
    return kind === 'list' ? { kind, items: [], ...(set && { set: true as const }) } : { kind, items: [] };
  if (source.kind === 'unknown') return source;
  const items = source.kind === 'list' || source.kind === 'tuple' ? source.items : I.items(source);
  if (!items) return undefined;
  const distinct = set
    ? items.filter((item, i) => !items.slice(0, i).some((other) => I.equal(other, item) === true))
    : [...items];
  return kind === 'list'
    ? { kind, items: distinct, ...(set && { set: true as const }) }
    : { kind, items: distinct };
}

function range(I: Interpreter, args: Arguments): Value | undefined {
  const dims = args.positional.map((a) => I.dim(a.value));
  if (dims.length === 0 || dims.some((d) => d === undefined)) return undefined;
  const [a, b, c] = dims as [Dim, Dim?, Dim?];
  return b
    ? { kind: 'range', start: a, stop: b, step: c ?? constant(1) }
    : { kind: 'range', start: constant(0), stop: a, step: constant(1) };
}

function round(_: Interpreter, args: Arguments): Value | undefined {
  const x = value(args, 0);
  const n = x && numberOf(x);
  if (n === undefined) return x?.kind === 'int' ? x : undefined;
  const digits = args.positional[1] ? numberOf(args.positional[1].value) : 0;
  if (digits === undefined) return undefined;
  if (digits > 0) return float(Number(n.toFixed(digits)));
  // Python rounds halves to even.
  const down = Math.floor(n);
  const half = n - down === 0.5;
  return int(half ? (down % 2 === 0 ? down : down + 1) : Math.round(n));
}

function allOrAny(all: boolean): Run {
  return (I, args) => {
    const items = I.items(value(args, 0) ?? NONE);
    if (!items) return undefined;
    const answers = items.map((item) => I.truth(item));
    if (answers.some((a) => a === !all)) return bool(!all);
    return answers.every((a) => a === all) ? bool(all) : undefined;
  };
}

function enumerate(I: Interpreter, args: Arguments): Value | undefined {
  const source = value(args, 0);
  const start = numberOf(value(args, 1, 'start') ?? int(0)) ?? 0;
  if (source?.kind === 'list' && source.items.length === 1 && source.items[0]!.kind === 'repeat') {
    const { value: item, count } = source.items[0]!;
    return {
      kind: 'list',
      items: [
        {
          kind: 'repeat',
          value: tuple([
            I.unknown(message('It is the index of a loop of unknown length.'), 'i', args.site, {
              numeric: true,
            }),
            item,
          ]),
          count,
        },
      ],
    };
  }
  const items = source && I.items(source);
  return items && { kind: 'list', items: items.map((item, i) => tuple([int(start + i), item])) };
}

function mapped(I: Interpreter, args: Arguments): Value | undefined {
  const fn = value(args, 0);
  const lists = args.positional.slice(1).map((a) => I.items(a.value));
  if (!fn || lists.some((l) => l === undefined)) return undefined;
  const length = Math.min(...lists.map((l) => l!.length));
  return {
    kind: 'list',
    items: Array.from({ length }, (_, i) =>
      I.call(
        fn,
        I.plainArguments(
          lists.map((l) => l![i]!),
          args.site,
        ),
      ),
    ),
  };
}

const FUNCTIONS: ReadonlyMap<string, Run> = new Map<string, Run>([
  ['len', (I, args) => value(args, 0) && lengthOf(I, value(args, 0)!)],
  ['int', (_, args) => toInt(value(args, 0))],
  [
    'float',
    (_, args) => {
      const x = value(args, 0);
      const n = x?.kind === 'str' && x.value.trim() !== '' ? Number(x.value) : x && numberOf(x);
      if (n !== undefined && !Number.isNaN(n)) return { ...float(n), ...(x?.origin && { origin: x.origin }) };
      return x?.kind === 'int'
        ? { kind: 'float', quotient: { over: x.dim, under: constant(1) } }
        : x?.kind === 'float' || x?.kind === 'unknown'
          ? x
          : undefined;
    },
  ],
  [
    'str',
    (I, args) => {
      const text = plainText(value(args, 0));
      if (text !== undefined) return str(text);
      const method = args.positional[0] && I.findAttribute(args.positional[0].value, '__str__', args.site);
      return method?.kind === 'builtin' ? I.call(method, I.plainArguments([], args.site)) : undefined;
    },
  ],
  [
    'bool',
    (I, args) => {
      const x = value(args, 0);
      const answer = x ? I.truth(x) : false;
      return typeof answer === 'boolean' ? bool(answer) : x;
    },
  ],
  [
    'abs',
    (_, args) =>
      numberOf(value(args, 0) ?? NONE) === undefined
        ? undefined
        : Number.isInteger(numberOf(value(args, 0)!)) && value(args, 0)!.kind !== 'float'
          ? int(Math.abs(numberOf(value(args, 0)!)!))
          : float(Math.abs(numberOf(value(args, 0)!)!)),
  ],
  ['round', round],
  ['min', extreme(min, (a, b) => a < b)],
  ['max', extreme(max, (a, b) => a > b)],
  ['sum', summed],
  [
    'pow',
    (I, args) =>
      args.positional.length === 2 ? I.binary('**', value(args, 0)!, value(args, 1)!, args.site) : undefined,
  ],
  ['range', range],
  ['xrange', range],
  ['list', (I, args) => asList(I, value(args, 0), 'list')],
  ['tuple', (I, args) => asList(I, value(args, 0), 'tuple')],
  ['set', (I, args) => asList(I, value(args, 0), 'list', true)],
  ['frozenset', (I, args) => asList(I, value(args, 0), 'list', true)],
  ['iter', (_, args) => value(args, 0)],
  ['dict', makeDict],
  ['zip', zipped],
  ['enumerate', enumerate],
  ['map', mapped],
  [
    'filter',
    (I, args) => {
      const [fn, list] = [value(args, 0), value(args, 1)];
      const items = list && I.items(list);
      if (!items || !fn) return undefined;
      const answers = items.map((item) =>
        I.truth(fn.kind === 'none' ? item : I.call(fn, I.plainArguments([item], args.site))),
      );
      return answers.every((a) => typeof a === 'boolean')
        ? { kind: 'list', items: items.filter((_, i) => answers[i] === true) }
        : undefined;
    },
  ],
  ['sorted', sorted],
  [
    'reversed',
    (I, args) => {
      const items = I.items(value(args, 0) ?? NONE);
      return items && { kind: 'list', items: [...items].reverse() };
    },
  ],
  ['all', allOrAny(true)],
  ['any', allOrAny(false)],
  ['isinstance', (I, args) => isInstance(I, value(args, 0), value(args, 1))],
  [
    'issubclass',
    (_, args) => {
      const [a, b] = [value(args, 0), value(args, 1)];
      if (a?.kind !== 'class') return undefined;
      return bool(
        a.order.some((base) => base === b || (base.kind === 'external' && typeNames(b).includes(base.name))),
      );
    },
  ],
  ['getattr', getAttribute],
  ['hasattr', hasAttribute],
  [
    'setattr',
    (I, args) => {
      const [object, name, v] = [value(args, 0), value(args, 1), value(args, 2)];
      if (object && v) {
        if (name?.kind === 'str') I.setAttribute(object, name.value, v);
        else if (name) I.setUnnamed(object, args.positional[1]!.site, v);
      }
      return NONE;
    },
  ],
  [
    'delattr',
    (I, args) => {
      const [object, name] = [value(args, 0), value(args, 1)];
      if (object && name?.kind === 'str') I.deleteAttribute(object, name.value);
      return NONE;
    },
  ],
  [
    'callable',
    (_, args) =>
      value(args, 0)?.kind === 'unknown'
        ? undefined
        : bool(
            ['function', 'method', 'builtin', 'class', 'external', 'object'].includes(
              value(args, 0)?.kind ?? '',
            ),
          ),
  ],
  ['type', (_, args) => typeOf(value(args, 0))],
  [
    'vars',
    (I, args) => args.positional[0] && I.findAttribute(args.positional[0].value, '__dict__', args.site),
  ],
  [
    'globals',
    (I) => {
      I.tie();
      return namesAsDict(I.main.names);
    },
  ],
  ['print', () => NONE],
  ['id', (I, args) => value(args, 0) && int(1) && I.unknown(message('It depends on the run.'), 'id()')],
  [
    'slice',
    (_, args) => ({
      kind: 'slice',
      lower: value(args, 0) ?? NONE,
      upper: value(args, 1) ?? NONE,
      step: value(args, 2) ?? NONE,
    }),
  ],
  [
    'next',
    (I, args) => {
      const items = I.items(value(args, 0) ?? NONE);
      return items ? (items[0] ?? value(args, 1)) : undefined;
    },
  ],
  [
    'divmod',
    (I, args) =>
      args.positional.length === 2
        ? tuple([
            I.binary('//', value(args, 0)!, value(args, 1)!, args.site),
            I.binary('%', value(args, 0)!, value(args, 1)!, args.site),
          ])
        : undefined,
  ],
  [
    'repr',
    (_, args) =>
      value(args, 0)?.kind === 'str' ? str(`'${(value(args, 0) as { value: string }).value}'`) : undefined,
  ],
  [
    'ord',
    (_, args) =>
      value(args, 0)?.kind === 'str' && (value(args, 0) as { value: string }).value !== ''
        ? int((value(args, 0) as { value: string }).value.codePointAt(0)!)
        : undefined,
  ],
  [
    'chr',
    (_, args) =>
      numberOf(value(args, 0) ?? NONE) === undefined
        ? undefined
        : str(String.fromCodePoint(numberOf(value(args, 0)!)!)),
  ],
  ['open', (I, args) => I.opened(args)],
  ['input', () => undefined],
  ['super', () => undefined],
  ['hash', () => undefined],
  ['dir', () => undefined],
  ['eval', () => undefined],
  ['exec', () => NONE],
  ['__import__', () => undefined],
  ['staticmethod', (_, args) => value(args, 0)],
  ['classmethod', (_, args) => value(args, 0)],
  [
    'property',
    (_, args) => {
      const [getter, setter] = [value(args, 0, 'fget'), value(args, 1, 'fset')];
      if (getter?.kind !== 'function') return undefined;
      return { ...getter, wrapper: 'property', ...(setter?.kind === 'function' && { setter }) };
    },
  ],
]);

function typeOf(object: Value | undefined): Value | undefined {
  if (object?.kind === 'instance') return object.cls;
  if (object?.kind === 'object') return { kind: 'external', name: object.type };
  return undefined;
}
