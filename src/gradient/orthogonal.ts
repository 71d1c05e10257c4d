import type { Stream } from './random';

/**
 * A random matrix with orthonormal rows (or columns, when there are more rows than columns), row-major: the Q factor,
 * with positive diagonal of R, of a standard normal matrix. Gram–Schmidt twice, which is as good as Householder.
 */
export function orthogonal(stream: Stream, rows: number, cols: number): Float64Array {
  const count = Math.min(rows, cols);
  const length = Math.max(rows, cols);
  const vectors = new Float64Array(count * length);
  stream.fillNormal(vectors);
  const basis: Float64Array[] = [];
  for (let k = 0; k < count; k++) {
    const v = vectors.subarray(k * length, (k + 1) * length);
    for (let pass = 0; pass < 2; pass++) for (const b of basis) subtractProjection(v, b);
    normalise(v);
    basis.push(v);
  }
  return rows <= cols ? vectors : transpose(vectors, count, length);
}

function subtractProjection(v: Float64Array, b: Float64Array): void {
  let dot = 0;
  for (let i = 0; i < v.length; i++) dot += v[i]! * b[i]!;
  for (let i = 0; i < v.length; i++) v[i]! -= dot * b[i]!;
}

function normalise(v: Float64Array): void {
  let sum = 0;
  for (let i = 0; i < v.length; i++) sum += v[i]! * v[i]!;
  const scale = 1 / Math.sqrt(sum);
  for (let i = 0; i < v.length; i++) v[i]! *= scale;
}

function transpose(a: Float64Array, rows: number, cols: number): Float64Array {
  const out = new Float64Array(a.length);
  for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) out[j * rows + i] = a[i * cols + j]!;
  return out;
}
