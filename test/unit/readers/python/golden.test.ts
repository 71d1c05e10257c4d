import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { AssumableValue } from '../../../../src/model';
import { read, ROOT, totals } from './read';

interface Count {
  readonly total: number;
  readonly trainable: number;
  readonly assume?: Readonly<Record<string, AssumableValue>>;
}
interface Golden {
  readonly files: Record<string, Record<string, Count[]>>;
}

const GOLDEN = join(ROOT, 'test/golden');
/** One file per framework: `python_fixtures_torch.json`, `…_paddle.json` … */
const printed = readdirSync(GOLDEN)
  .filter((name) => /^python_fixtures_\w+\.json$/.test(name))
  .map((name) => JSON.parse(readFileSync(join(GOLDEN, name), 'utf8')) as Golden);

describe('Python source: totals that the framework printed', () => {
  for (const [file, models] of printed.flatMap((golden) => Object.entries(golden.files))) {
    const folder = file.startsWith('fixtures') ? `test/${file}` : file;
    const path = join(ROOT, folder);
    for (const [name, counts] of Object.entries(models)) {
      for (const { total, trainable, assume } of counts) {
        it(`${basename(file)} ${name} ${assume ? JSON.stringify(assume) : ''}`, () => {
          const result = read(readFileSync(path, 'utf8'), assume, path);
          const found = result.models.filter((m) => m.name === name).map(totals);
          assert.ok(
            found.some((t) => t.total === total && t.trainable === trainable),
            `printed: ${total} (${trainable} trainable), read: ${JSON.stringify(found)}`,
          );
          // A class made in several ways has several totals, but none that the framework did not print.
          if (assume === undefined)
            for (const t of found)
              assert.ok(
                counts.some((c) => c.total === t.total),
                String(t.total),
              );
        });
      }
    }
  }
});
