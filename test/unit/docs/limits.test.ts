import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../../..');

/** The value of `const NAME = 64 * 1024 * 1024;` or `256 << 20`. */
function constantIn(file: string, name: string): number | undefined {
  const found = new RegExp(`const ${name} = ([\\d_ *<]+);`).exec(readFileSync(join(ROOT, file), 'utf8'))?.[1];
  if (found === undefined) return undefined;
  const [value, shift] = found.split('<<').map((part) =>
    part
      .split('*')
      .map((factor) => Number(factor.replaceAll('_', '')))
      .reduce((a, b) => a * b, 1),
  );
  return value! * 2 ** (shift ?? 0);
}

describe('The limits in docs/hardening.md', () => {
  it('are those of the code', () => {
    const text = readFileSync(join(ROOT, 'docs/hardening.md'), 'utf8');
    const rows = [...text.matchAll(/\|? *([\d,]+) *\| *\[`(\w+)`\]\(\.\.\/([^)]+)\)/g)];
    assert.ok(rows.length >= 24, `${rows.length} rows`);
    for (const [, value, name, file] of rows)
      assert.equal(Number(value!.replaceAll(',', '')), constantIn(file!, name!), `${name} in ${file}`);
  });
});
