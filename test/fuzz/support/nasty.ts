import fc from 'fast-check';

/** Values that break careless code: as a setting, an argument, a field of a message. */
export const NASTY_VALUES: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -0,
  -1,
  1.5,
  1e21,
  1e308,
  Number.MAX_SAFE_INTEGER,
  Number.MIN_VALUE,
  '',
  ' ',
  '0',
  '-1',
  '1e9',
  '__proto__',
  'constructor',
  'toString',
  '${7*7}',
  '{0}',
  '%s%n',
  '../../etc/passwd',
  '/dev/zero',
  'command:workbench.action.quit',
  '<script>alert(1)</script>',
  '\u0000',
  '\ud800',
  '\u202e',
  'a'.repeat(100_000),
  '*'.repeat(2000),
  '**/'.repeat(500),
  [],
  [[]],
  [null],
  {},
  { length: 1e9 },
  JSON.parse('{"__proto__":{"polluted":true},"constructor":1}'),
];

export const nastyValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 2, arbitrary: fc.constantFrom(...NASTY_VALUES) },
  { weight: 1, arbitrary: fc.jsonValue() },
);

/** Replaces, drops or adds parts of a JSON value, so that what comes out is nearly right. */
export function nearly(value: unknown): fc.Arbitrary<unknown> {
  const inside: fc.Arbitrary<unknown> =
    typeof value !== 'object' || value === null
      ? fc.constant(value)
      : Array.isArray(value)
        ? fc.tuple(...value.map(nearly)).map((items) => [...items])
        : fc.record(Object.fromEntries(Object.entries(value).map(([key, field]) => [key, nearly(field)])), {
            requiredKeys: [],
          });
  return fc.oneof({ weight: 8, arbitrary: inside }, { weight: 1, arbitrary: nastyValue });
}
