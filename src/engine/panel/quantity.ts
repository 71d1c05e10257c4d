import { type Dim, formatDim, valueOf } from '../../model';
import type { Quantity } from '../../protocol/panel';

export const UNKNOWN_QUANTITY: Quantity = { value: null };

/** A size as the page takes it. Undefined stays unknown; a formula, or digits beyond a double, goes along as text. */
export function quantityOf(dim: Dim | undefined): Quantity {
  if (dim === undefined) return UNKNOWN_QUANTITY;
  const value = valueOf(dim);
  return value === undefined ? { value: null, formula: formatDim(dim) } : { value };
}
