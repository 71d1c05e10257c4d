import type { TensorValue, Value } from '../../evaluate/values';

/** Every tensor in a value, nested lists, tuples and dicts laid out. */
export function tensorsIn(value: Value | undefined, into: TensorValue[] = []): TensorValue[] {
  if (value?.kind === 'tensor') into.push(value);
  else if (value?.kind === 'list' || value?.kind === 'tuple')
    value.items.forEach((item) => tensorsIn(item, into));
  else if (value?.kind === 'dict') for (const item of value.entries.values()) tensorsIn(item, into);
  return into;
}

/** The same structure with each tensor replaced. */
export function mapTensors(value: Value, change: (tensor: TensorValue) => Value): Value {
  if (value.kind === 'tensor') return change(value);
  if (value.kind === 'list' || value.kind === 'tuple')
    return { ...value, items: value.items.map((i) => mapTensors(i, change)) };
  if (value.kind === 'dict')
    return { ...value, entries: new Map([...value.entries].map(([k, v]) => [k, mapTensors(v, change)])) };
  return value;
}
