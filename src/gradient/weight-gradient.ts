import type { Pace } from './pace';
import type { Products } from './products';
import { LOG10_2, powerOfTwo } from './scaled';

/** Multiply-accumulates of one product at most: longer ones would keep a cancel waiting. */
const PRODUCT_MACS = 1 << 26;

/** A gradient whose power of two is kept apart. */
export interface ScaledGradient {
  readonly sums: Float64Array;
  /** -Infinity when everything is 0. */
  readonly exponent: number;
}

/**
 * leftᵀ · right summed over steps and sequences, [rows × cols].
 * @param left [T·B × rows], values as they are
 * @param right [T·B × cols], step t to be multiplied by 2^exponents[t]
 */
export async function productSums(
  products: Products,
  left: Float32Array,
  right: Float32Array,
  exponents: Float64Array,
  rows: number,
  cols: number,
  pace: Pace,
): Promise<ScaledGradient> {
  const steps = exponents.length;
  const batch = left.length / rows / steps;
  const exponent = largest(exponents);
  const sums = new Float64Array(rows * cols);
  const stride = Math.max(1, Math.floor(PRODUCT_MACS / (rows * cols * batch)));
  if (exponent !== -Infinity) {
    for (let from = 0; from < steps; from += stride) {
      const to = Math.min(steps, from + stride);
      const scaled = scaledRows(right, exponents, exponent, batch * cols, from, to);
      const a = transposedRows(left, rows, from * batch, to * batch);
      const product = products.once(a, scaled, (to - from) * batch, cols);
      for (let k = 0; k < sums.length; k++) sums[k]! += product[k]!;
      const rest = pace.step(0);
      if (rest) await rest;
    }
  }
  return { sums, exponent };
}

/** The same for a bias: the sum over steps and sequences, [cols]. */
export function biasSums(right: Float32Array, exponents: Float64Array, cols: number): ScaledGradient {
  const steps = exponents.length;
  const batch = right.length / cols / steps;
  const exponent = largest(exponents);
  const sums = new Float64Array(cols);
  for (let t = 0; t < steps && exponent !== -Infinity; t++) {
    const factor = powerOfTwo(exponents[t]! - exponent);
    if (factor === 0) continue;
    for (let r = t * batch; r < (t + 1) * batch; r++)
      for (let k = 0; k < cols; k++) sums[k]! += right[r * cols + k]! * factor;
  }
  return { sums, exponent };
}

/** log10 Frobenius norms of a gradient [rows × cols], one for each stretch of `block` columns. */
export function log10BlockNorms(
  { sums, exponent }: ScaledGradient,
  cols: number,
  block: number,
): readonly number[] {
  return blockNorms(sums, sums.length / cols, cols, block).map(
    (norm) => Math.log10(norm) + (norm === 0 ? 0 : exponent * LOG10_2),
  );
}

function largest(exponents: Float64Array): number {
  return exponents.reduce((top, e) => Math.max(top, e), -Infinity);
}

function scaledRows(
  right: Float32Array,
  exponents: Float64Array,
  top: number,
  size: number,
  from: number,
  to: number,
): Float32Array {
  const out = right.slice(from * size, to * size);
  for (let t = from; t < to; t++) {
    const factor = powerOfTwo(exponents[t]! - top);
    if (factor === 1) continue;
    for (let k = (t - from) * size; k < (t - from + 1) * size; k++) out[k]! *= factor;
  }
  return out;
}

function transposedRows(a: Float32Array, cols: number, from: number, to: number): Float32Array {
  const rows = to - from;
  const out = new Float32Array(rows * cols);
  for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) out[j * rows + i] = a[(from + i) * cols + j]!;
  return out;
}

function blockNorms(sums: Float64Array, rows: number, cols: number, block: number): number[] {
  const norms: number[] = [];
  for (let from = 0; from < cols; from += block) {
    let sum = 0;
    for (let r = 0; r < rows; r++) {
      for (let k = r * cols + from; k < r * cols + from + block; k++) sum += sums[k]! * sums[k]!;
    }
    norms.push(Math.sqrt(sum));
  }
  return norms;
}
