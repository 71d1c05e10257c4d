import { strict as assert } from 'node:assert';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { allConversions } from '../../golden/conversions';

interface Golden {
  readonly name: string;
  readonly sha256: string;
  readonly predicted: number;
  readonly total: number;
}

/** What the frameworks built from these very texts: test/golden/conversions.py. */
const golden = JSON.parse(
  readFileSync(resolve(import.meta.dirname, '../../golden/conversions.json'), 'utf8'),
) as readonly Golden[];

describe('Conversions', () => {
  it('give the code that the frameworks built and ran, and predict what they counted', async () => {
    const made = (await allConversions()).flatMap(({ name, text, predicted }) =>
      text === undefined
        ? []
        : [{ name, sha256: createHash('sha256').update(text).digest('hex'), predicted, total: predicted }],
    );
    assert.deepEqual(
      made.map((m) => m.name),
      golden.map((g) => g.name),
    );
    for (const [i, conversion] of made.entries()) {
      const { name, sha256, predicted, total } = golden[i]!;
      assert.deepEqual(conversion, { name, sha256, predicted, total });
    }
  });

  it('are refused where the frameworks could not run them', async () => {
    const refused = (await allConversions()).filter((c) => c.refused !== undefined);
    assert.ok(refused.some((c) => c.name === 'torch_lstm_cells.py first hidden size 32'));
    assert.ok(refused.every((c) => c.refused !== ''));
  });
});
