import { constant, add, message, valueOf, type Dim } from '../../../../model';
import type { Host } from '../../evaluate/host';
import { spread } from '../../evaluate/expressions';
import type { Interpreter } from '../../evaluate/interpreter';
import { popListItem } from '../../evaluate/list-edits';
import { builtin, int, str, tuple } from '../../evaluate/make';
import {
  NONE,
  mayBeAbsent,
  type Arguments,
  type ListValue,
  type ObjectValue,
  type Value,
} from '../../evaluate/values';
import { dataOf, type TorchData } from './layer';

const KINDS: Readonly<Record<string, TorchData['container']>> = {
  Sequential: 'sequential',
  ModuleList: 'list',
  ModuleDict: 'dict',
  ParameterList: 'parameters',
  ParameterDict: 'dict',
};

export function containerKind(name: string): TorchData['container'] {
  return KINDS[name];
}

/** `nn.Sequential(a, b)`, `nn.Sequential(OrderedDict(…))`, `nn.ModuleList([…])`, `nn.ModuleDict({…})` */
export function makeContainer(
  type: string,
  kind: NonNullable<TorchData['container']>,
  args: Arguments,
  host: Host,
): ObjectValue {
  const object = host.object('pytorch', type, args.site, undefined, { container: kind } satisfies TorchData);
  fillContainer(object, args, host);
  return object;
}

export function fillContainer(object: ObjectValue, args: Arguments, host: Host): void {
  const { container } = dataOf(object);
  const first = args.positional[0]?.value ?? [...args.keywords.values()][0]?.value;
  if (args.rest) append(object, args.rest, host);
  if (container === 'dict' || (container === 'sequential' && first?.kind === 'dict')) {
    if (first) update(object, first, host);
    return;
  }
  if (container === 'sequential') {
    for (const argument of args.positional) appendNamed(object, argument.value, host);
    return;
  }
  if (first) for (const item of spread(host as Interpreter, first, args.site)) append(object, item, host);
}

/** Paddle's Sequential also takes pairs, `('rnn', nn.LSTM(…))`, and Flax' one list. */
function appendNamed(object: ObjectValue, value: Value, host: Host): void {
  const [name, layer] = value.kind === 'tuple' || value.kind === 'list' ? (host.items(value) ?? []) : [];
  if (name?.kind === 'str' && layer) host.setName(object.names, name.value, layer);
  else if (value.kind === 'list') for (const item of value.items) appendNamed(object, item, host);
  // A function among layers is called like one.
  else if (value.kind === 'function')
    append(
      object,
      builtin(value.name, (a) => host.call(value, a)),
      host,
    );
  else append(object, value, host);
}

function update(object: ObjectValue, source: Value, host: Host): void {
  if (source.kind === 'dict') {
    for (const [key, value] of source.entries) host.setName(object.names, key.slice(2), value);
    if (source.missing) host.setName(object.names, '…', source.missing);
  } else {
    for (const pair of host.items(source) ?? [source]) {
      const [key, value] = host.items(pair) ?? [];
      if (key?.kind === 'str' && value) host.setName(object.names, key.value, value);
      else host.setName(object.names, '…', source);
    }
  }
}

/** A subclass of a container keeps its own numbers and strings among the same names. */
const DATA: ReadonlySet<Value['kind']> = new Set<Value['kind']>([
  'int',
  'float',
  'bool',
  'str',
  'none',
  'dict',
  'range',
  'function',
  'list',
  'tensor',
]);

function childNames(object: ObjectValue): string[] {
  return [...object.names]
    .filter(([name, value]) => !name.startsWith('%') && !DATA.has(value.kind))
    .map(([name]) => name);
}

function append(object: ObjectValue, value: Value, host: Host): void {
  const numbers = childNames(object).map(Number).filter(Number.isInteger);
  host.setName(object.names, String(Math.max(-1, ...numbers) + 1), value);
}

/** A container's children. */
export function children(object: ObjectValue): Value[] {
  return childNames(object).map((name) => object.names.get(name)!);
}

/** Its length, repeats counted. */
function lengthOf(object: ObjectValue): Dim {
  return children(object).reduce<Dim>(
    (n, child) => add(n, child.kind === 'repeat' ? child.count : 1),
    constant(0),
  );
}

export function containerAttribute(object: ObjectValue, name: string, host: Host): Value | undefined {
  const { container } = dataOf(object);
  if (container === undefined) return undefined;
  const method = (run: (args: Arguments) => Value | void): Value =>
    builtin(name, (args) => run(args) ?? NONE);
  const first = (args: Arguments): Value => args.positional[0]?.value ?? NONE;
  switch (name) {
    case 'append':
      return method((args) => {
        append(object, first(args), host);
        return object;
      });
    case 'extend':
    case '__iadd__':
      return method((args) => {
        const source = first(args);
        const items =
          source.kind === 'object' ? children(source) : spread(host as Interpreter, source, args.site);
        for (const item of items) append(object, item, host);
        return object;
      });
    case 'insert':
      return method((args) => {
        const at = valueOf(host.dim(first(args)) ?? constant(0)) ?? 0;
        const items = children(object);
        items.splice(at, 0, args.positional[1]?.value ?? NONE);
        for (const child of childNames(object)) host.deleteName(object.names, child);
        items.forEach((item, i) => host.setName(object.names, String(i), item));
      });
    case 'update':
      return container === 'dict' ? method((args) => update(object, first(args), host)) : undefined;
    case '__setitem__':
      return method((args) => {
        const key = first(args);
        const index = key.kind === 'str' ? key.value : String(valueOf(host.dim(key) ?? constant(0)) ?? '…');
        host.setName(object.names, index, args.positional[1]?.value ?? NONE);
      });
    case '__delitem__':
    case 'pop':
      return method((args) => take(object, args, host));
    case 'clear':
      return method(() => {
        for (const child of childNames(object)) host.deleteName(object.names, child);
      });
    case '__len__':
      return method((args) =>
        children(object).some(mayBeAbsent)
          ? (host as Interpreter).dependent(
              args.site,
              children(object),
              message('How many layers it holds is not known.'),
            )
          : int(lengthOf(object)),
      );
    case 'keys':
      return method(() => ({ kind: 'list', items: childNames(object).map((n) => str(n)) }));
    case 'values':
    case 'children':
      return method(() => ({ kind: 'list', items: children(object) }));
    case 'items':
    case 'named_children':
      return method(() => ({
        kind: 'list',
        items: childNames(object).map((n) => tuple([str(n), object.names.get(n)!])),
      }));
    case 'get':
      return method((args) => {
        const key = first(args);
        return (
          (key.kind === 'str' ? object.names.get(key.value) : undefined) ?? args.positional[1]?.value ?? NONE
        );
      });
    default:
      return undefined;
  }
}

/** `del container[i]` and `container.pop(i)`; those after it move up. */
function take(object: ObjectValue, args: Arguments, host: Host): Value {
  const list: ListValue = { kind: 'list', items: children(object) };
  const index = args.positional[0]?.value ?? int(-1);
  if (index.kind === 'str') {
    const taken = object.names.get(index.value) ?? args.positional[1]?.value ?? NONE;
    host.deleteName(object.names, index.value);
    return taken;
  }
  const taken = popListItem(host as Interpreter, list, index, args.site);
  for (const child of childNames(object)) host.deleteName(object.names, child);
  list.items.forEach((item, i) => host.setName(object.names, String(i), item));
  return taken;
}

/** `container[i]`, `container['name']`, `sequential[1:3]` */
export function containerItem(object: ObjectValue, index: Value, host: Host): Value | undefined {
  const { container } = dataOf(object);
  if (container === undefined) return undefined;
  if (index.kind === 'str') return object.names.get(index.value);
  const list: Value = { kind: 'list', items: children(object) };
  const item = host.item(list, index, object.site);
  if (item.kind !== 'list' || index.kind !== 'slice') return item;
  const part = host.object('pytorch', object.type, object.site, undefined, { container } satisfies TorchData);
  item.items.forEach((child, i) => part.names.set(String(i), child));
  return part;
}

/** Runs a Sequential's children one after the other. */
export function runSequential(object: ObjectValue, args: Arguments, host: Host): Value {
  let value: Value = args.positional[0]?.value ?? NONE;
  for (const child of children(object)) {
    const layer = child.kind === 'repeat' ? child.value : child;
    const run = () =>
      host.call(layer, { positional: [{ value, site: args.site }], keywords: new Map(), site: args.site });
    value = child.kind === 'repeat' ? host.repeated(child.count, run) : run();
  }
  return value;
}
