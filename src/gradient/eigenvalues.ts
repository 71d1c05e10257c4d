/**
 * The spectral radius (largest modulus of an eigenvalue) of a real square matrix, row-major: reduction to Hessenberg form
 * by stabilised elimination, then the shifted QR iteration with implicit double shifts (EISPACK's elmhes and hqr,
 * eigenvalues only). Work on the order of 10·n³. Undefined in the rare case that the iteration does not settle.
 */
export function spectralRadius(matrix: Float32Array | Float64Array, n: number): number | undefined {
  const rows = Array.from({ length: n }, (_, i) => Float64Array.from(matrix.subarray(i * n, (i + 1) * n)));
  toHessenberg(rows);
  return hessenbergRadius(rows);
}

function toHessenberg(a: Float64Array[]): void {
  const n = a.length;
  for (let m = 1; m < n - 1; m++) {
    let pivot = m;
    for (let i = m; i < n; i++) if (Math.abs(a[i]![m - 1]!) > Math.abs(a[pivot]![m - 1]!)) pivot = i;
    if (a[pivot]![m - 1] === 0) continue;
    if (pivot !== m) {
      [a[pivot], a[m]] = [a[m]!, a[pivot]!];
      for (const row of a) [row[pivot], row[m]] = [row[m]!, row[pivot]!];
    }
    const top = a[m]!;
    for (let i = m + 1; i < n; i++) {
      const row = a[i]!;
      const y = row[m - 1]! / top[m - 1]!;
      if (y === 0) continue;
      row[m - 1] = 0;
      for (let j = m; j < n; j++) row[j]! -= y * top[j]!;
      for (const r of a) r[m]! += y * r[i]!;
    }
  }
}

const MAX_SWEEPS = 60;

function hessenbergRadius(a: Float64Array[]): number | undefined {
  let radius = 0;
  let high = a.length - 1;
  let shifted = 0;
  let sweeps = 0;
  let norm = 0;
  for (const [i, row] of a.entries())
    for (let j = Math.max(0, i - 1); j < row.length; j++) norm += Math.abs(row[j]!);
  while (high >= 0) {
    const low = smallSubdiagonal(a, high, norm);
    const corner = a[high]![high]!;
    if (low === high) {
      radius = Math.max(radius, Math.abs(corner + shifted));
      high -= 1;
      sweeps = 0;
    } else if (low === high - 1) {
      radius = Math.max(radius, pairRadius(a, high, shifted));
      high -= 2;
      sweeps = 0;
    } else {
      if (sweeps === MAX_SWEEPS) return undefined;
      let x = corner;
      let y = a[high - 1]![high - 1]!;
      let w = a[high]![high - 1]! * a[high - 1]![high]!;
      if (sweeps > 0 && sweeps % 10 === 0) {
        // An exceptional shift, for the rare matrices on which the usual one goes round in circles.
        shifted += x;
        for (let i = 0; i <= high; i++) a[i]![i]! -= x;
        const s = Math.abs(a[high]![high - 1]!) + Math.abs(a[high - 1]![high - 2]!);
        x = y = 0.75 * s;
        w = -0.4375 * s * s;
      }
      sweeps++;
      doubleStep(a, low, high, x, y, w);
    }
  }
  return radius;
}

/** The row below which the matrix splits: everything left of its diagonal is negligible. */
function smallSubdiagonal(a: Float64Array[], high: number, norm: number): number {
  for (let l = high; l >= 1; l--) {
    const s = Math.abs(a[l - 1]![l - 1]!) + Math.abs(a[l]![l]!) || norm;
    if (Math.abs(a[l]![l - 1]!) < Number.EPSILON * s) {
      a[l]![l - 1] = 0;
      return l;
    }
  }
  return 0;
}

/** The larger modulus of the two eigenvalues of the 2 × 2 block that ends at `high`. */
function pairRadius(a: Float64Array[], high: number, shifted: number): number {
  const x = a[high]![high]! + shifted;
  const y = a[high - 1]![high - 1]! + shifted;
  const w = a[high]![high - 1]! * a[high - 1]![high]!;
  const p = 0.5 * (y - x);
  const q = p * p + w;
  if (q < 0) return Math.hypot(x + p, Math.sqrt(-q));
  const z = p + (p < 0 ? -Math.sqrt(q) : Math.sqrt(q));
  return z === 0 ? Math.abs(x) : Math.max(Math.abs(x + z), Math.abs(x - w / z));
}

/** One implicit double-shift QR step on rows and columns low … high. */
function doubleStep(a: Float64Array[], low: number, high: number, x: number, y: number, w: number): void {
  let p = 0;
  let q = 0;
  let r = 0;
  let start = high - 2;
  for (; start >= low; start--) {
    const z = a[start]![start]!;
    const rr = x - z;
    const ss = y - z;
    p = (rr * ss - w) / a[start + 1]![start]! + a[start]![start + 1]!;
    q = a[start + 1]![start + 1]! - z - rr - ss;
    r = a[start + 2]![start + 1]!;
    const s = Math.abs(p) + Math.abs(q) + Math.abs(r);
    p /= s;
    q /= s;
    r /= s;
    if (start === low) break;
    const u = Math.abs(a[start]![start - 1]!) * (Math.abs(q) + Math.abs(r));
    const v =
      Math.abs(p) * (Math.abs(a[start - 1]![start - 1]!) + Math.abs(z) + Math.abs(a[start + 1]![start + 1]!));
    if (u < Number.EPSILON * v) break;
  }
  for (let i = start + 2; i <= high; i++) {
    a[i]![i - 2] = 0;
    if (i !== start + 2) a[i]![i - 3] = 0;
  }
  for (let k = start; k < high; k++) {
    const last = k === high - 1;
    let scale = 0;
    if (k !== start) {
      p = a[k]![k - 1]!;
      q = a[k + 1]![k - 1]!;
      r = last ? 0 : a[k + 2]![k - 1]!;
      scale = Math.abs(p) + Math.abs(q) + Math.abs(r);
      if (scale === 0) continue;
      p /= scale;
      q /= scale;
      r /= scale;
    }
    const length = Math.sqrt(p * p + q * q + r * r);
    const s = p < 0 ? -length : length;
    if (s === 0) continue;
    if (k !== start) a[k]![k - 1] = -s * scale;
    else if (low !== start) a[k]![k - 1] = -a[k]![k - 1]!;
    p += s;
    const fx = p / s;
    const fy = q / s;
    const fz = r / s;
    q /= p;
    r /= p;
    reflect(a, k, low, high, last, [fx, fy, fz], q, r);
  }
}

function reflect(
  a: Float64Array[],
  k: number,
  low: number,
  high: number,
  last: boolean,
  [x, y, z]: readonly [number, number, number],
  q: number,
  r: number,
): void {
  const top = a[k]!;
  const middle = a[k + 1]!;
  const bottom = a[k + 2];
  for (let j = k; j <= high; j++) {
    let p = top[j]! + q * middle[j]!;
    if (!last) {
      p += r * bottom![j]!;
      bottom![j]! -= p * z;
    }
    middle[j]! -= p * y;
    top[j]! -= p * x;
  }
  const until = Math.min(high, k + 3);
  for (let i = low; i <= until; i++) {
    const row = a[i]!;
    let p = x * row[k]! + y * row[k + 1]!;
    if (!last) {
      p += z * row[k + 2]!;
      row[k + 2]! -= p * r;
    }
    row[k + 1]! -= p * q;
    row[k]! -= p;
  }
}
