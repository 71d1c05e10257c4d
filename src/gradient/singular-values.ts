/** Bisections until an interval of doubles is used up. */
const BISECTIONS = 60;

/**
 * All singular values of a row-major matrix, largest first, to about 1e-15 of the largest: Householder's reduction to
 * a bidiagonal matrix (Golub and Kahan 1965), whose singular values are the positive eigenvalues of a symmetric tridiagonal
 * matrix with a zero diagonal and are found there by bisection.
 */
export function singularValues(a: Float32Array | Float64Array, rows: number, cols: number): Float64Array {
  const tall = rows >= cols;
  const [m, n] = tall ? [rows, cols] : [cols, rows];
  const work = tall ? Float64Array.from(a) : transposedOf(a, rows, cols);
  return byBisection(offDiagonals(work, m, n));
}

function transposedOf(a: Float32Array | Float64Array, rows: number, cols: number): Float64Array {
  const out = new Float64Array(a.length);
  for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) out[j * rows + i] = a[i * cols + j]!;
  return out;
}

/** Diagonal and superdiagonal of the bidiagonal form, by turns: d1, e1, d2, e2 … d_n. Signs do not matter. */
function offDiagonals(a: Float64Array, m: number, n: number): Float64Array {
  const found = new Float64Array(2 * n - 1);
  const v = new Float64Array(m);
  const sums = new Float64Array(n);
  for (let k = 0; k < n; k++) {
    // From the left: what stands below the diagonal in column k becomes 0.
    for (let i = k; i < m; i++) v[i] = a[i * n + k]!;
    const d = reflector(v, k, m);
    found[2 * k] = d.length;
    if (d.scale > 0) {
      sums.fill(0, k);
      for (let i = k; i < m; i++) for (let j = k; j < n; j++) sums[j]! += v[i]! * a[i * n + j]!;
      for (let i = k; i < m; i++)
        for (let j = k, s = d.scale * v[i]!; j < n; j++) a[i * n + j]! -= s * sums[j]!;
    }
    if (k === n - 1) break;
    // From the right: what stands beyond the superdiagonal in row k.
    for (let j = k + 1; j < n; j++) v[j] = a[k * n + j]!;
    const e = reflector(v, k + 1, n);
    found[2 * k + 1] = e.length;
    if (e.scale === 0) continue;
    for (let i = k; i < m; i++) {
      let sum = 0;
      for (let j = k + 1; j < n; j++) sum += a[i * n + j]! * v[j]!;
      sum *= e.scale;
      for (let j = k + 1; j < n; j++) a[i * n + j]! -= sum * v[j]!;
    }
  }
  return found;
}

/** Makes v[from … to) the vector of the reflection I − scale·v·vᵀ that turns it into a multiple of its first axis. */
function reflector(
  v: Float64Array,
  from: number,
  to: number,
): { readonly length: number; readonly scale: number } {
  let squares = 0;
  for (let i = from; i < to; i++) squares += v[i]! * v[i]!;
  const length = Math.sqrt(squares);
  if (length === 0) return { length, scale: 0 };
  v[from]! += v[from]! < 0 ? -length : length;
  let after = 0;
  for (let i = from; i < to; i++) after += v[i]! * v[i]!;
  return { length, scale: 2 / after };
}

/** The positive eigenvalues, largest first, of the symmetric tridiagonal matrix with these off-diagonals and a zero diagonal. */
function byBisection(off: Float64Array): Float64Array {
  const n = (off.length + 1) / 2;
  let bound = 0;
  for (let i = 0; i <= off.length; i++) bound = Math.max(bound, (off[i - 1] ?? 0) + (off[i] ?? 0));
  const values = new Float64Array(n);
  let high = bound;
  for (let k = 0; k < n; k++) {
    let low = 0;
    let top = high;
    for (let pass = 0; pass < BISECTIONS && top - low > 1e-16 * bound; pass++) {
      const middle = (low + top) / 2;
      if (countAbove(off, middle) > k) low = middle;
      else top = middle;
    }
    high = top;
    values[k] = (low + top) / 2;
  }
  return values;
}

/** How many eigenvalues lie above x > 0: the negative pivots of x·I − T (Sylvester's law of inertia). */
function countAbove(off: Float64Array, x: number): number {
  let count = 0;
  let pivot = x;
  for (let i = 0; i < off.length; i++) {
    if (pivot === 0) pivot = 1e-300;
    pivot = x - (off[i]! * off[i]!) / pivot;
    if (pivot < 0) count++;
  }
  return count;
}
