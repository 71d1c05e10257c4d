import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  add,
  constant,
  equalDims,
  floorDiv,
  max,
  mod,
  mul,
  pow,
  sub,
  substitute,
  symbol,
  symbolsIn,
  valueOf,
} from '../../../src/model/dim';
import { formatDim } from '../../../src/model/dim-format';

const [i, h] = [symbol('ninp'), symbol('nhid')];

describe('dim', () => {
  it('takes out what all terms share', () => {
    assert.equal(formatDim(mul(4, h, add(i, h, 2))), '4·nhid·(ninp + nhid + 2)');
    assert.equal(formatDim(sub(1, h)), '1 - nhid');
    assert.equal(formatDim(add(mul(h, h), 1)), 'nhid² + 1');
  });

  it('knows two ways of writing one size', () => {
    assert.ok(equalDims(mul(add(i, h), add(i, h)), add(pow(i, 2), mul(2, h, i), mul(h, h))));
    assert.ok(equalDims(floorDiv(mul(4, h), 2), mul(2, h)));
    assert.ok(!equalDims(mul(2, floorDiv(h, 2)), h));
    assert.ok(equalDims(max(h, i), max(i, h)));
  });

  it("rounds as Python's // and % do", () => {
    assert.equal(valueOf(floorDiv(-7, 2)), -4);
    assert.equal(valueOf(mod(-7, 2)), 1);
    assert.throws(() => floorDiv(h, 0), RangeError);
  });

  it('says a number it cannot hold exactly is none', () => {
    assert.equal(valueOf(mul(2 ** 52, 2 ** 52)), undefined);
  });

  it('stays small under a product with very many terms', () => {
    const sum = add(...Array.from({ length: 100 }, (_, k) => symbol(`x${k}`)));
    const big = mul(sum, sum, sum);
    const values = new Map([...symbolsIn(big)].map((name) => [name, 1]));
    assert.equal(valueOf(substitute(big, values)), 1_000_000);
  });

  it('evaluates to what integers give', () => {
    const size = fc.integer({ min: 1, max: 5000 });
    fc.assert(
      fc.property(size, size, fc.integer({ min: 1, max: 9 }), (a, b, k) => {
        const formula = add(mul(k, h, add(i, h, 2)), floorDiv(i, k), mod(h, k));
        const expected = k * b * (a + b + 2) + Math.floor(a / k) + (b % k);
        assert.equal(
          valueOf(
            substitute(
              formula,
              new Map([
                ['ninp', a],
                ['nhid', b],
              ]),
            ),
          ),
          expected,
        );
      }),
    );
  });

  it('substitutes sizes for sizes', () => {
    assert.ok(equalDims(substitute(mul(h, i), new Map([['nhid', mul(2, i)]])), mul(2, i, i)));
    assert.ok(equalDims(substitute(constant(3), new Map()), 3));
  });
});
