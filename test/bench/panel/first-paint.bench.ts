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

/** When a webview's page first painted its text, by the browser's own record of one kind. */
async function paintedAt(page: Page, kind: 'element' | 'largest-contentful-paint'): Promise<number> {
  for (const deadline = Date.now() + 20_000; Date.now() < deadline; await page.waitForTimeout(20)) {
    for (const frame of page.frames()) {
      if (!frame.url().includes('fake.html')) continue;
      const at = await frame.evaluate(firstEntry, kind).catch(() => undefined);
      if (at !== undefined) return at;
    }
  }
  throw new Error(`No ${kind} was painted.`);
}

/** In the page: the first paint of an element that asks for it by `elementtiming`, or of the first candidate for the largest. */
function firstEntry(kind: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(undefined), 100);
    new PerformanceObserver((list) => {
      const [entry] = list.getEntries() as (PerformanceEntry & { renderTime: number })[];
      if (entry) resolve(performance.timeOrigin + entry.renderTime);
    }).observe({ type: kind, buffered: true });
  });
}

/** Clicks, waits for the paint, closes the page again; milliseconds between the click and the paint. */
async function measure(
  window: Workbench,
  kind: 'element' | 'largest-contentful-paint',
  open: () => Promise<void>,
): Promise<number> {
  const { page } = window;
  await open();
  const painted = await paintedAt(page, kind);
  const pressed = await page.evaluate(() => (globalThis as unknown as { pressed: number }).pressed);
  await window.runCommand('View: Close Editor');
  await page.locator('.tab', { hasText: /^(Compare|Preview)/ }).waitFor({ state: 'detached' });
  // The window comes to rest: what it still does would count against the next round.
  await page.waitForTimeout(500);
  return Math.round(painted - pressed);
}

async function main(): Promise<void> {
  await buildAll({ minify: true });
  const bundle = statSync(join(root, 'dist/panel.js')).size;
  const window = await Workbench.open({ files: { ...FILES, 'note.md': '# Note\n\nText.\n' } });
  const { page } = window;
  await page.evaluate(() =>
    addEventListener('mousedown', () => Object.assign(globalThis, { pressed: Date.now() }), true),
  );
  await window.openFile('note.md');
  await window.openFile('tagger.py', RNN_LINE);
  await window.codeLensTitles();
  const preview = page.locator(
    '.editor-group-container.active .editor-actions [aria-label^="Open Preview to the Side"]',
  );
  const times: Record<'panel' | 'preview', number[]> = { panel: [], preview: [] };
  for (let round = 0; round <= ROUNDS; round++) {
    await window.openFile('tagger.py', RNN_LINE);
    // A lens that is clicked while the editor still draws it is drawn again, and the click is lost.
    await page.waitForTimeout(1000);
    const panel = await measure(window, 'element', () => window.clickCodeLens('Compare cells'));
    await window.openFile('note.md');
    const other = await measure(window, 'largest-contentful-paint', () => preview.click());
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

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
