import { add, constant, floorDiv, max, min, sub, valueOf, type Dim, type Shape } from '../../../../model';
import type { Host } from '../../evaluate/host';
import type { SliceValue, TensorValue, Value } from '../../evaluate/values';
import { infoOf, isOpen, openSize, openView, unknownShape } from './shapes';

/** `tensor[index]`: integers drop an axis, slices shorten it, `None` adds one, `...` stands for the rest. */
export function tensorItem(tensor: TensorValue, index: Value, host: Host): Value {
  const shape = tensor.shape;
  if (isOpen(tensor)) return openItem(tensor, index, host);
  if (!shape) return unknownShape(host, tensor.why);
  const parts = index.kind === 'tuple' ? index.items : [index];
  const result: Dim[] = [];
  const consumed =
    parts.filter((p) => !(p.kind === 'none' && !p.ellipsis)).length -
    parts.filter((p) => p.kind === 'none' && p.ellipsis).length;
  let at = 0;
  for (const part of parts) {
    if (part.kind === 'none' && part.ellipsis) {
      const skip = shape.length - consumed;
      result.push(...shape.slice(at, at + skip));
      at += skip;
    } else if (part.kind === 'none') result.push(constant(1));
    else if (at >= shape.length) return unknownShape(host);
    else if (part.kind === 'slice') {
      const length = sliced(shape[at]!, part, host);
      if (!length) return unknownShape(host);
      result.push(length);
      at++;
    } else if (part.kind === 'int' || part.kind === 'unknown' || part.kind === 'bool') at++;
    else if (part.kind === 'tensor' && part.shape) {
      // Indexing by a tensor of positions: its axes take the place of the indexed one.
      if (parts.length > 1) return unknownShape(host);
      result.push(...part.shape);
      at++;
    } else if (part.kind === 'list' || part.kind === 'range') {
      if (parts.length > 1) return unknownShape(host);
      const items = host.items(part);
      if (!items) return unknownShape(host);
      result.push(constant(items.length));
      at++;
    } else return unknownShape(host);
  }
  return host.tensor([...result, ...shape.slice(at)]);
}

/** `x[t]`, `x[:, t]`, `x[:, t, :]` of a model input: one step of it. */
function openItem(tensor: TensorValue, index: Value, host: Host): Value {
  const parts = index.kind === 'tuple' ? index.items : [index];
  const whole = (p: Value) =>
    p.kind === 'slice' && p.lower.kind === 'none' && p.upper.kind === 'none' && p.step.kind === 'none';
  const picked = parts.flatMap((p, i) => (whole(p) ? [] : [i]));
  const at = picked[0];
  const part = at === undefined ? undefined : parts[at];
  if (picked.length !== 1 || (part?.kind !== 'int' && part?.kind !== 'unknown'))
    return unknownShape(host, tensor.why);
  const length = openSize(tensor, at!);
  return openView(
    tensor,
    host,
    (shape) => (shape.length >= at! ? [...shape.slice(0, at), length, ...shape.slice(at)] : undefined),
    { dropped: (infoOf(tensor).input?.dropped ?? 0) + 1 },
  );
}

/** The length of `size[lower:upper:step]`. */
function sliced(size: Dim, slice: SliceValue, host: Host): Dim | undefined {
  const bound = (v: Value): Dim | undefined | null =>
    v.kind === 'none' ? null : v.kind === 'tensor' ? undefined : host.dim(v);
  const [lower, upper, step] = [bound(slice.lower), bound(slice.upper), bound(slice.step)];
  if (lower === undefined || upper === undefined || step === undefined) return undefined;
  const place = (d: Dim | null, fallback: Dim): Dim => {
    if (d === null) return fallback;
    const n = valueOf(d);
    const s = valueOf(size);
    if (n !== undefined && n < 0) return s === undefined ? add(size, n) : constant(Math.max(0, s + n));
    if (n === 0) return d;
    return s !== undefined && n !== undefined
      ? constant(Math.min(n, s))
      : s === undefined && n !== undefined && n > 0
        ? clipped(size, n)
        : min(d, size);
  };
  const length = sub(place(upper, size), place(lower, constant(0)));
  const by = step === null ? 1 : valueOf(step);
  if (by === undefined || by === 0) return undefined;
  const span = valueOf(length) === undefined ? length : max(length, 0);
  return Math.abs(by) === 1 ? span : floorDiv(add(span, Math.abs(by) - 1), Math.abs(by));
}

/** A constant position in an axis of unknown length: taken to be inside. */
function clipped(size: Dim, n: number): Dim {
  void size;
  return constant(n);
}

/** The shape of `a + b` by broadcasting; undefined when it can't be told. */
export function broadcast(a: Shape, b: Shape): Shape | undefined {
  const rank = Math.max(a.length, b.length);
  const result: Dim[] = [];
  for (let i = 1; i <= rank; i++) {
    const [x, y] = [a.at(-i), b.at(-i)];
    if (!x || !y) result.unshift((x ?? y)!);
    else if (valueOf(x) === 1) result.unshift(y);
    else result.unshift(x);
  }
  return result;
}
