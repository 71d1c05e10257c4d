import { strict as assert } from 'node:assert';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import { root } from '../../../scripts/lib/paths.mjs';
import { type Theme, Workbench } from '../harness/workbench';
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

const files = { ...FILES, 'open.py': UNKNOWN, 'empty.py': 'x = 1\n' };

/** What axe-core finds wrong with the page, one line each. */
async function violations(page: PanelPage): Promise<string[]> {
  await page.frame.evaluate(await readFile(join(root, 'node_modules/axe-core/axe.min.js'), 'utf8'));
  const found = await page.frame.evaluate(() => {
    const { axe } = globalThis as unknown as { axe: { run(root: Element): Promise<AxeResults> } };
    return axe.run(document.documentElement);
  });
  return found.violations.flatMap((v) => v.nodes.map((n) => `${v.id}: ${n.target.join(' ')}`));
}

/** Elements that stick out of the page at the right. */
function overflowing(page: PanelPage): Promise<string[]> {
  // One expression: names inside would not survive the way into the page.
  return page.frame.evaluate(() =>
    [...document.querySelectorAll('main *')]
      .filter((e) => e.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
      .filter((e) => !e.closest('.table-scroll'))
      .map((e) => e.outerHTML.slice(0, 80)),
  );
}

describe('Looks of the panel', () => {
  for (const theme of [
    'dark',
    'light',
    'high-contrast-dark',
    'high-contrast-light',
  ] as const satisfies Theme[]) {
    it(`is accessible and whole in the ${theme} theme`, async () => {
      const workbench = await Workbench.open({ files, theme, size: { width: 1500, height: 1000 } });
      try {
        const page = await PanelPage.open(workbench);
        await page.frame.locator('#chart-cost-curves svg.chart').waitFor();
        for (const fold of ['Where the parameters sit', 'Formula, equations']) {
          await page.frame.locator('summary', { hasText: fold }).click();
        }
        assert.deepEqual(await violations(page), []);
        assert.deepEqual(await overflowing(page), []);
        await workbench.screenshot(`panel-${theme}`);
      } finally {
        await workbench.close();
      }
    });
  }

  it('fits a column of 400 pixels', async () => {
    const workbench = await Workbench.open({ files, size: { width: 1000, height: 1000 } });
    try {
      await workbench.runCommand('View: Close Primary Side Bar');
      const page = await PanelPage.open(workbench);
      const width = await page.frame.evaluate(() => document.documentElement.clientWidth);
      assert.ok(width < 500, `the column is ${width} wide`);
      assert.deepEqual(await overflowing(page), []);
      await workbench.screenshot('panel-narrow');
    } finally {
      await workbench.close();
    }
  });

  it('says what is unknown and takes a value for it', async () => {
    const workbench = await Workbench.open({ files, size: { width: 1500, height: 1000 } });
    try {
      const page = await PanelPage.open(workbench, 'open.py', 7);
      assert.match(await page.total(/^parameters/), /vocab/);
      assert.deepEqual(await violations(page), []);
      await workbench.screenshot('panel-partial');
      await page.frame.getByRole('textbox', { name: 'Value to assume for vocab' }).fill('1000');
      await page.frame.getByRole('textbox', { name: 'Value to assume for vocab' }).press('Enter');
      const hidden = page.frame.getByRole('textbox', { name: 'Value to assume for hidden' });
      await page.frame.getByRole('button', { name: /^vocab = 1000/ }).waitFor();
      await hidden.fill('128');
      await hidden.press('Enter');
      // 64,000 + 3·128·(64 + 128 + 2)
      await page.eventually(() => page.total(/^parameters/), /^138,496$/);
    } finally {
      await workbench.close();
    }
  });

  it('has a page for a file without a model', async () => {
    const workbench = await Workbench.open({ files, size: { width: 1500, height: 1000 } });
    try {
      await workbench.openFile('empty.py');
      await workbench.runCommand('RNN Lens: Compare Cells');
      const frame = await workbench.webviewFrame();
      await frame.getByRole('heading', { name: 'No recurrent model in empty.py' }).waitFor();
      await frame.getByRole('button', { name: 'Go to the file' }).click();
      await workbench.screenshot('panel-empty');
    } finally {
      await workbench.close();
    }
  });

  it('speaks Chinese', async () => {
    const workbench = await Workbench.open({ files, language: 'zh-cn', size: { width: 1500, height: 1000 } });
    try {
      const page = await PanelPage.open(workbench);
      assert.equal(await page.frame.locator('h2#layers-title').innerText(), '层');
      assert.equal(await page.total(/^参数/), '164,618');
      assert.deepEqual(await overflowing(page), []);
      await workbench.screenshot('panel-chinese');
    } finally {
      await workbench.close();
    }
  });
});
