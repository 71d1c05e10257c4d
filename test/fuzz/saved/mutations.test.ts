import fc from 'fast-check';
import { BUDGET, SEEDS, seed, survives } from './survive';

/** Sizes and counts that break careless readers. */
const NASTY = [
  [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
  [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f],
  [0, 0, 0, 0, 0, 0, 0, 0x80],
  [0, 0, 0, 0x80],
  [0xff, 0xff, 0xff, 0x7f],
  [0, 0, 0, 0],
  [0xff],
  [0],
];

const edit = fc.oneof(
  fc.record({
    kind: fc.constant('set' as const),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    bytes: fc.constantFrom(...NASTY),
  }),
  fc.record({
    kind: fc.constant('set' as const),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    bytes: fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 1, maxLength: 8 }),
  }),
  fc.record({
    kind: fc.constant('copy' as const),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    from: fc.double({ min: 0, max: 1, noNaN: true }),
    length: fc.integer({ min: 1, max: 64 }),
  }),
  fc.record({
    kind: fc.constant('cut' as const),
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    length: fc.integer({ min: 1, max: 64 }),
  }),
);
type Edit = typeof edit extends fc.Arbitrary<infer T> ? T : never;

function apply(bytes: Uint8Array, edits: readonly Edit[]): Uint8Array {
  let out = Uint8Array.from(bytes);
  for (const e of edits) {
    const at = Math.floor(e.at * out.length);
    if (e.kind === 'set') out.set(e.bytes.slice(0, out.length - at), at);
    else if (e.kind === 'copy') {
      const from = Math.floor(e.from * out.length);
      out.copyWithin(at, from, Math.min(out.length, from + e.length));
    } else out = new Uint8Array([...out.subarray(0, at), ...out.subarray(at + e.length)]);
  }
  return out;
}

describe('Saved models, damaged', () => {
  for (const path of SEEDS) {
    it(`${path}: cut off anywhere`, async () => {
      const bytes = seed(path);
      const step = Math.max(1, Math.round((bytes.length > 16384 ? 1024 : 64) / BUDGET));
      for (let length = 0; length < bytes.length; length += step)
        await survives(path, bytes.subarray(0, length));
    });

    it(`${path}: changed at random`, async () => {
      const bytes = seed(path);
      await fc.assert(
        fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 6 }), async (edits) => {
          await survives(path, apply(bytes, edits));
        }),
        { numRuns: 120 * BUDGET },
      );
    });
  }

  it('bytes without any sense, under every name', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), fc.constantFrom(...SEEDS), async (bytes, path) => {
        await survives(path, bytes);
      }),
      { numRuns: 500 * BUDGET },
    );
  });
});
