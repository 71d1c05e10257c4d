import { strict as assert } from 'node:assert';
import { createRequire } from 'node:module';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../../../scripts/lib/paths.mjs';
import { Workbench } from '../harness/workbench';
import { violations } from '../harness/axe';
import { PanelPage } from '../panel/page';

/** The class that `make_saved_models.py` saved as net.pt. */
const NET = `import torch
from torch import nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(11, 6)
        self.conv = nn.Conv1d(6, 5, 3)
        self.bn = nn.BatchNorm1d(5)
        self.encoder = nn.LSTM(5, 7, num_layers=2, bidirectional=True, batch_first=True)
        self.norm = nn.LayerNorm(14)
        self.decoder = nn.GRUCell(14, 4)
        self.out = nn.Linear(4, 11)
        self.scale = nn.Parameter(torch.ones(3))

    def forward(self, x):
        x = self.conv(self.embedding(x).transpose(1, 2))
        x, _ = self.encoder(self.bn(x).transpose(1, 2))
        return self.out(self.decoder(self.norm(x[:, -1])))
`;

const fixture = (path: string) => readFile(join(root, 'test/fixtures/saved', path));
const silero = () =>
  readFile(createRequire(join(root, 'package.json')).resolve('@ricky0123/vad-web/dist/silero_vad_v5.onnx'));

describe('A saved model', () => {
  let workbench: Workbench;

  before(async () => {
    const files = {
      'net.pt': await fixture('torch/net.pt'),
      'net.py': NET,
      'silero.onnx': await silero(),
      'broken.h5': 'This is no HDF5 file.',
      'compiled.tflite': Buffer.from('\x1c\0\0\0TFL3'),
    };
    workbench = await Workbench.open({ files, size: { width: 1500, height: 1400 } });
  });

  after(async () => {
    await workbench.close();
  });

  const inExplorer = (name: string) =>
    workbench.page.locator('.explorer-folders-view .monaco-list-row', { hasText: name });

  async function open(name: string): Promise<PanelPage> {
    await inExplorer(name).dblclick();
    await tab(name).waitFor();
    return PanelPage.find(workbench, name);
  }

  const tab = (name: string) => workbench.page.locator(`.tab.active[data-resource-name="${name}"]`);

  it('opens on the page that compares models, with its layers as a tree and their stored counts', async () => {
    const page = await open('silero.onnx');
    assert.equal(await page.total(/^parameters/), '545,282');
    const group = page.section('layers').locator('tr.group', { hasText: 'else_branch' }).first();
    assert.match(await group.innerText(), /\d{3},\d{3}/);
    assert.equal(await page.frame.getByRole('button', { name: /Apply/ }).count(), 0);
    assert.deepEqual(await violations(page.frame), []);
    await workbench.screenshot('saved-silero');
  });

  it('says that the workspace has its source, and that a changed one is another model', async () => {
    const page = await open('net.pt');
    const said = page.frame.locator('.source-match');
    await page.eventually(() => said.innerText(), /The same model as Net in net\.py:5/, 30_000);
    await workbench.screenshot('saved-net');
    await workbench.writeFile('net.py', NET.replace('GRUCell(14, 4)', 'GRUCell(14, 5)'));
    await page.eventually(() => said.innerText(), /Not the same model as Net in net\.py:5/, 30_000);
    await said.locator('summary').click();
    await page.eventually(() => said.innerText(), /decoder has tensors \[15, 14\]/);
    await workbench.writeFile('net.py', NET);
    await page.eventually(() => said.innerText(), /The same model as Net/, 30_000);
    await said.getByRole('button', { name: 'Open the source' }).click();
    await workbench.page.locator('.statusbar-item', { hasText: 'Ln 5' }).waitFor();
  });

  it('runs the gradient through the trained weights of the layer that is chosen', async () => {
    const page = await open('net.pt');
    const flow = page.section('gradient');
    await page.section('layers').getByRole('button', { name: 'decoder' }).click();
    await page.eventually(
      () => page.section('compare').getByRole('combobox').first().inputValue(),
      /^decoder$/,
    );
    await flow.getByRole('button', { name: 'Run', exact: true }).click();
    await flow.locator('.trained').waitFor({ timeout: 60_000 });
    // The update gate's mean bias and spectral radius, as PyTorch and numpy have them (test/fixtures/saved/torch/trained.json).
    assert.match((await page.row('gradient', 'update')).join(' | '), TRAINED_UPDATE);
    await page.eventually(
      () => flow.locator('.verdicts').innerText(),
      /GRU as trained.*GRU before training/s,
    );
    assert.deepEqual(await violations(page.frame), []);
    await flow.scrollIntoViewIfNeeded();
    await workbench.screenshot('saved-net-flow');
  });

  it('is offered by the explorer and by a pick of the workspace', async () => {
    await workbench.chooseFromMenu(inExplorer('silero.onnx'), 'RNN Lens: Analyse Model File');
    await tab('silero.onnx').waitFor();
    await PanelPage.find(workbench, 'silero.onnx');
    await workbench.runCommand('RNN Lens: Analyse Model File');
    const rows = workbench.page.locator('.quick-input-list .monaco-list-row .label-name');
    await rows.filter({ hasText: 'net.pt' }).waitFor();
    assert.equal(await rows.filter({ hasText: 'net.py' }).count(), 0);
    await rows.filter({ hasText: 'net.pt' }).click();
    await tab('net.pt').waitFor();
  });

  it('opens when it is dropped on the page of another', async () => {
    await open('net.pt');
    const { page } = workbench;
    const from = (await inExplorer('silero.onnx').boundingBox())!;
    const onto = (await page.locator('iframe.webview.ready:visible').first().boundingBox())!;
    await page.mouse.move(from.x + 60, from.y + 8);
    await page.mouse.down();
    await page.mouse.move(from.x + 120, from.y + 30, { steps: 5 });
    await page.keyboard.down('Shift');
    await page.mouse.move(onto.x + onto.width / 2, onto.y + onto.height / 2, { steps: 15 });
    await page.mouse.move(onto.x + onto.width / 2 + 8, onto.y + onto.height / 2, { steps: 5 });
    await workbench.screenshot('saved-drag');
    await page.mouse.up();
    await page.keyboard.up('Shift');
    await tab('silero.onnx').waitFor();
    assert.equal(
      await (await PanelPage.find(workbench, 'silero.onnx')).frame.locator('h1').innerText(),
      'spox_graph',
    );
  });

  for (const [name, wanted] of [
    ['broken.h5', /./],
    ['compiled.tflite', /Not read, because TensorFlow Lite has compiled its layers away/],
  ] as const) {
    it(`has a page that says why ${name} is not read`, async () => {
      await inExplorer(name).dblclick();
      await tab(name).waitFor();
      const frame = await workbench.webviewFrame();
      await frame.locator('.problems li', { hasText: wanted }).waitFor();
      assert.equal(await frame.getByRole('button', { name: 'Go to the file' }).count(), 0);
      await workbench.screenshot(`saved-${name}`);
    });
  }

  it('looks right in the light theme', async () => {
    await open('silero.onnx');
    await workbench.setTheme('light');
    // The page was unloaded while the settings stood in front of it.
    const page = await PanelPage.find(workbench, 'silero.onnx');
    assert.deepEqual(await violations(page.frame), []);
    await workbench.screenshot('saved-light');
  });
});

const TRAINED_UPDATE = /^update \| 0\.216 \| 0\.229 \| −0\.162 … 0\.457 \| 0\.679 \| 0\.423$/;
