import { strict as assert } from 'node:assert';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { conversionsEverywhere } from '../../golden/conversions_everywhere';

interface Golden {
  readonly name: string;
  readonly sha256: string;
  readonly predicted: number;
  readonly total: number;
}

/** What the frameworks built from these very texts: test/golden/conversions_everywhere.py. */
const golden = JSON.parse(
  readFileSync(resolve(import.meta.dirname, '../../golden/conversions_everywhere.json'), 'utf8'),
) as readonly Golden[];

describe('Every change that is offered for a layer of the fixtures and examples', () => {
  // Some 700 changes, each read again.
  it('gives the code that the frameworks built and ran, and predicts what they counted', async function () {
    this.timeout(300_000);
    const made = (await conversionsEverywhere()).flatMap(({ name, text, predicted }) =>
      text === undefined
        ? []
        : [{ name, sha256: createHash('sha256').update(text).digest('hex'), predicted, total: predicted }],
    );
    // A fixture that is newer than the frameworks' last word is not among them.
    const byName = new Map(made.map((m) => [m.name, m]));
    assert.ok(golden.length > 300);
    for (const { name, sha256, predicted, total } of golden)
      assert.deepEqual(byName.get(name), { name, sha256, predicted, total });
  });
});
