import { constant, message, valueOf } from '../../model';
import type { Evaluator } from './evaluator';
import { number, text } from './evaluator';
import { sameValue, truth } from './expressions';
import { shapeValue } from './shape';
import { layerMember, modelMember } from './tf';
import { type ArrayValue, manyIn, type NativeValue, type Site, UNDEFINED, type Value } from './values';

/** What `module` is in every file. */
export const MODULE: Value = { kind: 'object', fields: new Map(), facts: new Map() };

/** `object.name`. */
export function memberOf(E: Evaluator, object: Value, name: string, site: Site): Value {
  switch (object.kind) {
    case 'external':
      return { kind: 'external', path: object.path === '' ? name : `${object.path}.${name}` };
    case 'object': {
      const own = object.fields.get(name);
      if (own) return own;
      for (let cls: Value | undefined = object.cls; cls?.kind === 'class'; cls = cls.base) {
        const method = cls.methods.get(name);
        if (method) return { ...method, self: object };
      }
      return object.cls
        ? E.unknown(
            site.file.brief(site.node),
            message('`{0}` is not set in this file.', site.file.brief(site.node)),
            site,
          )
        : UNDEFINED;
    }
    case 'native':
      // `require.main === module` asks whether the file itself was started: it was.
      return name === 'main' && object.name === 'require' ? MODULE : unknownMember(E, object, name, site);
    case 'class':
      return object.statics.get(name) ?? UNDEFINED;
    case 'array':
      return arrayMember(E, object, name, site);
    case 'string':
      return stringMember(object.value, name) ?? unknownMember(E, object, name, site);
    case 'layer':
      return layerMember(E, object, name, site);
    case 'model':
      return modelMember(E, object.model, name, site);
    case 'tensor':
      return name === 'shape' ? shapeValue(object.tensor.shape) : unknownMember(E, object, name, site);
    default:
      return unknownMember(E, object, name, site);
  }
}

function unknownMember(E: Evaluator, object: Value, name: string, site: Site): Value {
  const shown = site.file.brief(site.node);
  const reason = object.kind === 'unknown' ? object.reason : message('`{0}` cannot be worked out.', shown);
  if (object.kind !== 'unknown') return E.unknown(shown, reason, site);
  // A destructured name is known by that name alone.
  return shown.includes('.') ? E.derived(site, [object]) : E.unknown(name, reason, site);
}

function native(name: string, call: NativeValue['call']): NativeValue {
  return { kind: 'native', name, call };
}

function arrayMember(E: Evaluator, array: ArrayValue, name: string, site: Site): Value {
  const { items } = array;
  const each = (fn: Value | undefined, item: Value, i: number) =>
    E.parts.call(E, fn ?? UNDEFINED, [item, number(i), array], site);
  const index = (v: Value | undefined, fallback: number) => {
    const n = v?.kind === 'number' && v.dim ? valueOf(v.dim) : undefined;
    return n ?? fallback;
  };
  const list = (values: Value[]): Value => ({ kind: 'array', items: values });
  const unknown = (): Value =>
    E.unknown(
      site.file.brief(site.node),
      message('`{0}` cannot be worked out.', site.file.brief(site.node)),
      site,
    );
  const many = manyIn(items);
  if (many && name !== 'push' && name !== 'forEach') {
    const open = (): Value => E.derived(site, [many]);
    return name === 'length' ? open() : native(name, open);
  }
  switch (name) {
    case 'length':
      return { kind: 'number', dim: constant(items.length) };
    case 'push':
      return native(name, (args) => {
        E.push(items, ...args);
        if (E.addsAnyNumber(items)) {
          const reason = message(
            'How often a callback adds to `{0}` is not known.',
            site.file.brief(site.node),
          );
          const name = site.file.brief(site.node);
          E.push<Value>(items, { kind: 'unknown', name, reason, choices: [], many: true });
        }
        return number(items.length);
      });
    case 'map':
      return native(name, ([fn]) => list(items.map((item, i) => each(fn, item, i))));
    case 'forEach':
      return native(name, ([fn]) => {
        items.forEach((item, i) => each(fn, item, i));
        return UNDEFINED;
      });
    case 'filter':
      return native(name, ([fn]) => list(items.filter((item, i) => truth(each(fn, item, i)) === true)));
    case 'reduce':
      return native(name, ([fn, start]) =>
        items
          .slice(start ? 0 : 1)
          .reduce(
            (sum, item) => E.parts.call(E, fn ?? UNDEFINED, [sum, item], site),
            start ?? items[0] ?? UNDEFINED,
          ),
      );
    case 'slice':
      return native(name, ([from, to]) => list(items.slice(index(from, 0), index(to, items.length))));
    case 'splice':
      return native(name, ([from, count]) => {
        const removed = [...items];
        const kept = [...items];
        const gone = kept.splice(index(from, 0), index(count, removed.length));
        E.replace(items, kept);
        return list(gone);
      });
    case 'concat':
      return native(name, (args) =>
        list([...items, ...args.flatMap((a) => (a.kind === 'array' ? a.items : [a]))]),
      );
    case 'includes':
      return native(name, ([wanted]) => ({
        kind: 'bool',
        value: items.some((i) => wanted && sameValue(i, wanted) === true),
      }));
    case 'indexOf':
      return native(name, ([wanted]) =>
        number(items.findIndex((i) => wanted && sameValue(i, wanted) === true)),
      );
    case 'join':
      return native(name, ([by]) => {
        const parts = items.map((i) => (i.kind === 'string' ? i.value : undefined));
        const glue = by?.kind === 'string' ? by.value : ',';
        return parts.every((p) => p !== undefined) ? text(parts.join(glue)) : UNDEFINED;
      });
    case 'sort': {
      // Strings sort by their letters; an order of one's own, or of values that are not known, is not followed.
      const words = items.flatMap((i) => (i.kind === 'string' ? [i.value] : []));
      if (words.length < items.length) return unknown();
      return native(name, ([order]) => (order ? unknown() : list(words.sort().map(text))));
    }
    case 'fill':
      return native(name, ([value]) => list(items.map(() => value ?? UNDEFINED)));
    case 'at':
      return native(name, ([i]) => items.at(index(i, 0)) ?? UNDEFINED);
    default:
      return unknown();
  }
}

function stringMember(value: string, name: string): Value | undefined {
  switch (name) {
    case 'length':
      return number(value.length);
    case 'toLowerCase':
      return native(name, () => text(value.toLowerCase()));
    case 'toUpperCase':
      return native(name, () => text(value.toUpperCase()));
    case 'trim':
      return native(name, () => text(value.trim()));
    case 'slice':
    case 'substring':
      return native(name, ([from, to]) => {
        const at = (v: Value | undefined, otherwise: number) =>
          v?.kind === 'number' && v.dim ? (valueOf(v.dim) ?? otherwise) : otherwise;
        const [start, end] = [at(from, 0), at(to, value.length)];
        return text(name === 'slice' ? value.slice(start, end) : value.substring(start, end));
      });
    case 'split':
      return native(name, ([by]) => ({
        kind: 'array',
        items: value.split(by?.kind === 'string' ? by.value : ',').map(text),
      }));
    case 'startsWith':
      return native(name, ([start]) => ({
        kind: 'bool',
        value: start?.kind === 'string' && value.startsWith(start.value),
      }));
    case 'endsWith':
      return native(name, ([end]) => ({
        kind: 'bool',
        value: end?.kind === 'string' && value.endsWith(end.value),
      }));
    // `match` with a plain word is used as a question only.
    case 'match':
    case 'includes':
      return native(name, ([part]) => ({
        kind: 'bool',
        value: part?.kind === 'string' && value.includes(part.value),
      }));
    default:
      return undefined;
  }
}
