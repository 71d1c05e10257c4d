import { message } from '../../../model';
import type { Site } from '../parse/text';
import type { Interpreter } from './interpreter';
import { numberOf } from './operators';
import type { ListValue, SliceValue, Value } from './values';

/** Can items be told apart by their place? Not where one stands for many, or may not be there. */
function isCountable(list: ListValue): boolean {
  return !list.items.some(
    (i) => i.kind === 'repeat' || (i.kind === 'union' && i.options.some((o) => o.kind === 'absent')),
  );
}

/** The place that an index names; undefined when that cannot be told. */
function placeOf(list: ListValue, index: Value): number | undefined {
  const at = isCountable(list) ? numberOf(index) : undefined;
  if (at === undefined) return undefined;
  const place = at < 0 ? at + list.items.length : at;
  return place >= 0 && place < list.items.length ? place : undefined;
}

/** Where a slice without step begins and ends. */
function spanOf(list: ListValue, slice: SliceValue): [from: number, to: number] | undefined {
  if (!isCountable(list) || slice.step.kind !== 'none') return undefined;
  const n = list.items.length;
  const bound = (v: Value, open: number): number | undefined => {
    const at = v.kind === 'none' ? open : numberOf(v);
    return at === undefined ? undefined : Math.min(Math.max(at < 0 ? at + n : at, 0), n);
  };
  const [from, to] = [bound(slice.lower, 0), bound(slice.upper, n)];
  return from === undefined || to === undefined ? undefined : [from, Math.max(from, to)];
}

/** After a change that cannot be followed, a list holds some number of values that are not known. */
export function blur(I: Interpreter, list: ListValue, parts: readonly Value[], site: Site): void {
  const why = message('What this list holds depends on the data.');
  const count = I.dim(I.dependent(site, [list, ...parts], why));
  const value = I.dependent(site, [list, ...parts], why);
  I.setItems(list, count ? [{ kind: 'repeat', value, count }] : []);
}

/** `list[index] = value`, `list[1:3] = values` */
export function setListItem(I: Interpreter, list: ListValue, index: Value, value: Value, site: Site): void {
  const items = [...list.items];
  const span = index.kind === 'slice' ? spanOf(list, index) : undefined;
  const place = index.kind === 'slice' ? undefined : placeOf(list, index);
  const values = span && I.items(value);
  if (span && values) items.splice(span[0], span[1] - span[0], ...values);
  else if (place !== undefined) items[place] = value;
  else return blur(I, list, [index, value], site);
  I.setItems(list, items);
}

/** `del list[index]`, `del list[1:3]` */
export function deleteListItem(I: Interpreter, list: ListValue, index: Value, site: Site): void {
  const items = [...list.items];
  const span = index.kind === 'slice' ? spanOf(list, index) : undefined;
  const place = index.kind === 'slice' ? undefined : placeOf(list, index);
  if (span) items.splice(span[0], span[1] - span[0]);
  else if (place !== undefined) items.splice(place, 1);
  else return blur(I, list, [index], site);
  I.setItems(list, items);
}

/** `list.pop(index)`: what was taken out. */
export function popListItem(I: Interpreter, list: ListValue, index: Value, site: Site): Value {
  const place = placeOf(list, index);
  if (place === undefined) {
    const taken = I.dependent(site, [list, index], message('`{0}` can’t be worked out.', I.textOf(site)));
    blur(I, list, [index], site);
    return taken;
  }
  const taken = list.items[place]!;
  deleteListItem(I, list, index, site);
  return taken;
}
