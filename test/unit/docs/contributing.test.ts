import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { costModel } from '../../../src/cost';
import { DEFAULT_WORKLOAD, valueOf } from '../../../src/model';
import { memorySource } from '../../../src/readers/bytes';
import type { SavedReader } from '../../../src/readers/saved';

const ROOT = join(__dirname, '../../..');
const text = readFileSync(join(ROOT, 'CONTRIBUTING.md'), 'utf8');

/** The reader of the worked example, as a newcomer would have it after copying the page. */
function exampleReader(): SavedReader {
  const block = /```ts\n(\/\/ src\/readers\/npz\.ts\n[\s\S]*?)```/.exec(text);
  assert.ok(block, 'the worked example is there');
  const source = block[1]!
    .replaceAll("from './", `from '${join(ROOT, 'src/readers')}/`)
    .replaceAll("from '../", `from '${join(ROOT, 'src')}/`);
  const file = join(mkdtempSync(join(tmpdir(), 'rnn-lens-example-')), 'npz.ts');
  writeFileSync(file, source);
  // The example is text until now.
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return (require(file) as { readNpz: SavedReader }).readNpz;
}

describe('CONTRIBUTING.md', () => {
  it('its worked example reads what NumPy wrote, and counts what PyTorch counts', async () => {
    const bytes = readFileSync(join(ROOT, 'test/fixtures/contributing/tagger.npz'));
    const { models, problems } = await exampleReader()(memorySource('tagger.npz', bytes), {
      file: 'tagger.npz',
    });
    assert.deepEqual(problems, []);
    const cost = costModel(models[0]!, DEFAULT_WORKLOAD);
    assert.deepEqual(
      cost.layers.map((l) => [l.layer.path, l.layer.kind, valueOf(l.params!.total)]),
      [
        ['rnn', 'lstm', 736],
        ['fc', 'dense', 18],
      ],
    );
    const printed = /printed (\d+)\./.exec(text);
    assert.equal(String(valueOf(cost.params!.total)), printed?.[1]);
  });

  it('its worked example survives a damaged file', async () => {
    const bytes = readFileSync(join(ROOT, 'test/fixtures/contributing/tagger.npz'));
    for (const end of [0, 10, 100, bytes.length - 30]) {
      const { models, problems } = await exampleReader()(memorySource('cut.npz', bytes.subarray(0, end)), {
        file: 'cut.npz',
      });
      assert.equal(models.length, 0);
      assert.equal(problems.length, 1);
    }
  });

  it('names files that are there', () => {
    const named = [...text.matchAll(/`((?:src|test|scripts|docs|l10n|media)\/[\w./-]+)`/g)].map((m) => m[1]!);
    assert.ok(named.length > 10);
    // The file that the example adds is the one that is not there yet.
    const missing = named.filter((path) => path !== 'src/readers/npz.ts' && !existsSync(join(ROOT, path)));
    assert.deepEqual(missing, []);
  });
});
