import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Workbench } from '../harness/workbench';
import { getShared } from '../harness/shared';
import { FILES, PanelPage, SOURCE, retype, saveAs } from './page';

/** A repository with two revisions of a model that takes its size from another file; the newer one is twice as wide. */
function commitTwice(folder: string): void {
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=Test', '-c', 'user.email=test@example.com', ...args], {
      cwd: folder,
    });
  const write = (width: number) =>
    execFileSync(process.execPath, ['-e', `require('fs').writeFileSync('sizes.py', 'WIDTH = ${width}\\n')`], {
      cwd: folder,
    });
  git('init', '-q');
  write(64);
  git('add', '-A');
  git('commit', '-q', '-m', 'A narrow model');
  write(128);
  execFileSync(process.execPath, ['-e', "require('fs').appendFileSync('sized.py', '\\n')"], { cwd: folder });
  git('commit', '-q', '-a', '-m', 'A wide model');
}

const SIZED = SOURCE.replace(
  'import torch.nn as nn',
  'import torch.nn as nn\n\nfrom sizes import WIDTH',
).replace('hidden=128', 'hidden=WIDTH');

describe('What leaves the panel', () => {
  let workbench: Workbench;
  let page: PanelPage;

  before(async () => {
    workbench = await Workbench.open({
      files: { ...FILES, 'sized.py': SIZED, 'sizes.py': 'WIDTH = 128\n' },
      prepare: commitTwice,
      size: { width: 1800, height: 1100 },
    });
    page = await PanelPage.open(workbench);
  });

  after(() => workbench.close());

  const clipboard = () => workbench.page.evaluate(() => navigator.clipboard.readText());
  const path = (name: string) => join(workbench.folder, name);

  it('copies the numbers as Markdown and CSV', async () => {
    await page.export('Copy as Markdown');
    await page.eventually(clipboard, /\| `rnn` \| LSTM 64 → 128 \| 99,328 \|/);
    await page.export('Copy as CSV');
    await page.eventually(clipboard, /comparison,rnn,gru,same-params,152,99408,/);
  });

  it('saves the numbers as JSON', async () => {
    await page.export('Save JSON…');
    await saveAs(workbench, path('numbers.json'));
    const saved = JSON.parse(await readFile(path('numbers.json'), 'utf8')) as {
      model: {
        totals: { params: { value: number } };
        comparison: { rows: { cell: string; params: number }[] };
      };
    };
    assert.equal(saved.model.totals.params.value, 164_618);
    assert.deepEqual(saved.model.comparison.rows[0], {
      ...saved.model.comparison.rows[0],
      cell: 'lstm',
      params: 99_328,
    });
  });

  it('saves a chart as a picture, in colours of its own', async () => {
    const chart = page.frame.locator('#chart-cost-curves');
    await chart.getByRole('button', { name: 'Save the chart as SVG' }).click();
    await saveAs(workbench, path('curves.svg'));
    const svg = await readFile(path('curves.svg'), 'utf8');
    assert.match(svg, /^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    assert.equal(svg.match(/<path [^>]*stroke="rgb\([^"]+\)"/g)?.length, 3, 'a curve for each cell');
    assert.match(svg, />hidden size</);
    assert.doesNotMatch(svg, /var\(--|class=/);
    await chart.getByRole('button', { name: 'Save the chart as PNG' }).click();
    await saveAs(workbench, path('curves.png'));
    const png = await readFile(path('curves.png'));
    assert.equal(png.subarray(1, 4).toString('latin1'), 'PNG');
    const [width] = /width="(\d+)"/.exec(svg)?.slice(1) ?? [];
    assert.equal(png.readUInt32BE(16), 2 * Number(width), 'twice the pixels');
  });

  it('saves a page that a browser prints: without controls, dark on white, by itself', async () => {
    await page.unfold('gate by gate');
    await page.export('Save a page to print…');
    await saveAs(workbench, path('page.html'));
    const html = await readFile(path('page.html'), 'utf8');
    assert.match(
      html,
      /<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'nonce-[^']+'">/,
    );
    assert.doesNotMatch(html, /<script|<button|<input|<select|<dialog/);
    const { browser } = await getShared();
    const print = await browser.newPage({ viewport: { width: 794, height: 1123 } });
    try {
      await print.goto(`file://${path('page.html')}`);
      await print.emulateMedia({ media: 'print' });
      assert.equal(await print.locator('h1').innerText(), 'Tagger');
      assert.match(await print.locator('#layers').innerText(), /LSTM 64 → 128\s+99,328/);
      assert.match(await print.locator('#what-if').innerText(), /hidden size\s+128/);
      assert.equal(
        await print.evaluate(() => getComputedStyle(document.body).backgroundColor),
        'rgb(255, 255, 255)',
      );
      assert.ok(await print.locator('#chart-cost-curves path.line').first().isVisible());
      const outside = await print.evaluate(() =>
        [...document.querySelectorAll('main *')]
          .filter((e) => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
          .map((e) => e.outerHTML.slice(0, 80)),
      );
      assert.deepEqual(outside, []);
      assert.ok((await print.pdf({ format: 'A4' })).length > 10_000);
      await print.screenshot({ path: workbench.picture('panel-printed'), fullPage: true });
    } finally {
      await print.close();
    }
  });

  it('keeps a model beside this one', async () => {
    await page.export('Pin this model beside');
    await page.section('pinned').waitFor();
    await retype(workbench, 5, 31, '256):');
    await page.eventually(
      async () => (await page.row('pinned', 'parameters')).join(' '),
      /164,618 396,298 \+231,680 \+140\.7 %/,
    );
    await workbench.page.keyboard.press('Control+Z');
    await page.section('pinned').getByRole('button', { name: 'Unpin' }).click();
    await page.section('pinned').waitFor({ state: 'detached' });
  });

  it('keeps a revision beside this one, with what it imported then', async () => {
    const sized = await PanelPage.open(workbench, 'sized.py', 10);
    await sized.eventually(() => sized.total(/^parameters/), /^164,618$/);
    await sized.export('Pin a Git revision beside…');
    const row = workbench.page.locator('.quick-input-list .monaco-list-row', { hasText: 'A narrow model' });
    await row.click({ timeout: 30_000 });
    // At 64: 64,000 + 4·64·(64 + 64 + 2) + 650
    await sized.eventually(
      async () => (await sized.row('pinned', 'parameters')).join(' '),
      /97,930 164,618 \+66,688 \+68\.1 %/,
    );
    assert.match(await sized.section('pinned').innerText(), /pinned: [0-9a-f]{8} A narrow model/);
    await workbench.screenshot('panel-revision');
    await sized.section('pinned').getByRole('button', { name: 'Unpin' }).click();
  });
});
