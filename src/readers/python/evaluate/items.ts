import { add, constant, message, sub, valueOf } from '../../../model';
import type { Site } from '../parse/text';
import type { Interpreter } from './interpreter';
import { deleteListItem, setListItem } from './list-edits';
import { int, str } from './make';
import { numberOf } from './operators';
import { ABSENT, MORE, restOfDict, type DictValue, type SliceValue, type Value } from './values';

const MAX_RANGE = 2048;

/** `object[index]` */
export function itemOf(I: Interpreter, object: Value, index: Value, site: Site): Value {
  if (object.kind === 'union') return I.mapUnion(object, (o) => itemOf(I, o, index, site));
  if (index.kind === 'union') return I.mapUnion(index, (i) => itemOf(I, object, i, site));
  switch (object.kind) {
    case 'list':
    case 'tuple':
      return sequenceItem(I, object, index, site);
    case 'str':
      return stringItem(I, object.value, index, site);
    case 'range':
      return rangeItem(I, object, index, site);
    case 'dict':
      return dictItem(I, object, index, site);
    case 'object':
    case 'tensor': {
      const plugins = object.kind === 'object' ? [I.plugin(object.plugin)] : I.plugins;
      for (const plugin of plugins) {
        const value = plugin?.item?.(object, index, I);
        if (value) return value;
      }
      return object.kind === 'tensor'
        ? I.tensor(undefined, object.why)
        : I.unknown(message('`{0}` can’t be worked out.', I.textOf(site)), I.textOf(site), site);
    }
    case 'unknown': {
      const key = I.keyOf(index);
      if (key?.startsWith('s:')) return I.derive(object, `.${key.slice(2)}`, site);
      return I.derive(object, `[${key?.slice(2) ?? I.textOf(site)}]`, site);
    }
    case 'instance': {
      const method = I.findAttribute(object, '__getitem__', site);
      if (method) return I.call(method, I.plainArguments([index], site));
      if (object.dict) return dictItem(I, object.dict, index, site);
      const native = object.native ? itemOf(I, object.native, index, site) : undefined;
      return (
        native ?? I.dependent(site, [object, index], message('`{0}` can’t be worked out.', I.textOf(site)))
      );
    }
    case 'class':
      return object.isEnum && index.kind === 'str' ? I.attribute(object, index.value, site) : object;
    case 'external':
      return object;
    case 'repeat':
      return itemOf(I, object.value, index, site);
    default:
      return I.dependent(site, [object, index], message('`{0}` can’t be worked out.', I.textOf(site)));
  }
}

function sequenceItem(
  I: Interpreter,
  list: Value & { kind: 'list' | 'tuple' },
  index: Value,
  site: Site,
): Value {
  const { items } = list;
  if (index.kind === 'slice') {
    const part = sliceOf(items, index);
    if (part) return list.kind === 'list' ? { kind: 'list', items: part } : { kind: 'tuple', items: part };
    return I.dependent(
      site,
      [list, index.lower, index.upper],
      message('`{0}` can’t be worked out.', I.textOf(site)),
    );
  }
  if (items.length === 1 && items[0]!.kind === 'repeat') return items[0]!.value;
  const at = numberOf(index);
  if (at === undefined) {
    if (items.length > 0 && items.length <= 16 && index.kind === 'unknown')
      return I.union(
        items.filter((i) => i.kind !== 'repeat'),
        I.rootsOf(index),
      );
    return I.dependent(site, [index, list], message('`{0}` can’t be worked out.', I.textOf(site)));
  }
  const repeats = items.findIndex((i) => i.kind === 'repeat');
  if (repeats >= 0 && !(at >= 0 && at < repeats)) {
    const item = at === -1 ? items.at(-1)! : undefined;
    if (item) return item.kind === 'repeat' ? item.value : item;
    return I.dependent(site, [list], message('`{0}` can’t be worked out.', I.textOf(site)));
  }
  const item = items.at(at);
  if (item === undefined || !Number.isInteger(at))
    return I.unknown(message('`{0}` is outside the list.', I.textOf(site)), I.textOf(site), site);
  return item.kind === 'union' && item.options.some((o) => o.kind === 'absent')
    ? I.dependent(site, [item], message('`{0}` can’t be worked out.', I.textOf(site)))
    : item;
}

function sliceOf(items: readonly Value[], slice: SliceValue): Value[] | undefined {
  const number = (v: Value): number | undefined | null => (v.kind === 'none' ? null : numberOf(v));
  const [lower, upper, step] = [number(slice.lower), number(slice.upper), number(slice.step)];
  if (lower === undefined || upper === undefined || step === undefined || step === 0) return undefined;
  const single = items.length === 1 && items[0]!.kind === 'repeat' && step === null ? items[0]! : undefined;
  if (single?.kind === 'repeat' && (lower ?? 0) >= 0 && (upper ?? -1) < 0) {
    return [{ ...single, count: sub(single.count, (lower ?? 0) - (upper ?? 0)) }];
  }
  if (
    items.some(
      (i) => i.kind === 'repeat' || (i.kind === 'union' && i.options.some((o) => o.kind === 'absent')),
    )
  )
    return undefined;
  const by = step ?? 1;
  const n = items.length;
  const clamp = (v: number, low: number, high: number) => Math.min(Math.max(v < 0 ? v + n : v, low), high);
  const result: Value[] = [];
  if (by > 0)
    for (let i = clamp(lower ?? 0, 0, n), end = clamp(upper ?? n, 0, n); i < end; i += by)
      result.push(items[i]!);
  else {
    const start = clamp(lower ?? n - 1, -1, n - 1);
    const end = upper === null ? -1 : clamp(upper, -1, n - 1);
    for (let i = start; i > end; i += by) result.push(items[i]!);
  }
  return result;
}

function stringItem(I: Interpreter, text: string, index: Value, site: Site): Value {
  if (index.kind === 'slice') {
    const letters = sliceOf(
      [...text].map((c) => str(c)),
      index,
    );
    if (letters) return str(letters.map((l) => (l.kind === 'str' ? l.value : '')).join(''));
  }
  const at = numberOf(index);
  const letter = at === undefined ? undefined : [...text].at(at);
  return letter === undefined
    ? I.dependent(site, [index], message('`{0}` can’t be worked out.', I.textOf(site)))
    : str(letter);
}

function rangeItem(I: Interpreter, range: Value & { kind: 'range' }, index: Value, site: Site): Value {
  const at = numberOf(index);
  if (at !== undefined && at >= 0) {
    const items = itemsOf(I, range);
    if (items?.[at]) return items[at];
  }
  return I.dependent(site, [range, index], message('`{0}` can’t be worked out.', I.textOf(site)));
}

function dictItem(I: Interpreter, dict: DictValue, index: Value, site: Site): Value {
  const key = I.keyOf(index);
  if (key === undefined) {
    if (index.kind === 'unknown') {
      for (const known of dict.entries.keys()) {
        if (known.startsWith('s:') && index.choices.length < 20 && !index.choices.includes(known.slice(2)))
          index.choices.push(known.slice(2));
      }
    }
    const options = [...dict.entries.values()];
    if (options.length > 0 && options.length <= 16 && I.rootsOf(index).length > 0)
      return I.union(options, I.rootsOf(index));
    return I.dependent(site, [index], message('`{0}` can’t be worked out.', I.textOf(site)));
  }
  const value = dict.entries.get(key);
  if (value)
    return value.kind === 'union'
      ? I.union(
          value.options.filter((o) => o.kind !== 'absent'),
          value.on,
        )
      : value;
  const rest = restOfDict(dict);
  if (rest?.kind === 'unknown') return I.derive(rest, `.${key.slice(2)}`, site);
  if (dict.missing) {
    const made = I.call(dict.missing, I.plainArguments([], site));
    I.setName(dict.entries, key, made);
    return made;
  }
  return I.unknown(message('`{0}` is not a key of this dict.', key.slice(2)), I.textOf(site), site);
}

/** The items of an iterable when their number is known. */
export function itemsOf(I: Interpreter, value: Value): readonly Value[] | undefined {
  switch (value.kind) {
    case 'list':
    case 'tuple':
      return value.items.some(
        (i) => i.kind === 'repeat' || (i.kind === 'union' && i.options.some((o) => o.kind === 'absent')),
      )
        ? undefined
        : value.items;
    case 'range': {
      const [start, stop, step] = [valueOf(value.start), valueOf(value.stop), valueOf(value.step)];
      const span = valueOf(sub(value.stop, value.start));
      const by = step ?? 0;
      if (by === 0 || span === undefined) return undefined;
      const length = Math.max(0, Math.ceil(span / by));
      if (length > MAX_RANGE || !I.spend(length)) return undefined;
      const exact = start !== undefined && stop !== undefined;
      return Array.from({ length }, (_, i) =>
        int(exact ? start + i * by : add(value.start, constant(i * by))),
      );
    }
    case 'str':
      return value.value.length > MAX_RANGE ? undefined : [...value.value].map((c) => str(c));
    case 'dict':
      return restOfDict(value) ? undefined : [...value.entries.keys()].map((key) => I.valueOfKey(key));
    case 'class':
      if (!value.isEnum) return undefined;
      return [...value.names]
        .filter(([name, v]) => !name.startsWith('_') && !name.startsWith('%') && v.kind !== 'function')
        .map(([name]) =>
          I.attribute(value, name, { text: value.text, from: value.decl.from, to: value.decl.to }),
        );
    case 'object':
      return I.plugin(value.plugin)?.iterate?.(value, I);
    case 'tensor':
      for (const plugin of I.plugins) {
        const items = plugin.iterate?.(value, I);
        if (items) return items;
      }
      return undefined;
    case 'instance': {
      if (value.native) return itemsOf(I, value.native);
      if (value.dict) return itemsOf(I, value.dict);
      const method = I.findAttribute(value, '__iter__', value.site);
      return method ? itemsOf(I, I.call(method, I.plainArguments([], value.site))) : undefined;
    }
    default:
      return undefined;
  }
}

/** Writes a dict's entry, and the attribute behind it when the dict is an object's `__dict__`. */
export function setEntry(I: Interpreter, dict: DictValue, key: string, value: Value): void {
  I.setName(dict.entries, key, value);
  if (dict.of && key.startsWith('s:')) I.setName(dict.of, key.slice(2), value);
}

/** `dict.update(other)`: after what is not known, every entry may be another one. */
export function mergeDict(I: Interpreter, dict: DictValue, other: Value, site: Site): void {
  const from = other.kind === 'dict' ? other : I.call(I.builtin('dict')!, I.plainArguments([other], site));
  if (from.kind === 'dict') {
    for (const [key, value] of from.entries) if (key !== MORE) setEntry(I, dict, key, value);
  }
  const rest = from.kind === 'dict' ? restOfDict(from) : from;
  if (rest?.kind !== 'unknown') return;
  const given = from.kind === 'dict' ? from.entries : undefined;
  for (const [key, old] of [...dict.entries]) {
    if (key === MORE || given?.has(key)) continue;
    setEntry(I, dict, key, I.union([I.derive(rest, `.${key.slice(2)}`, site), old], [rest]));
  }
  I.setName(dict.entries, MORE, rest);
}

/** `object[index] = value` */
export function setItemOf(I: Interpreter, object: Value, index: Value, value: Value): void {
  if (object.kind === 'dict') {
    const key = I.keyOf(index);
    setEntry(
      I,
      object,
      key ?? MORE,
      key === undefined
        ? I.unknown(message('The keys of this dict depend on the data.'), 'key', undefined, {
            roots: I.rootsOf(index),
          })
        : value,
    );
  } else if (object.kind === 'list') {
    setListItem(I, object, index, value, I.mainSite());
  } else if (object.kind === 'object') {
    const plugin = I.plugin(object.plugin);
    const setter = plugin?.attribute?.(object, '__setitem__', I);
    if (setter) I.call(setter, I.plainArguments([index, value], object.site));
  } else if (object.kind === 'tensor') {
    for (const plugin of I.plugins) plugin.tensorItemSet?.(object, index, value, I);
  } else if (object.kind === 'instance') {
    const setter = I.findAttribute(object, '__setitem__', object.site);
    if (setter) I.call(setter, I.plainArguments([index, value], object.site));
    else if (object.dict) setItemOf(I, object.dict, index, value);
  } else if (object.kind === 'unknown') {
    const key = I.keyOf(index);
    if (key?.startsWith('s:')) I.setAttribute(object, key.slice(2), value);
  }
}

/** `del object[index]` */
export function deleteItemOf(I: Interpreter, object: Value, index: Value, site: Site): void {
  if (object.kind === 'list') deleteListItem(I, object, index, site);
  else if (object.kind === 'dict') {
    const key = I.keyOf(index);
    const gone = key === undefined ? [...object.entries.keys()].filter((k) => k !== MORE) : [key];
    for (const entry of gone) {
      const old = object.entries.get(entry);
      if (!old) continue;
      if (key === undefined) setEntry(I, object, entry, I.union([old, ABSENT], I.rootsOf(index)));
      else deleteEntry(I, object, entry);
    }
  } else if (object.kind === 'object' || object.kind === 'instance') {
    const deleter = I.findAttribute(object, '__delitem__', site);
    if (deleter) I.call(deleter, I.plainArguments([index], site));
    else if (object.kind === 'instance' && object.dict) deleteItemOf(I, object.dict, index, site);
  }
}

/** Takes a dict's entry away, and the attribute behind it when the dict is an object's `__dict__`. */
export function deleteEntry(I: Interpreter, dict: DictValue, key: string): void {
  I.deleteName(dict.entries, key);
  if (dict.of && key.startsWith('s:')) I.deleteName(dict.of, key.slice(2));
}
