import { type Message, message } from '../../../../model';
import type { Host } from '../../evaluate/host';
import type { TensorValue, Value } from '../../evaluate/values';
import type { TensorData } from './data';

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

/**
 * Every tensor in a value, in order; a value that could not be followed counts as a tensor of unknown making, so that a layer behind it
 * is never lost.
 */
export function graphTensorsIn(
  value: Value | undefined,
  host: Host,
  into: TensorValue[] = [],
): TensorValue[] {
  if (value === undefined) return into;
  if (value.kind === 'unknown' || value.kind === 'union' || value.kind === 'repeat')
    into.push(unclear(value, host));
  else if (value.kind === 'tensor') into.push(value);
  else if (value.kind === 'list' || value.kind === 'tuple')
    value.items.forEach((item) => graphTensorsIn(item, host, into));
  else if (value.kind === 'dict') for (const item of value.entries.values()) graphTensorsIn(item, host, into);
  return into;
}

function unclear(value: Value, host: Host): TensorValue {
  const why: Message =
    value.kind === 'unknown' ? value.reason : message('What goes in here cannot be followed.');
  return host.tensor(undefined, why, { keras: { index: 0, unclear: value } } satisfies TensorData);
}
