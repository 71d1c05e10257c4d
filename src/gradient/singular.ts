import { Stream } from './random';

const MAX_ITERATIONS = 300;
const TOLERANCE = 1e-9;
/** How often the estimate is looked at: finding it costs a little each time. */
const LOOK_EVERY = 5;

/**
 * The largest singular value of a row-major matrix, by Lanczos' iteration on AᵀA with full reorthogonalisation, to a
 * relative 1e-9 or so.
 */
export function largestSingularValue(a: Float32Array | Float64Array, rows: number, cols: number): number {
  const basis: Float64Array[] = [];
  const alpha: number[] = [];
  const beta: number[] = [];
  let v: Float64Array = new Float64Array(cols);
  new Stream(0, 'lanczos').fillNormal(v);
  scale(v, 1 / norm(v));
  let estimate = 0;
  const most = Math.min(cols, MAX_ITERATIONS);
  for (let k = 0; k < most; k++) {
    basis.push(v);
    const w = normalTimes(a, rows, cols, v);
    alpha.push(dot(w, v));
    for (let pass = 0; pass < 2; pass++) for (const b of basis) subtract(w, b, dot(w, b));
    const length = norm(w);
    const exhausted = length <= 1e-13 * Math.abs(alpha[0]!) || k === most - 1;
    if (exhausted || k % LOOK_EVERY === LOOK_EVERY - 1) {
      const now = largestTridiagonal(alpha, beta);
      if (exhausted || now - estimate <= TOLERANCE * now) return Math.sqrt(Math.max(0, now));
      estimate = now;
    }
    beta.push(length);
    scale(w, 1 / length);
    v = w;
  }
  return Math.sqrt(Math.max(0, estimate));
}

/** Aᵀ(A·v). */
function normalTimes(
  a: Float32Array | Float64Array,
  rows: number,
  cols: number,
  v: Float64Array,
): Float64Array {
  const out = new Float64Array(cols);
  for (let i = 0; i < rows; i++) {
    const at = i * cols;
    let sum = 0;
    for (let j = 0; j < cols; j++) sum += a[at + j]! * v[j]!;
    for (let j = 0; j < cols; j++) out[j]! += sum * a[at + j]!;
  }
  return out;
}

/** The largest eigenvalue of a symmetric tridiagonal matrix, by bisection on Sturm counts. */
function largestTridiagonal(alpha: readonly number[], beta: readonly number[]): number {
  const n = alpha.length;
  let low = Math.max(...alpha);
  let high = low;
  for (let i = 0; i < n; i++)
    high = Math.max(high, alpha[i]! + Math.abs(beta[i - 1] ?? 0) + Math.abs(beta[i] ?? 0));
  for (let k = 0; k < 100 && high - low > 1e-14 * high; k++) {
    const middle = (low + high) / 2;
    if (hasEigenvalueAbove(alpha, beta, middle)) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

function hasEigenvalueAbove(alpha: readonly number[], beta: readonly number[], x: number): boolean {
  let d = 1;
  for (let i = 0; i < alpha.length; i++) {
    const b = i === 0 ? 0 : beta[i - 1]!;
    d = alpha[i]! - x - (b * b) / d;
    if (d > 0) return true;
    if (d === 0) d = -1e-300;
  }
  return false;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function norm(a: Float64Array): number {
  return Math.sqrt(dot(a, a));
}

function subtract(w: Float64Array, b: Float64Array, by: number): void {
  for (let i = 0; i < w.length; i++) w[i]! -= by * b[i]!;
}

function scale(a: Float64Array, by: number): void {
  for (let i = 0; i < a.length; i++) a[i]! *= by;
}
