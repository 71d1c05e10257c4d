import assert from 'node:assert/strict';
import { tanh } from '../../../src/gradient/activations';
import { spectralRadius } from '../../../src/gradient/eigenvalues';
import { orthogonal } from '../../../src/gradient/orthogonal';
import { Stream } from '../../../src/gradient/random';
import { largestSingularValue } from '../../../src/gradient/singular';
import { singularValues } from '../../../src/gradient/singular-values';

describe('random streams', () => {
  const many = (draw: (s: Stream, i: number) => number, n = 40_000): number[] => {
    const stream = new Stream(3, 'test');
    return Array.from({ length: n }, (_, i) => draw(stream, i));
  };
  const mean = (xs: number[]): number => xs.reduce((a, b) => a + b, 0) / xs.length;

  it('uniform: mean, variance, no correlation of neighbours', () => {
    const xs = many((s, i) => s.uniform(i) - 0.5);
    assert.ok(Math.abs(mean(xs)) < 0.005);
    assert.ok(Math.abs(mean(xs.map((x) => x * x)) - 1 / 12) < 0.002);
    assert.ok(Math.abs(mean(xs.slice(1).map((x, i) => x * xs[i]!))) < 0.001);
  });

  it('normal: mean, variance, kurtosis; truncated: within two', () => {
    const xs = many((s, i) => s.normal(i));
    assert.ok(Math.abs(mean(xs)) < 0.02);
    assert.ok(Math.abs(mean(xs.map((x) => x * x)) - 1) < 0.03);
    assert.ok(Math.abs(mean(xs.map((x) => x ** 4)) - 3) < 0.2);
    const cut = many((s, i) => s.truncatedNormal(i));
    assert.ok(Math.max(...cut.map(Math.abs)) <= 2);
    assert.ok(Math.abs(Math.sqrt(mean(cut.map((x) => x * x))) - 0.8796) < 0.01);
  });

  it('streams of other seeds and names are other numbers', () => {
    const first = (seed: number, name: string): number => new Stream(seed, name).uniform(0);
    assert.equal(new Set([first(1, 'a'), first(2, 'a'), first(1, 'b'), first(2, 'b')]).size, 4);
  });
});

describe('orthogonal', () => {
  for (const [rows, cols] of [
    [5, 5],
    [4, 12],
    [12, 4],
  ] as const) {
    it(`${rows} × ${cols}: the shorter side is orthonormal`, () => {
      const q = orthogonal(new Stream(1, 'q'), rows, cols);
      const at = (i: number, k: number): number => (rows <= cols ? q[i * cols + k]! : q[k * cols + i]!);
      const [count, length] = [Math.min(rows, cols), Math.max(rows, cols)];
      for (let i = 0; i < count; i++)
        for (let j = 0; j < count; j++) {
          let dot = 0;
          for (let k = 0; k < length; k++) dot += at(i, k) * at(j, k);
          assert.ok(Math.abs(dot - (i === j ? 1 : 0)) < 1e-12);
        }
    });
  }
});

describe('spectra', () => {
  it('known eigenvalues: rotation, triangular, nilpotent, companion', () => {
    assert.ok(Math.abs(spectralRadius(Float64Array.of(0, -2, 2, 0), 2)! - 2) < 1e-12);
    assert.ok(Math.abs(spectralRadius(Float64Array.of(1, 5, 9, 0, -4, 7, 0, 0, 3), 3)! - 4) < 1e-12);
    assert.equal(spectralRadius(Float64Array.of(0, 1, 0, 0), 2), 0);
    // x³ − 6x² + 11x − 6 has the roots 1, 2, 3.
    assert.ok(Math.abs(spectralRadius(Float64Array.of(6, -11, 6, 1, 0, 0, 0, 1, 0), 3)! - 3) < 1e-10);
  });

  it('a product of orthogonal and diagonal matrices has the largest entry as its singular value', () => {
    const n = 30;
    const q = orthogonal(new Stream(2, 'u'), n, n).map((x, i) => x * (0.1 + (i % n) / n));
    assert.ok(Math.abs(largestSingularValue(q, n, n) - (0.1 + (n - 1) / n)) < 1e-8);
    singularValues(q, n, n).forEach((s, i) => assert.ok(Math.abs(s - (0.1 + (n - 1 - i) / n)) < 1e-14));
  });

  it('all singular values of a matrix that is not square, of a singular one, of zeros', () => {
    // AᵀA of [[1, 0, 2], [0, 3, 0]] has the eigenvalues 9 and 5.
    for (const [rows, cols, a] of [
      [2, 3, [1, 0, 2, 0, 3, 0]],
      [3, 2, [1, 0, 0, 3, 2, 0]],
    ] as const) {
      const [first, second, ...more] = singularValues(Float64Array.from(a), rows, cols);
      assert.ok(Math.abs(first! - 3) < 1e-14 && Math.abs(second! - Math.sqrt(5)) < 1e-14);
      assert.deepEqual(more, []);
    }
    const one = singularValues(new Float64Array(9).fill(1), 3, 3);
    assert.ok(Math.abs(one[0]! - 3) < 1e-14 && one[1]! < 1e-14 && one[2]! < 1e-14);
    assert.deepEqual([...singularValues(new Float64Array(4), 2, 2)], [0, 0]);
    assert.deepEqual([...singularValues(Float64Array.of(-7), 1, 1)], [7]);
  });
});

describe('tanh', () => {
  it('is Math.tanh to 1e-10 relative, everywhere', () => {
    for (let x = 1e-12; x < 50; x *= 1.1)
      for (const y of [x, -x]) assert.ok(Math.abs(tanh(y) / Math.tanh(y) - 1) < 1e-10, String(y));
    assert.equal(tanh(0), 0);
  });
});
