import { constant, valueOf } from '../../../model';
import type { Value } from './values';

/** A dict key as text: equal keys have equal texts. Undefined for keys that are not known. */
export function keyOf(value: Value, remember?: (key: string, value: Value) => void): string | undefined {
  switch (value.kind) {
    case 'str':
      return `s:${value.value}`;
    case 'int': {
      const n = valueOf(value.dim);
      return n === undefined ? undefined : `i:${n}`;
    }
    case 'bool':
      return `i:${Number(value.value)}`;
    case 'float':
      return value.value === undefined
        ? undefined
        : Number.isInteger(value.value)
          ? `i:${value.value}`
          : `f:${value.value}`;
    case 'none':
      return 'n:';
    case 'tuple': {
      const keys = value.items.map((item) => keyOf(item, remember));
      if (keys.some((k) => k === undefined)) return undefined;
      return noted(`t:${JSON.stringify(keys)}`, value, remember);
    }
    case 'external':
      return noted(`x:${value.name}`, value, remember);
    case 'class':
      return noted(`c:${value.name}:${value.decl.from}`, value, remember);
    case 'instance':
    case 'object':
      return noted(`o:${value.id}`, value, remember);
    case 'function':
      return noted(`d:${value.name}:${value.decl?.from ?? ''}`, value, remember);
    default:
      return undefined;
  }
}

function noted(key: string, value: Value, remember?: (key: string, value: Value) => void): string {
  remember?.(key, value);
  return key;
}

/** The value behind a key made by {@link keyOf}; `lookup` finds those that text can't hold. */
export function valueOfKey(key: string, lookup: (key: string) => Value | undefined): Value | undefined {
  const rest = key.slice(2);
  switch (key[0]) {
    case 's':
      return { kind: 'str', value: rest };
    case 'i':
      return { kind: 'int', dim: constant(BigInt(rest)) };
    case 'f':
      return { kind: 'float', value: Number(rest) };
    case 'n':
      return { kind: 'none' };
    default:
      return lookup(key);
  }
}
