import { strict as assert } from 'node:assert';
import { createRequire } from 'node:module';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../../../scripts/lib/paths.mjs';
import { Workbench } from '../harness/workbench';
import { PanelPage } from '../panel/page';

const fixture = (path: string) => readFile(join(root, 'test/fixtures/saved', path));
const silero = () =>
  readFile(createRequire(join(root, 'package.json')).resolve('@ricky0123/vad-web/dist/silero_vad_v5.onnx'));

describe('A saved model', () => {
  let workbench: Workbench;

  before(async () => {
    const files = {
      'net.pt': await fixture('torch/net.pt'),
      'silero.onnx': await silero(),
    };
    workbench = await Workbench.open({ files, size: { width: 1500, height: 1400 } });
  });

  after(async () => {
    await workbench.close();
  });

  async function open(name: string): Promise<PanelPage> {
    await workbench.page.locator('.explorer-folders-view .monaco-list-row', { hasText: name }).dblclick();
    return PanelPage.find(workbench);
  }

  it('opens on the page that compares models, with its layers and their stored counts', async () => {
    const page = await open('silero.onnx');
    assert.equal(await page.total(/^parameters/), '545,282');
    await workbench.screenshot('saved-silero');
    await page.section('gradient').getByRole('button', { name: 'Run', exact: true }).click();
    await page.section('gradient').locator('.trained').waitFor({ timeout: 60_000 });
    await page.section('gradient').scrollIntoViewIfNeeded();
    await workbench.screenshot('saved-silero-flow');
  });

  it('runs the gradient through the trained weights', async () => {
    const page = await open('net.pt');
    await page.section('gradient').getByRole('button', { name: 'Run', exact: true }).click();
    await page.section('gradient').locator('.trained').waitFor({ timeout: 60_000 });
    await page.section('gradient').scrollIntoViewIfNeeded();
    await workbench.screenshot('saved-torch-flow');
    await workbench.setTheme('light');
    await workbench.screenshot('saved-torch-flow-light');
  });
});
