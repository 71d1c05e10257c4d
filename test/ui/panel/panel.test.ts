import { strict as assert } from 'node:assert';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Workbench } from '../harness/workbench';
import { FILES, PanelPage, showSource } from './page';

describe('Comparison panel', () => {
  let workbench: Workbench;
  let page: PanelPage;

  before(async () => {
    workbench = await Workbench.open({ files: FILES, size: { width: 1800, height: 1100 } });
    page = await PanelPage.open(workbench);
  });

  after(async () => {
    await workbench.close();
  });

  it('shows the model, its totals and its layers', async () => {
    assert.equal(await page.frame.locator('h1').innerText(), 'Tagger');
    assert.equal(await page.total(/^parameters/), (64_000 + 99_328 + 1_290).toLocaleString('en'));
    assert.equal(await page.total(/^recurrent/), '99,328');
    assert.match((await page.row('layers', 'rnn')).join(' | '), /^rnn \| LSTM 64 → 128 \| 99,328/);
    assert.match((await page.row('layers', 'head')).join(' | '), /Linear 128 → 10 \| 1,290/);
  });

  it('compares at the same size, parameters and FLOPs', async () => {
    const sizing = page.section('compare').getByRole('radio', { name: 'same size' });
    await sizing.check();
    // 3·128·(64 + 128 + 2)
    assert.match((await page.row('compare', 'GRU')).join(' | '), /GRU \| 128 \| 74,496/);
    assert.match((await page.row('compare', 'SimpleRNN')).join(' | '), /SimpleRNN \| 128 \| 24,832/);
    await page.section('compare').getByRole('radio', { name: 'same parameters' }).check();
    assert.match((await page.row('compare', 'GRU')).join(' | '), /GRU \| 152 \| 99,408/);
  });

  it('marks the layer that the cursor stands in', async () => {
    const here = page.section('layers').locator('tr[aria-current="location"]');
    await page.eventually(() => here.innerText(), /^rnn/);
    await showSource(workbench, 9, 20);
    await page.eventually(() => here.innerText(), /^head/);
  });

  it('goes to the line of a layer that is clicked', async () => {
    await page.section('layers').getByRole('button', { name: 'embed' }).click();
    await workbench.page.locator('.statusbar-item', { hasText: 'Ln 7' }).waitFor();
  });

  it('follows an edit of the source', async () => {
    await showSource(workbench, 5, 31);
    await workbench.page.keyboard.press('Shift+End');
    await workbench.paste('256):');
    await page.eventually(async () => (await page.row('layers', 'rnn')).join(' '), /LSTM 64 → 256 329,728/);
    await workbench.page.keyboard.press('Control+Z');
    await page.eventually(async () => (await page.row('layers', 'rnn')).join(' '), /LSTM 64 → 128 99,328/);
  });

  it('answers what-if questions without touching the file', async () => {
    const field = page.section('what-if').getByRole('textbox', { name: 'hidden size' });
    await field.fill('256');
    await page.eventually(
      async () => (await page.row('what-if', 'parameters, layer')).join(' '),
      /99,328 329,728 \+232\.0 %/,
    );
    // The Linear after it follows: 64,000 + 329,728 + 2,570.
    await page.eventually(
      async () => (await page.row('what-if', 'parameters, model')).join(' '),
      /164,618 396,298/,
    );
    await page.section('what-if').getByRole('slider', { name: 'hidden size' }).press('ArrowRight');
    await page.eventually(async () => (await page.row('what-if', 'parameters, layer')).join(' '), /332,044/);
    await page.section('what-if').getByRole('button', { name: 'Reset' }).click();
    await page.eventually(
      async () => (await page.row('what-if', 'parameters, layer')).join(' '),
      /99,328 99,328 –/,
    );
    assert.equal(await workbench.page.locator('.tab.active.dirty').count(), 0);
  });

  it('says what is wrong with a size that is typed', async () => {
    const field = page.section('what-if').getByRole('textbox', { name: 'hidden size' });
    await field.fill('12.5');
    await page.section('what-if').getByRole('alert').filter({ hasText: 'whole number' }).waitFor();
    await field.press('Tab');
    assert.equal(await field.inputValue(), '128');
  });

  it('applies a change after showing it, and one undo takes it back', async () => {
    await page.section('what-if').getByRole('textbox', { name: 'hidden size' }).fill('192');
    const apply = page.section('what-if').getByRole('button', { name: 'Apply to source' });
    await page.eventually(async () => String(await apply.isEnabled()), /true/);
    await apply.click();
    const dialog = page.frame.getByRole('dialog');
    await dialog.waitFor();
    const lines = await dialog.locator('.diff-line').allInnerTexts();
    assert.deepEqual(
      lines.map((l) => l.replace(/\s+/g, ' ')),
      ['− removed: def __init__(self, hidden=128):', '+ added: def __init__(self, hidden=192):'],
    );
    await dialog.getByRole('button', { name: 'Leave as it is' }).click();
    await dialog.waitFor({ state: 'detached' });
    assert.match((await page.row('layers', 'rnn')).join(' '), /LSTM 64 → 128/);
    await apply.click();
    await dialog.getByRole('button', { name: 'Apply', exact: true }).click();
    await page.eventually(async () => (await page.row('layers', 'rnn')).join(' '), /LSTM 64 → 192 198,144/);
    await showSource(workbench, 1);
    await workbench.page.keyboard.press('Control+Z');
    await page.eventually(async () => (await page.row('layers', 'rnn')).join(' '), /LSTM 64 → 128 99,328/);
  });

  it('turns the layer into another cell in the source', async () => {
    const row = page.section('compare').getByRole('button', { name: 'Apply GRU with hidden size 152' });
    await row.click();
    const dialog = page.frame.getByRole('dialog');
    await dialog.waitFor();
    assert.match(
      (await dialog.locator('.diff-line.added').allInnerTexts()).join('\n'),
      /nn\.GRU\(64, hidden/,
    );
    await dialog.getByRole('button', { name: 'Apply', exact: true }).click();
    await page.eventually(async () => (await page.row('layers', 'rnn')).join(' '), /GRU 64 → 152 99,408/);
    await showSource(workbench, 1);
    await workbench.page.keyboard.press('Control+Z');
    await page.eventually(async () => (await page.row('layers', 'rnn')).join(' '), /LSTM 64 → 128 99,328/);
  });

  it('copies the numbers as Markdown and CSV', async () => {
    await openMenu(page);
    await page.frame.getByRole('button', { name: 'Copy as Markdown' }).click();
    await page.eventually(clipboard, /\| `rnn` \| LSTM 64 → 128 \| 99,328 \|/);
    await openMenu(page);
    await page.frame.getByRole('button', { name: 'Copy as CSV' }).click();
    await page.eventually(clipboard, /comparison,rnn,gru,same-params,152,99408,/);
  });

  it('saves the numbers as JSON', async () => {
    await openMenu(page);
    await page.frame.getByRole('button', { name: 'Save JSON…' }).click();
    const path = join(workbench.folder, 'numbers.json');
    await saveAs(workbench, path);
    const saved = JSON.parse(await readFile(path, 'utf8')) as {
      model: { totals: { params: { value: number } } };
    };
    assert.equal(saved.model.totals.params.value, 164_618);
  });

  it('saves a chart as a picture', async () => {
    await page.frame
      .locator('#chart-cost-curves')
      .getByRole('button', { name: 'Save the chart as SVG' })
      .click();
    const path = join(workbench.folder, 'curves.svg');
    await saveAs(workbench, path);
    const svg = await readFile(path, 'utf8');
    assert.match(svg, /^<svg [^>]*xmlns="http:\/\/www\.w3\.org\/2000\/svg"/);
    assert.doesNotMatch(svg, /var\(--/);
    await page.frame
      .locator('#chart-cost-curves')
      .getByRole('button', { name: 'Save the chart as PNG' })
      .click();
    const png = join(workbench.folder, 'curves.png');
    await saveAs(workbench, png);
    assert.equal((await readFile(png)).subarray(1, 4).toString('latin1'), 'PNG');
  });

  it('keeps a model beside this one', async () => {
    await openMenu(page);
    await page.frame.getByRole('button', { name: 'Pin this model beside' }).click();
    await page.section('pinned').waitFor();
    await showSource(workbench, 5, 31);
    await workbench.page.keyboard.press('Shift+End');
    await workbench.paste('256):');
    await page.eventually(
      async () => (await page.row('pinned', 'parameters')).join(' '),
      /164,618 396,298 \+231,680 \+140\.7 %/,
    );
    await workbench.page.keyboard.press('Control+Z');
    await page.section('pinned').getByRole('button', { name: 'Unpin' }).click();
    await page.section('pinned').waitFor({ state: 'detached' });
  });

  it('comes back after a reload of the window', async () => {
    await page.section('compare').getByRole('radio', { name: 'same FLOPs' }).check();
    await workbench.reload();
    page = await PanelPage.find(workbench);
    assert.equal(await page.total(/^parameters/), '164,618');
    assert.equal(await page.section('compare').getByRole('radio', { name: 'same FLOPs' }).isChecked(), true);
  });

  const clipboard = () => workbench.page.evaluate(() => navigator.clipboard.readText());
});

function openMenu(page: PanelPage): Promise<void> {
  return page.frame.locator('summary', { hasText: 'Copy and save' }).click();
}

/** Types a path into VS Code's own save dialog and waits for the file. */
async function saveAs(workbench: Workbench, path: string): Promise<void> {
  const input = workbench.page.locator('.quick-input-widget input[type="text"]');
  await input.waitFor();
  // The dialog writes the name that it proposes over what was typed before, and looks the path up while it is typed; an
  // OK that comes before it has is answered with a question.
  for (let attempt = 1; ; attempt++) {
    await input.fill(path);
    await workbench.page.waitForTimeout(500 * attempt);
    if ((await input.inputValue()) !== path && attempt < 4) continue;
    await workbench.page.locator('.quick-input-widget').getByRole('button', { name: 'OK' }).click();
    const closed = await input.waitFor({ state: 'hidden', timeout: 4000 }).then(
      () => true,
      () => false,
    );
    if (closed) break;
    assert.ok(attempt < 4, 'the save dialog takes the path');
  }
  const deadline = Date.now() + 10_000;
  while ((await stat(path).catch(() => undefined))?.size === undefined && Date.now() < deadline) {
    await workbench.page.waitForTimeout(50);
  }
  // The name is there before the last byte is.
  await workbench.page.waitForTimeout(200);
}
