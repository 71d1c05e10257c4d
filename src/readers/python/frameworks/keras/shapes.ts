import { BATCH, type Dim, SEQ_LEN, type Shape, equalDims, message, valueOf } from '../../../../model';
import type { Host } from '../../evaluate/host';
import { int, tuple } from '../../evaluate/make';
import { NONE, type Value } from '../../evaluate/values';

/** A shape as Keras gives it: open axes are None. */
export function shapeTuple(shape: Shape | undefined, host: Host): Value {
  if (!shape) return host.unknown(message('This shape cannot be worked out.'), 'shape');
  return tuple(shape.map((d) => (equalDims(d, BATCH) || equalDims(d, SEQ_LEN) ? NONE : int(d))));
}

/** A shape from a value: None becomes the batch (first) or the sequence length (second); undefined when something else is open. */
export function shapeOf(value: Value | undefined, host: Host): Shape | undefined {
  if (value?.kind !== 'list' && value?.kind !== 'tuple') return undefined;
  const dims = value.items.map((item, i): Dim | undefined => {
    if (item.kind === 'none') return [BATCH, SEQ_LEN][i];
    return item.kind === 'int' || item.kind === 'unknown' ? host.dim(item) : undefined;
  });
  return dims.every((d) => d !== undefined) ? dims : undefined;
}

/** A whole number, if it is known. */
export function numberOf(value: Value | undefined, host: Host): number | undefined {
  if (value?.kind !== 'int') return undefined;
  const d = host.dim(value);
  return d && valueOf(d);
}
