import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { AssumableValue } from '../../../../src/model';
import { read, ROOT, totals } from './read';

interface Count {
  readonly total: number;
  readonly trainable: number;
  readonly assume?: Readonly<Record<string, AssumableValue>>;
}
const golden = JSON.parse(readFileSync(join(ROOT, 'test/golden/python_fixtures_torch.json'), 'utf8')) as {
  files: Record<string, Record<string, Count[]>>;
};

describe('Python source: totals that PyTorch printed', () => {
  for (const [file, models] of Object.entries(golden.files)) {
    const folder = file.startsWith('fixtures') ? `test/${file}` : file;
    const path = join(ROOT, folder);
    for (const [name, counts] of Object.entries(models)) {
      for (const { total, trainable, assume } of counts) {
        it(`${basename(file)} ${name} ${assume ? JSON.stringify(assume) : ''}`, () => {
          const result = read(readFileSync(path, 'utf8'), assume, path);
          const found = result.models.filter((m) => m.name === name).map(totals);
          assert.ok(
            found.some((t) => t.total === total && t.trainable === trainable),
            `torch: ${total} (${trainable} trainable), read: ${JSON.stringify(found)}`,
          );
          // A class made in several ways has several totals, but none that torch does not know.
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
