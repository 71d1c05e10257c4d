import { strict as assert } from 'node:assert';
import { join } from 'node:path';
import { Workbench } from '../harness/workbench';
import { FILES, PanelPage, RNN_LINE } from './page';

const PRICES = [
  'date,close',
  ...Array.from({ length: 60 }, (_, i) => `day ${i},${100 + 10 * Math.sin(i)}`),
].join('\n');

describe('Gradient flow: ways to run it, and what it is about', () => {
  let workbench: Workbench;

  before(async () => {
    workbench = await Workbench.open({
      files: { ...FILES, 'prices.csv': PRICES },
      size: { width: 1800, height: 1200 },
      settings: { 'rnnLens.sequenceLength': 30 },
    });
  });

  after(async () => {
    await workbench.close();
  });

  const chart = '#chart-gradient-flow svg.chart';

  it('runs from the hover', async () => {
    await workbench.openFile('tagger.py', RNN_LINE, 12);
    await workbench.hoverText('nn.LSTM');
    await workbench.page.locator('.monaco-hover a', { hasText: 'Gradient flow' }).first().click();
    const page = await PanelPage.find(workbench);
    await page.section('gradient').locator(chart).waitFor({ timeout: 60_000 });
    assert.match(
      await page.section('gradient').locator('.remark').innerText(),
      /input: standard normal noise/,
    );
  });

  it('runs from the panel as chosen: loss on every state, another start beside it', async () => {
    const page = await PanelPage.find(workbench);
    const flow = page.section('gradient');
    await flow.getByRole('combobox', { name: 'Also try' }).selectOption({ label: 'forget-gate bias' });
    await flow.getByRole('spinbutton', { name: 'forget-gate bias' }).fill('3');
    await flow.getByRole('spinbutton', { name: 'forget-gate bias' }).press('Tab');
    await flow.getByText('The source or the settings changed').waitFor();
    await flow.getByRole('button', { name: 'Run again' }).click();
    await flow
      .locator('.verdicts strong', { hasText: 'LSTM with forget bias 3' })
      .waitFor({ timeout: 60_000 });
    await flow.getByRole('combobox', { name: 'Loss on' }).selectOption({ label: 'every state' });
    await flow.getByRole('button', { name: 'Run again' }).click();
    await page.eventually(() => flow.locator('.remark').innerText(), /loss on every state/, 60_000);
    await flow.getByRole('combobox', { name: 'Loss on' }).selectOption({ label: 'the last state' });
  });

  it('feeds a column of a CSV file, and runs from the palette', async () => {
    const { page: window } = workbench;
    const flow = (await PanelPage.find(workbench)).section('gradient');
    await flow.getByRole('button', { name: 'Column of a CSV file…' }).click();
    const rows = window.locator('.quick-input-list .monaco-list-row');
    const input = window.locator('.quick-input-widget input[type="text"]');
    await input.waitFor();
    // The list comes after the field, and sets it.
    await rows.filter({ hasText: 'prices.csv' }).waitFor({ timeout: 20_000 });
    await input.fill(join(workbench.folder, 'prices.csv'));
    await window.keyboard.press('Enter');
    await rows.filter({ hasText: '60 numbers' }).click({ timeout: 20_000 });
    await rows.filter({ hasText: 'Standardised' }).click({ timeout: 20_000 });
    await flow.getByText('Input: close of prices.csv, standardised').waitFor({ timeout: 20_000 });
    await workbench.openFile('tagger.py', RNN_LINE, 12);
    await workbench.runCommand('RNN Lens: Diagnose Gradient Flow');
    const page = await PanelPage.find(workbench);
    await page.eventually(
      () => page.section('gradient').locator('.remark').innerText(),
      /input: close of prices\.csv, standardised/,
      60_000,
    );
  });

  it('shows every state, the weights gate by gate, and the spectrum', async () => {
    const page = await PanelPage.find(workbench);
    const flow = page.section('gradient');
    await flow.locator(chart).waitFor({ timeout: 60_000 });
    await flow.getByRole('combobox', { name: 'Gradient by' }).selectOption({ label: 'cell state c' });
    // Only LSTM has one; what was tried beside it is an LSTM too.
    assert.ok((await flow.locator('#chart-gradient-flow path.line').count()) >= 1);
    await flow.getByRole('combobox', { name: 'Gradient by' }).selectOption({ label: 'hidden state h' });
    await flow.locator('summary', { hasText: 'Gradient norms of the weights' }).click();
    await flow.locator('summary', { hasText: 'Spectrum of the recurrent kernel' }).click();
    const weights = flow.locator('table', {
      has: page.frame.locator('caption', { hasText: 'LSTM as written' }),
    });
    const text = await weights.first().innerText();
    for (const word of ['recurrent kernel', 'forget', 'candidate']) assert.ok(text.includes(word), text);
    assert.match(await weights.last().innerText(), /Lyapunov exponent: -[\d.]+ per step/);
    await workbench.screenshot('panel-flow-details');
  });

  it('judges by the thresholds of the settings, without running again', async () => {
    const page = await PanelPage.find(workbench);
    const flow = page.section('gradient');
    await flow.getByText('vanishing from 3 decades').waitFor();
    await workbench.changeSettings({ 'rnnLens.gradientFlow.vanishingDecades': 200 });
    const again = await PanelPage.find(workbench);
    await again.section('gradient').getByText('vanishing from 200 decades').waitFor({ timeout: 20_000 });
    const first = again.section('gradient').locator('.verdicts li').first();
    assert.match(await first.innerText(), /Healthy/);
  });
});
