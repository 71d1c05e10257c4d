import type { Interpreter } from './interpreter';
import type { Names, Value } from './values';

/** `copy.deepcopy`: layers and instances become new ones with weights of their own. */
export function copyOf(I: Interpreter, value: Value, made = new Map<Value, Value>()): Value {
  const known = made.get(value);
  if (known) return known;
  const copyNames = (from: Names, to: Names) => {
    for (const [name, v] of from) to.set(name, copyOf(I, v, made));
  };
  switch (value.kind) {
    case 'object': {
      const copy = { ...value, id: I.id(), names: new Map() as Names, uses: { calls: [] } };
      made.set(value, copy);
      I.journal.birth(copy.names);
      I.objects.push(copy);
      copyNames(value.names, copy.names);
      return copy;
    }
    case 'instance': {
      const copy = { ...value, id: I.id(), names: new Map() as Names };
      made.set(value, copy);
      I.journal.birth(copy.names);
      copyNames(value.names, copy.names);
      const native = value.native && copyOf(I, value.native, made);
      if (native?.kind === 'object') copy.native = native;
      const gap = I.gaps.get(value);
      if (gap) I.gaps.set(copy, gap);
      return copy;
    }
    case 'list':
      return { ...value, items: value.items.map((item) => copyOf(I, item, made)) };
    case 'tuple':
      return { ...value, items: value.items.map((item) => copyOf(I, item, made)) };
    case 'dict':
      return { ...value, entries: new Map([...value.entries].map(([k, v]) => [k, copyOf(I, v, made)])) };
    default:
      return value;
  }
}
