/**
 * How long the comparison panel takes from the click on "Compare cells" to the first numbers on the screen, in a window
 * whose extension host is warm; beside it, in the same window, what VS Code needs for a page of its own (the preview of a
 * short Markdown file). Also the size of the page's bundle. Fails above the limits.
 *
 *   npm run bench -- first-paint
 */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { buildAll } from '../../../scripts/lib/bundles.mjs';
import { root } from '../../../scripts/lib/paths.mjs';
import { Workbench } from '../../ui/harness/workbench';
import { stopShared } from '../../ui/harness/shared';
import { FILES, RNN_LINE } from '../../ui/panel/page';
import { median, report } from '../report';

const LIMIT_MS = 200;
const LIMIT_KB = 150;
const ROUNDS = 7;

/** Notes in each frame when what a selector names was painted, and in the window when the mouse went down. */
function watch(selectors: readonly string[]): void {
  const global = globalThis as unknown as { painted?: number; pressed?: number };
  addEventListener('mousedown', () => (global.pressed = Date.now()), true);
  const look = new MutationObserver(() => {
    if (!selectors.some((s) => document.querySelector(s))) return;
    look.disconnect();
    // After the frame that has it: the second callback comes once the first frame is on its way to the screen.
    requestAnimationFrame(() => requestAnimationFrame(() => (global.painted = Date.now())));
  });
  look.observe(document, { childList: true, subtree: true });
}

async function paintedAt(page: Page): Promise<number> {
  for (;;) {
    for (const frame of page.frames()) {
      if (!frame.url().includes('fake.html')) continue;
      const at = await frame
        .evaluate(() => (globalThis as unknown as { painted?: number }).painted)
        .catch(() => undefined);
      if (at !== undefined) return at;
    }
    await page.waitForTimeout(10);
  }
}

/** Clicks, waits for the paint, closes the page again; milliseconds between the click and the paint. */
async function measure(window: Workbench, open: () => Promise<void>): Promise<number> {
  const { page } = window;
  await open();
  const painted = await paintedAt(page);
  const pressed = await page.evaluate(() => (globalThis as unknown as { pressed: number }).pressed);
  await window.runCommand('View: Close Editor');
  await page.locator('.tab', { hasText: /^(Compare|Preview)/ }).waitFor({ state: 'detached' });
  // The window comes to rest: what it still does would count against the next round.
  await page.waitForTimeout(500);
  return painted - pressed;
}

async function main(): Promise<void> {
  await buildAll({ minify: true });
  const bundle = statSync(join(root, 'dist/panel.js')).size;
  const window = await Workbench.open({ files: { ...FILES, 'note.md': '# Note\n\nText.\n' } });
  const { page } = window;
  await page.context().addInitScript(watch, ['section#layers', '.markdown-body h1']);
  await page.evaluate(watch, []);
  await window.openFile('note.md');
  await window.openFile('tagger.py', RNN_LINE);
  await window.codeLensTitles();
  const preview = page.locator(
    '.editor-group-container.active .editor-actions [aria-label^="Open Preview to the Side"]',
  );
  const times: Record<'panel' | 'preview', number[]> = { panel: [], preview: [] };
  for (let round = 0; round <= ROUNDS; round++) {
    await window.openFile('tagger.py', RNN_LINE);
    const panel = await measure(window, () => window.clickCodeLens('Compare cells'));
    await window.openFile('note.md');
    const other = await measure(window, () => preview.click());
    // The first round warms the window.
    if (round === 0) continue;
    times.panel.push(panel);
    times.preview.push(other);
  }
  await window.close();
  await stopShared();

  report({
    what: 'panel, click to first numbers',
    on: 'a page of one model',
    ours: median(times.panel),
    unit: 'ms',
    limit: LIMIT_MS,
    other: { tool: 'VS Code’s Markdown preview', value: median(times.preview) },
  });
  report({ what: 'panel, page bundle', on: 'minified', ours: bundle / 1000, unit: 'kB', limit: LIMIT_KB });
}

void main();
