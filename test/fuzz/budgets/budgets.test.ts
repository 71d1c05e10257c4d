import assert from 'node:assert/strict';
import fc from 'fast-check';
import { matchesGlob, parseBudgets } from '../../../src/advice/budgets';
import { GitIgnore } from '../../../src/engine/gitignore';
import { formatMessage } from '../../../src/model';
import { nearly, nastyValue } from '../support/nasty';
import { BUDGET, tried } from '../support/tried';

const GENUINE = {
  $schema: './budgets.schema.json',
  budgets: [
    { file: 'models/**/*.py', model: 'Encoder', maxParams: 1_000_000, assume: { vocab_size: 10_000 } },
    { file: '*.onnx', maxFlops: 1e9, sequenceLength: 50, batchSize: 8 },
  ],
};
const PATHS = ['models/a/b/c/encoder.py', 'x.py', 'a/'.repeat(200) + 'model.onnx', '', '/', '../x.py'];

function used(text: string): void {
  const { budgets, problems } = parseBudgets(text);
  for (const problem of problems) assert.ok(!/\{\d\}/.test(formatMessage(problem)));
  for (const { file } of budgets) if (file !== undefined) PATHS.forEach((path) => matchesGlob(file, path));
}

describe('Budgets', () => {
  it('rnn-lens.json, nearly right or damaged: what is wrong is said, the rest is used', async () => {
    const text = fc.oneof(
      { weight: 3, arbitrary: nearly(GENUINE).map((value) => JSON.stringify(value) ?? '') },
      { weight: 1, arbitrary: nastyValue.map((value) => JSON.stringify({ budgets: value })) },
      { weight: 1, arbitrary: fc.nat(200).map((n) => JSON.stringify(GENUINE).slice(0, n)) },
      { weight: 1, arbitrary: fc.string() },
    );
    await fc.assert(
      fc.asyncProperty(text, async (value) => {
        await tried('Budgets', value.length, () => used(value));
      }),
      { numRuns: 1000 * BUDGET },
    );
  });

  it('globs and ignore files: no pattern takes long', async () => {
    const pattern = fc
      .array(fc.constantFrom('*', '**', '**/', '?', 'a', '/', '!', '#', '\\', '[', ' ', '{'), {
        maxLength: 80,
      })
      .map((parts) => parts.join(''));
    await fc.assert(
      fc.asyncProperty(pattern, fc.array(pattern, { maxLength: 8 }), async (glob, lines) => {
        await tried('Budgets', glob.length, () => {
          PATHS.forEach((path) => matchesGlob(glob, path));
          const ignore = new GitIgnore(lines.join('\n'));
          PATHS.forEach((path) => ignore.ignores(path));
        });
      }),
      { numRuns: 300 * BUDGET },
    );
  });
});
