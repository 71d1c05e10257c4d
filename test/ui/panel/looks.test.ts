import { strict as assert } from 'node:assert';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { type Theme, Workbench } from '../harness/workbench';
import { clipped, colourless, overlapping, violations } from './audit';
import { FILES, PanelPage } from './page';

const UNKNOWN = `import torch.nn as nn

class Open(nn.Module):
    def __init__(self, vocab, hidden):
        super().__init__()
        self.embed = nn.Embedding(vocab, 64)
        self.rnn = nn.GRU(64, hidden)

    def forward(self, x):
        return self.rnn(self.embed(x))[0]
`;

const files = { ...FILES, 'open.py': UNKNOWN, 'empty.py': 'x = 1\n', 'gone.h5': 'not a model' };
const themes = ['dark', 'light', 'high-contrast-dark', 'high-contrast-light'] as const satisfies Theme[];

/** Tall enough for the whole page, so that a picture shows all of it. */
const SIZE = { width: 1900, height: 3300 };

/** Nothing wrong with the page as it is now; then its picture. */
async function check(workbench: Workbench, frame: Frame, name: string): Promise<void> {
  assert.deepEqual(await violations(frame), [], `${name}: accessibility`);
  assert.deepEqual(await clipped(frame), [], `${name}: clipped`);
  assert.deepEqual(await overlapping(frame), [], `${name}: overlapping`);
  assert.deepEqual(await colourless(frame), [], `${name}: without colour`);
  await workbench.screenshot(`panel-${name}`);
}

/** Brings an open panel to the front by its tab. */
async function show(workbench: Workbench, title: string): Promise<Frame> {
  await workbench.page.locator('.tab', { hasText: title }).click();
  return workbench.webviewFrame();
}

/** The page with everything on it: folds open, gradient flow and probe run, another model pinned. */
async function openFull(
  workbench: Workbench,
  labels: { run: string; probe: string; folds: string[] },
): Promise<PanelPage> {
  const page = await PanelPage.open(workbench);
  for (const fold of labels.folds) await page.unfold(fold);
  await page.section('gradient').getByRole('button', { name: labels.run, exact: true }).click();
  await page.section('gradient').locator('#chart-gradient-flow svg.chart').waitFor({ timeout: 60_000 });
  await page.section('gradient').locator('.verdicts li').first().waitFor({ timeout: 60_000 });
  await page.section('probe').getByRole('button', { name: labels.probe }).click();
  await page.section('probe').locator('#chart-probe-loss path.line').nth(2).waitFor({ timeout: 60_000 });
  await page.section('probe').getByRole('button', { name: labels.probe }).waitFor({ timeout: 60_000 });
  return page;
}

/** Waits for a page's heading; the frame of the page before may still go while it is looked at. */
async function showsHeading(workbench: Workbench, name: string): Promise<void> {
  for (const deadline = Date.now() + 30_000; ;) {
    try {
      const frame = await workbench.webviewFrame();
      await frame.getByRole('heading', { name }).waitFor({ timeout: 3_000 });
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
  }
}

describe('Looks of the panel', () => {
  let workbench: Workbench;

  before(async function () {
    this.timeout(180_000);
    workbench = await Workbench.open({ files, size: SIZE, settings: { 'rnnLens.sequenceLength': 40 } });
    await workbench.runCommand('View: Close Primary Side Bar');
    await PanelPage.open(workbench, 'open.py', 7);
    await workbench.runCommand('View: Focus First Editor Group');
    await workbench.openFile('empty.py');
    await workbench.runCommand('RNN Lens: Compare Cells');
    await showsHeading(workbench, 'No recurrent model in empty.py');
    await openFull(workbench, {
      run: 'Run',
      probe: 'Probe learning',
      folds: ['Where the parameters sit', 'Formula, equations'],
    });
  });

  after(() => workbench.close());

  for (const theme of themes) {
    it(`is accessible and whole in every state in the ${theme} theme`, async () => {
      await workbench.setTheme(theme);
      const full = await show(workbench, 'Compare: tagger.py');
      const page = await PanelPage.find(workbench);
      await full.locator('#chart-gradient-flow svg.chart').waitFor();
      await check(workbench, page.frame, `full-${theme}`);
      await page.section('what-if').getByRole('textbox', { name: 'hidden size' }).fill('192');
      await page.section('what-if').getByRole('button', { name: 'Apply to source' }).click();
      await page.frame.getByRole('dialog').waitFor();
      await check(workbench, page.frame, `change-${theme}`);
      await page.frame.getByRole('dialog').press('Escape');
      await page.frame.getByRole('dialog').waitFor({ state: 'detached' });
      await page.section('what-if').getByRole('button', { name: 'Reset' }).click();
      const partial = await show(workbench, 'Compare: open.py');
      await partial.getByRole('heading', { name: 'Not known from the source' }).waitFor();
      await check(workbench, partial, `partial-${theme}`);
      const empty = await show(workbench, 'Compare: empty.py');
      await empty.getByRole('button', { name: 'Go to the file' }).waitFor();
      await check(workbench, empty, `empty-${theme}`);
    });
  }

  it('says what is unknown and takes a value for it, which can be changed in place', async () => {
    const page = await PanelPage.open(workbench, 'open.py', 7);
    assert.match(await page.total(/^parameters/), /vocab/);
    await page.frame.getByRole('textbox', { name: 'Value to assume for vocab' }).fill('1000');
    await page.frame.getByRole('textbox', { name: 'Value to assume for vocab' }).press('Enter');
    const chip = (value: string) => page.frame.getByRole('button', { name: new RegExp(`^vocab = ${value}`) });
    await chip('1000').waitFor();
    await page.frame.getByRole('textbox', { name: 'Value to assume for hidden' }).fill('128');
    await page.frame.getByRole('textbox', { name: 'Value to assume for hidden' }).press('Enter');
    // 64,000 + 3·128·(64 + 128 + 2)
    await page.eventually(() => page.total(/^parameters/), /^138,496$/);
    await chip('1000').click();
    await page.frame.getByRole('textbox', { name: 'Value to assume for vocab' }).fill('2000');
    await page.frame.getByRole('textbox', { name: 'Value to assume for vocab' }).press('Enter');
    await page.eventually(() => page.total(/^parameters/), /^202,496$/);
    for (const name of ['vocab', 'hidden'])
      await page.frame.getByRole('button', { name: `Stop assuming ${name}` }).click();
    await page.eventually(() => page.total(/^parameters/), /vocab/);
  });

  it('fits a column of 400 pixels', async () => {
    await workbench.page.setViewportSize({ width: 900, height: 3600 });
    try {
      const page = await PanelPage.open(workbench);
      await page.frame.locator('#chart-gradient-flow svg.chart').waitFor();
      const width = await page.frame.evaluate(() => document.documentElement.clientWidth);
      assert.ok(width > 350 && width <= 430, `the column is ${width} wide`);
      await check(workbench, page.frame, 'narrow');
    } finally {
      await workbench.page.setViewportSize(SIZE);
    }
  });

  it('can be used at a zoom of 200 %', async () => {
    // What a browser does at 200 %: half the pixels of CSS, each twice as large.
    const devtools = await workbench.page.context().newCDPSession(workbench.page);
    const zoomed = { width: 750, height: 1800, deviceScaleFactor: 2, mobile: false };
    await devtools.send('Emulation.setDeviceMetricsOverride', zoomed);
    try {
      const page = await PanelPage.find(workbench);
      await check(workbench, page.frame, 'zoomed');
    } finally {
      await devtools.send('Emulation.clearDeviceMetricsOverride');
      await devtools.detach();
      await workbench.page.setViewportSize(SIZE);
    }
  });

  it('says what went wrong when the file is gone', async () => {
    await workbench.runCommand('View: Close All Editors');
    await workbench.openEditor('gone.h5');
    await rm(join(workbench.folder, 'gone.h5'));
    await workbench.runCommand('Developer: Reload Webviews');
    // The page of before is still there for a moment.
    await workbench.page.waitForTimeout(1_000);
    const frame = await workbench.webviewFrame();
    await frame.getByRole('heading', { name: 'gone.h5 could not be read' }).waitFor();
    await frame.getByRole('button', { name: 'Read again' }).waitFor();
    await check(workbench, frame, 'error');
  });

  it('speaks Chinese, everywhere on the page', async function () {
    this.timeout(180_000);
    const chinese = await Workbench.open({
      files,
      language: 'zh-cn',
      size: SIZE,
      settings: { 'rnnLens.sequenceLength': 40 },
    });
    try {
      await chinese.runCommand('View: Close Primary Side Bar');
      const page = await openFull(chinese, {
        run: '运行',
        probe: '探测学习',
        folds: ['参数在各个门中的分布', '公式、方程'],
      });
      assert.equal(await page.frame.locator('h2#layers-title').innerText(), '层');
      assert.equal(await page.total(/^参数/), '164,618');
      // Names of things stay as they are; a sentence in English would be a text that nobody translated.
      const words = await page.frame.evaluate(() =>
        [
          ...document.querySelectorAll(
            'main p, main li, main th, main label, main button, main summary, main h2, main h3',
          ),
        ]
          .filter((e) => e.children.length === 0)
          .map((e) => e.textContent ?? '')
          .filter((text) => /[a-z]{3,} [a-z]{2,} [a-z]{2,}/.test(text)),
      );
      assert.deepEqual(words, []);
      await check(chinese, page.frame, 'chinese-full');
      await chinese.page.setViewportSize({ width: 1500, height: 1000 });
      await page.frame.evaluate(() => scrollTo(0, 0));
      await chinese.screenshot('panel-chinese');
      await chinese.page.setViewportSize(SIZE);
      const partial = await PanelPage.open(chinese, 'open.py', 7);
      await check(chinese, partial.frame, 'chinese-partial');
    } finally {
      await chinese.close();
    }
  });
});

/** What the documentation shows: a window as it is usually seen, on an example. */
describe('Pictures of the panel', () => {
  it('are taken of the word-language model', async function () {
    this.timeout(180_000);
    const workbench = await Workbench.open({ size: { width: 1500, height: 1000 } });
    try {
      await workbench.runCommand('View: Close Primary Side Bar');
      const page = await PanelPage.open(workbench, 'pytorch/text_generation.py', 20);
      await page.frame.locator('#chart-cost-curves svg.chart').waitFor();
      await workbench.screenshot('panel-dark');
      await workbench.setTheme('light');
      await workbench.screenshot('panel-light');
      await page.section('gradient').getByRole('button', { name: 'Run', exact: true }).click();
      await page.section('gradient').locator('.verdicts li').first().waitFor({ timeout: 90_000 });
      await workbench.setTheme('dark');
      await page.section('gradient').evaluate((e) => e.scrollIntoView());
      await workbench.screenshot('panel-gradient-flow');
    } finally {
      await workbench.close();
    }
  });
});
