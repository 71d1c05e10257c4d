import assert from 'node:assert/strict';
import fc from 'fast-check';
import { nearest, quadraticHint } from '../../../src/compare/search';

describe('nearest size', () => {
  it('takes the smaller of two that are equally near', () => {
    assert.equal(
      nearest((n) => BigInt(2 * n), 5n),
      2,
    );
    assert.equal(
      nearest((n) => BigInt(10 * n), 25n),
      2,
    );
  });

  it('takes the smallest of a flat stretch', () => {
    const stairs = (n: number) => BigInt(10 * Math.floor(n / 4));
    assert.equal(nearest(stairs, 20n), 8);
    assert.equal(nearest(stairs, 24n), 8);
  });

  it('never goes below the least size, and ends where values never reach the target', () => {
    assert.equal(
      nearest((n) => BigInt(100 * n), 3n),
      1,
    );
    assert.equal(
      nearest(() => 7n, 9n),
      1,
    );
  });

  it('asks a handful of times when the hint is good', () => {
    let asked = 0;
    const value = (n: number) => {
      asked++;
      return BigInt(n * (n + 66));
    };
    const target = value(297) + 5n;
    const points = ([128, 256, 512] as const).map((n) => [n, Number(value(n))] as const);
    const hint = quadraticHint(points as unknown as Parameters<typeof quadraticHint>[0], Number(target));
    asked = 0;
    assert.equal(nearest(value, target, 1, hint), 297);
    assert.ok(asked <= 8, String(asked));
  });

  it('a hint for what is no parabola is still a size', () => {
    const flat = [
      [1, 5],
      [2, 5],
      [4, 5],
    ] as const;
    assert.equal(quadraticHint(flat, 9), 2);
    assert.equal(
      quadraticHint(
        [
          [1, 10],
          [2, 20],
          [4, 40],
        ],
        30,
      ),
      3,
    );
  });

  it('is what brute force finds, for any rising function', () => {
    const steps = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 60, maxLength: 60 });
    fc.assert(
      fc.property(
        steps,
        fc.integer({ min: 0, max: 150 }),
        fc.integer({ min: 1, max: 80 }),
        (rises, target, hint) => {
          const values: number[] = [];
          rises.reduce((sum, rise) => (values.push(sum + rise), sum + rise), 0);
          const value = (n: number) => values[n - 1] ?? values.at(-1)! + 10 * (n - values.length);
          let best = 1;
          for (let n = 2; n <= 90; n++) {
            if (Math.abs(value(n) - target) < Math.abs(value(best) - target)) best = n;
          }
          const found = nearest((n) => BigInt(value(n)), BigInt(target));
          assert.equal(found, best);
          assert.equal(
            nearest((n) => BigInt(value(n)), BigInt(target), 1, hint),
            best,
          );
        },
      ),
    );
  });
});
