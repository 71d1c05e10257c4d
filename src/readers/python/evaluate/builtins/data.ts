import { message } from '../../../../model';
import type { Site } from '../../parse/text';
import { spread } from '../expressions';
import type { Interpreter } from '../interpreter';
import { deleteEntry, mergeDict, setEntry } from '../items';
import { blur, popListItem } from '../list-edits';
import { bool, builtin, int, str, tuple } from '../make';
import { plainText } from '../operators';
import {
  ABSENT,
  NONE,
  restOfDict,
  type Arguments,
  type DictValue,
  type ListValue,
  type Value,
} from '../values';

/** Methods and attributes of Python's own data types. */
export function methodOfData(I: Interpreter, object: Value, name: string, site: Site): Value | undefined {
  switch (object.kind) {
    case 'list':
      return listMethod(I, object, name);
    case 'tuple':
      return tupleAttribute(I, object, name);
    case 'dict':
      return dictMethod(I, object, name);
    case 'str':
      return stringMethod(I, object.value, name, site);
    case 'int':
    case 'float':
    case 'bool':
      return name === 'item' || name === 'real'
        ? name === 'item'
          ? builtin(name, () => object)
          : object
        : undefined;
    case 'slice':
      return name === 'start' ? object.lower : name === 'stop' ? object.upper : undefined;
    default:
      return undefined;
  }
}

function first(args: Arguments): Value {
  return args.positional[0]?.value ?? NONE;
}

function listMethod(I: Interpreter, list: ListValue, name: string): Value | undefined {
  const method = (run: (args: Arguments) => Value | void): Value =>
    builtin(name, (args) => run(args) ?? NONE);
  switch (name) {
    case 'append':
      return method((args) => I.setItems(list, [...list.items, first(args)]));
    case 'add':
      return method((args) => {
        const answers = list.items.map((item) => I.equal(item, first(args)));
        if (answers.includes(true)) return;
        const undecided = answers.includes(undefined);
        const item = undecided ? I.union([first(args), ABSENT], I.rootsOf(first(args))) : first(args);
        I.setItems(list, [...list.items, item]);
      });
    case 'extend':
    case 'update':
      return method((args) => {
        const more = spread(I, first(args), args.site);
        const clear = !list.set || more.every((item) => I.keyOf(item) !== undefined);
        I.setItems(list, clear ? [...list.items, ...more] : members(I, more, args.site));
      });
    case 'insert':
      return method((args) => {
        const at = args.positional[0]?.value;
        const index = at?.kind === 'int' ? Number(plainText(at)) : NaN;
        const items = [...list.items];
        items.splice(Number.isNaN(index) ? items.length : index, 0, args.positional[1]?.value ?? NONE);
        I.setItems(list, items);
      });
    case 'pop':
      return method((args) => {
        const index = args.positional.length > 0 ? first(args) : int(-1);
        return popListItem(I, list, index, args.site);
      });
    case 'appendleft':
      return method((args) => I.setItems(list, [first(args), ...list.items]));
    case 'popleft':
      return method((args) => popListItem(I, list, int(0), args.site));
    case 'reverse':
      return method(() => I.setItems(list, [...list.items].reverse()));
    case 'clear':
      return method(() => I.setItems(list, []));
    case 'copy':
      return method(() => ({ kind: 'list', items: [...list.items] }));
    case 'index':
      return method((args) => {
        const at = list.items.findIndex((item) => I.equal(item, first(args)) === true);
        return at < 0
          ? I.dependent(
              args.site,
              [list, first(args)],
              message('`{0}` can’t be worked out.', I.textOf(args.site)),
            )
          : int(at);
      });
    case 'count':
      return method((args) => int(list.items.filter((item) => I.equal(item, first(args)) === true).length));
    case 'sort': {
      // Sorting matters only for what is known item by item.
      return method((args) => {
        const sorted = I.call(I.builtin('sorted')!, {
          ...args,
          positional: [{ value: list, site: args.site }],
        });
        if (sorted.kind === 'list') I.setItems(list, sorted.items);
      });
    }
    case 'remove':
    case 'discard':
      return method((args) => {
        const at = list.items.findIndex((item) => I.equal(item, first(args)) === true);
        if (at >= 0)
          I.setItems(
            list,
            list.items.filter((_, i) => i !== at),
          );
        else if (list.items.some((item) => I.equal(item, first(args)) === undefined)) {
          I.setItems(
            list,
            list.items.map((item) => I.union([item, ABSENT], I.rootsOf(first(args)))),
          );
        }
      });
    case 'extendleft':
    case 'rotate':
    case 'difference_update':
    case 'intersection_update':
    case 'symmetric_difference_update':
      return method((args) => blur(I, list, [first(args)], args.site));
    default:
      return undefined;
  }
}

/** What a set holds after values were put in that cannot be told apart: some number of them, not the sum. */
function members(I: Interpreter, added: readonly Value[], site: Site): Value[] {
  const why = message('How many different values a set holds depends on the data.');
  const count = I.dim(I.dependent(site, added, why));
  return count ? [{ kind: 'repeat', value: I.dependent(site, added, why), count }] : [];
}

function tupleAttribute(I: Interpreter, object: Value & { kind: 'tuple' }, name: string): Value | undefined {
  const at = object.names?.indexOf(name) ?? -1;
  if (at >= 0) return object.items[at];
  if (name === '_asdict')
    return builtin(name, () => ({
      kind: 'dict',
      entries: new Map(object.names?.map((n, i) => [`s:${n}`, object.items[i]!]) ?? []),
    }));
  if (name === 'numel') return builtin(name, () => product(I, object.items));
  if (name === '_replace') {
    return builtin(name, (args) => ({
      ...object,
      items: object.items.map((item, i) => args.keywords.get(object.names?.[i] ?? '')?.value ?? item),
    }));
  }
  const method = object.cls?.names.get(name);
  if (method?.kind === 'function') return { kind: 'method', fn: method, self: object };
  return listMethod(I, { kind: 'list', items: [...object.items] }, name);
}

function product(I: Interpreter, items: readonly Value[]): Value {
  return items.reduce<Value>((a, b) => I.binary('*', a, b, I.mainSite()), int(1));
}

function dictMethod(I: Interpreter, dict: DictValue, name: string): Value | undefined {
  const method = (run: (args: Arguments) => Value | void): Value =>
    builtin(name, (args) => run(args) ?? NONE);
  const rest = restOfDict(dict);
  const list = (items: Value[]): Value =>
    rest?.kind === 'unknown'
      ? I.unknown(rest.reason, `${rest.name}.${name}()`, rest.site, { roots: I.rootsOf(rest) })
      : { kind: 'list', items };
  switch (name) {
    case 'keys':
      return method(() => list([...dict.entries.keys()].map((k) => I.valueOfKey(k))));
    case 'values':
      return method(() => list([...dict.entries.values()]));
    case 'items':
      return method(() => list([...dict.entries].map(([k, v]) => tuple([I.valueOfKey(k), v]))));
    case 'get':
    case 'pop':
    case 'setdefault':
      return method((args) => {
        const key = I.keyOf(first(args));
        const fallback = (args.positional[1] ?? args.keywords.get('default'))?.value;
        const known = key === undefined ? undefined : dict.entries.get(key);
        if (known) {
          if (name === 'pop') deleteEntry(I, dict, key!);
          return known;
        }
        if (key === undefined) return I.item(dict, first(args), args.site);
        if (rest?.kind === 'unknown') return I.derive(rest, `.${key.slice(2)}`, args.site);
        const value = fallback
          ? { ...fallback, ...(fallback.how === 'literal' && { how: 'default' as const }) }
          : NONE;
        if (name === 'setdefault') setEntry(I, dict, key, value);
        return value;
      });
    case 'update':
      return method((args) => {
        const other = args.positional[0]?.value;
        if (other) mergeDict(I, dict, other, args.site);
        for (const [k, a] of args.keywords) setEntry(I, dict, `s:${k}`, a.value);
        if (args.rest) mergeDict(I, dict, args.rest, args.site);
      });
    case 'popitem':
      return method((args) => {
        const key = rest ? undefined : [...dict.entries.keys()].at(-1);
        if (key === undefined)
          return I.dependent(args.site, [dict], message('`{0}` can’t be worked out.', I.textOf(args.site)));
        const value = dict.entries.get(key)!;
        deleteEntry(I, dict, key);
        return tuple([I.valueOfKey(key), value]);
      });
    case 'clear':
      return method(() => {
        for (const key of [...dict.entries.keys()]) deleteEntry(I, dict, key);
      });
    case 'copy':
      return method(() => ({ ...dict, entries: new Map(dict.entries) }));
    default:
      return undefined;
  }
}

function stringMethod(I: Interpreter, text: string, name: string, site: Site): Value | undefined {
  const method = (run: (args: Arguments) => Value | undefined): Value =>
    builtin(
      name,
      (args) =>
        run(args) ??
        I.dependent(
          args.site,
          args.positional.map((a) => a.value),
          message('`{0}` can’t be worked out.', I.textOf(site)),
        ),
    );
  const plain = (args: Arguments, i: number): string | undefined => {
    const value = args.positional[i]?.value;
    return value?.kind === 'str' ? value.value : undefined;
  };
  switch (name) {
    case 'lower':
    case 'casefold':
      return method(() => str(text.toLowerCase()));
    case 'upper':
      return method(() => str(text.toUpperCase()));
    case 'capitalize':
      return method(() => str(text.charAt(0).toUpperCase() + text.slice(1).toLowerCase()));
    case 'title':
      return method(() =>
        str(
          text.toLowerCase().replace(/(^|[^a-z])([a-z])/g, (_, a: string, b: string) => a + b.toUpperCase()),
        ),
      );
    case 'strip':
      return method((args) => (args.positional.length === 0 ? str(text.trim()) : undefined));
    case 'startswith':
    case 'endswith':
      return method((args) => {
        const part = plain(args, 0);
        return part === undefined
          ? undefined
          : bool(name === 'startswith' ? text.startsWith(part) : text.endsWith(part));
      });
    case 'replace':
      return method((args) => {
        const [a, b] = [plain(args, 0), plain(args, 1)];
        return a === undefined || b === undefined ? undefined : str(text.replaceAll(a, b));
      });
    case 'split':
      return method((args) => {
        const by = args.positional.length === 0 ? undefined : plain(args, 0);
        if (args.positional.length > 0 && by === undefined) return undefined;
        const parts = by === undefined ? text.split(/\s+/).filter((p) => p !== '') : text.split(by);
        return { kind: 'list', items: parts.map((p) => str(p)) };
      });
    case 'join':
      return method((args) => {
        const parts = I.items(first(args))?.map(plainText);
        return parts?.every((p) => p !== undefined) ? str(parts.join(text)) : undefined;
      });
    case 'format':
      return method((args) => formatted(text, args));
    case 'isdigit':
      return method(() => bool(/^\d+$/.test(text)));
    default:
      return undefined;
  }
}

function formatted(text: string, args: Arguments): Value | undefined {
  let next = 0;
  let failed = false;
  const result = text.replace(/\{(\w*)\}/g, (_, field: string) => {
    const argument =
      field === ''
        ? args.positional[next++]
        : /^\d+$/.test(field)
          ? args.positional[Number(field)]
          : args.keywords.get(field);
    const shown = plainText(argument?.value);
    if (shown === undefined) failed = true;
    return shown ?? '';
  });
  return failed ? undefined : str(result);
}
