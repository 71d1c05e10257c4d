import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Frame } from 'playwright-core';
import { root } from '../../../scripts/lib/paths.mjs';

/** What axe-core finds wrong with a page, one line each. */
export async function violations(frame: Frame): Promise<string[]> {
  await frame.evaluate(await readFile(join(root, 'node_modules/axe-core/axe.min.js'), 'utf8'));
  const found = await frame.evaluate(() => {
    const { axe } = globalThis as unknown as { axe: { run(root: Element): Promise<AxeResults> } };
    return axe.run(document.documentElement);
  });
  return found.violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.target.join(' ')}`));
}
