import { strict as assert } from 'node:assert';
import { Workbench } from '../harness/workbench';
import { refusals, shiftsOf } from './audit';
import { FILES, PanelPage, RNN_LINE, retype, showSource } from './page';

const TWO = `import torch.nn as nn


class Sized(nn.Module):
    def __init__(self, cell, hidden):
        super().__init__()
        self.rnn = getattr(nn, cell)(32, hidden)

    def forward(self, x):
        return self.rnn(x)[0]


class Other(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.GRU(8, 16)

    def forward(self, x):
        return self.rnn(x)[0]


small = Sized('GRU', 64)
large = Sized('LSTM', 128)
`;

describe('Comparison panel', () => {
  let workbench: Workbench;
  let page: PanelPage;
  let refused: string[];

  before(async () => {
    workbench = await Workbench.open({
      files: { ...FILES, 'two.py': TWO },
      size: { width: 1800, height: 1100 },
    });
    refused = refusals(workbench.page);
    page = await PanelPage.open(workbench);
  });

  // Each test starts from the same page, whatever the one before left.
  beforeEach(async () => {
    if (
      (await page.frame
        .getByRole('dialog')
        .count()
        .catch(() => 0)) > 0
    )
      await page.frame.getByRole('dialog').press('Escape');
    if ((await workbench.page.locator('.tab.dirty', { hasText: 'tagger.py' }).count()) > 0) {
      await showSource(workbench, 1);
      await workbench.runCommand('File: Revert File');
    }
    const there = await page.frame
      .locator('section#layers')
      .isVisible()
      .catch(() => false);
    if (!there) page = await PanelPage.open(workbench);
    const reset = page.section('what-if').getByRole('button', { name: 'Reset' });
    if (await reset.isEnabled()) await reset.click();
    await page.eventually(() => page.layer('rnn'), /LSTM 64 → 128 99,328/);
  });

  after(() => workbench.close());

  it('shows the model, its totals and its layers', async () => {
    assert.equal(await page.frame.locator('h1').innerText(), 'Tagger');
    assert.equal(await page.total(/^parameters/), (64_000 + 99_328 + 1_290).toLocaleString('en'));
    assert.equal(await page.total(/^recurrent/), '99,328');
    assert.match((await page.row('layers', 'rnn')).join(' | '), /^rnn \| LSTM 64 → 128 \| 99,328/);
    assert.match((await page.row('layers', 'head')).join(' | '), /Linear 128 → 10 \| 1,290/);
  });

  it('loads nothing but its own script and style, under a policy that allows no other', async () => {
    const policy = await page.frame
      .locator('meta[http-equiv="Content-Security-Policy"]')
      .getAttribute('content');
    assert.match(
      policy ?? '',
      /^default-src 'none'; script-src 'nonce-[\w+/=]{16,}'; style-src [^;]+; img-src data:$/,
    );
    assert.doesNotMatch(policy ?? '', /unsafe/);
    const loaded = await page.frame.evaluate(() =>
      performance.getEntriesByType('resource').map((e) => e.name),
    );
    assert.deepEqual(
      loaded
        .map((url) => url.replace(/^.*\//, '').replace(/\?.*$/, ''))
        .filter((name) => !/^(panel\.(js|css))$/.test(name)),
      [],
    );
    assert.equal(await page.frame.locator('#root [style]').count(), 0);
    assert.deepEqual(refused, []);
  });

  it('compares at the same size, parameters and FLOPs', async () => {
    await page.section('compare').getByRole('radio', { name: 'same size' }).check();
    // 3·128·(64 + 128 + 2)
    assert.match((await page.row('compare', 'GRU')).join(' | '), /GRU \| 128 \| 74,496/);
    assert.match((await page.row('compare', 'SimpleRNN')).join(' | '), /SimpleRNN \| 128 \| 24,832/);
    await page.section('compare').getByRole('radio', { name: 'same parameters' }).check();
    assert.match((await page.row('compare', 'GRU')).join(' | '), /GRU \| 152 \| 99,408/);
    // The whole model: only its recurrent layer changes.
    await page.section('compare').getByRole('combobox', { name: 'What is compared' }).selectOption('');
    await page.section('compare').getByRole('radio', { name: 'same size' }).check();
    await page.eventually(
      async () => (await page.row('compare', 'GRU')).join(' | '),
      /GRU \| 128 \| 139,786/,
    );
    await page.section('compare').getByRole('combobox', { name: 'What is compared' }).selectOption('rnn');
    await page.section('compare').getByRole('radio', { name: 'same parameters' }).check();
    await page.eventually(async () => (await page.row('compare', 'GRU')).join(' | '), /GRU \| 152 \| 99,408/);
  });

  it('says where the parameters sit and why there are so many', async () => {
    await page.unfold('gate by gate');
    const gates = page.section('compare').locator('details', { hasText: 'gate by gate' });
    assert.match(await gates.innerText(), /LSTM 128\s+input\s+24,832\s+25\.0 %/);
    await page.unfold('Formula, equations');
    const text = await page.section('compare').locator('.explain').innerText();
    assert.match(text, /4·H·\(I \+ H \+ 2\)\s*= 4·128·\(64 \+ 128 \+ 2\)/);
    assert.match(text, /PyTorch keeps two bias vectors/);
    assert.match(text, /c\s*t\s*= f\s*t\s*⊙ c\s*t−1/);
  });

  it('marks the layer that the cursor stands in', async () => {
    const here = page.section('layers').locator('tr[aria-current="location"]');
    await showSource(workbench, 9, 20);
    await page.eventually(() => here.innerText(), /^head/);
    await showSource(workbench, RNN_LINE, 20);
    await page.eventually(() => here.innerText(), /^rnn/);
  });

  it('goes to the line of a layer that is clicked', async () => {
    await page.section('layers').getByRole('button', { name: 'embed' }).click();
    await workbench.page.locator('.statusbar-item', { hasText: 'Ln 7' }).waitFor();
  });

  it('follows an edit of the source, and nothing jumps', async () => {
    await retype(workbench, 5, 31, '256):');
    await page.eventually(() => page.layer('rnn'), /LSTM 64 → 256 329,728/);
    await workbench.page.keyboard.press('Control+Z');
    await page.eventually(() => page.layer('rnn'), /LSTM 64 → 128 99,328/);
    assert.deepEqual(await shiftsOf(page.frame), []);
  });

  it('answers what-if questions without touching the file', async () => {
    const whatIf = page.section('what-if');
    const row = async (name: string) => (await page.row('what-if', name)).join(' ');
    await whatIf.getByRole('textbox', { name: 'hidden size' }).fill('256');
    await page.eventually(() => row('parameters, layer'), /99,328 329,728 \+232\.0 %/);
    // The Linear after it follows: 64,000 + 329,728 + 2,570.
    await page.eventually(() => row('parameters, model'), /164,618 396,298/);
    await whatIf.getByRole('slider', { name: 'hidden size' }).press('ArrowRight');
    await page.eventually(() => row('parameters, layer'), /332,044/);
    // Two layers, both directions: 2·4·128·(64 + 128 + 2) + 2·4·128·(256 + 128 + 2)
    await whatIf.getByRole('button', { name: 'Reset' }).click();
    await whatIf.getByRole('textbox', { name: 'layers' }).fill('2');
    await page.eventually(() => row('parameters, layer'), /99,328 231,424/);
    await whatIf.getByRole('checkbox', { name: 'both directions' }).check();
    await page.eventually(() => row('parameters, layer'), /99,328 593,920/);
    // A projection: 4·128·(64 + 32 + 2) + 32·128
    await whatIf.getByRole('button', { name: 'Reset' }).click();
    await whatIf.getByRole('textbox', { name: 'projection' }).fill('32');
    await page.eventually(() => row('parameters, layer'), /99,328 54,272/);
    await whatIf.getByRole('button', { name: 'Reset' }).click();
    const flops = async () => (await row('FLOPs, layer')).split(' ').at(-1) ?? '';
    await whatIf.getByRole('textbox', { name: 'sequence length' }).fill('200');
    await page.eventually(flops, /^%|\+100\.0$/);
    await whatIf.getByRole('textbox', { name: 'batch' }).fill('2');
    await page.eventually(() => row('FLOPs, layer'), /\+300\.0 %/);
    await whatIf.getByRole('combobox', { name: 'number type' }).selectOption('float16');
    await page.eventually(() => row('weights, layer'), /−50\.0 %/);
    await whatIf.getByRole('button', { name: 'Reset' }).click();
    await page.eventually(() => row('parameters, layer'), /99,328 99,328 –/);
    assert.equal(await workbench.page.locator('.tab.dirty').count(), 0);
  });

  it('follows a slider that is dragged, and nothing jumps', async () => {
    const slider = page.section('what-if').getByRole('slider', { name: 'hidden size' });
    await slider.scrollIntoViewIfNeeded();
    const box = (await slider.boundingBox())!;
    const point = () => page.frame.locator('#chart-cost-curves circle.point').getAttribute('cx');
    const before = await point();
    // From the 128 of 512 to the right end.
    await workbench.page.mouse.move(box.x + 7 + ((box.width - 14) * 127) / 511, box.y + box.height / 2);
    await workbench.page.mouse.down();
    await workbench.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2, { steps: 5 });
    await workbench.page.mouse.move(box.x + box.width + 5, box.y + box.height / 2, { steps: 5 });
    await workbench.page.mouse.up();
    // 4·512·(64 + 512 + 2)
    await page.eventually(
      async () => (await page.row('what-if', 'parameters, layer')).join(' '),
      /99,328 1,183,744/,
    );
    assert.equal(
      await page.section('what-if').getByRole('textbox', { name: 'hidden size' }).inputValue(),
      '512',
    );
    await page.eventually(async () => String((await point()) !== before), /true/);
    assert.deepEqual(await shiftsOf(page.frame), []);
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
    assert.match(await page.layer('rnn'), /LSTM 64 → 128/);
    await apply.click();
    await dialog.getByRole('button', { name: 'Apply', exact: true }).click();
    await page.eventually(() => page.layer('rnn'), /LSTM 64 → 192 198,144/);
    await showSource(workbench, 1);
    await workbench.page.keyboard.press('Control+Z');
    await page.eventually(() => page.layer('rnn'), /LSTM 64 → 128 99,328/);
  });

  it('turns the layer into another cell in the source', async () => {
    await page.section('compare').getByRole('radio', { name: 'same parameters' }).check();
    await page.section('compare').getByRole('button', { name: 'Apply GRU with hidden size 152' }).click();
    const dialog = page.frame.getByRole('dialog');
    await dialog.waitFor();
    assert.match(
      (await dialog.locator('.diff-line.added').allInnerTexts()).join('\n'),
      /nn\.GRU\(64, hidden/,
    );
    await dialog.getByRole('button', { name: 'Apply', exact: true }).click();
    await page.eventually(() => page.layer('rnn'), /GRU 64 → 152 99,408/);
    await showSource(workbench, 1);
    await workbench.page.keyboard.press('Control+Z');
    await page.eventually(() => page.layer('rnn'), /LSTM 64 → 128 99,328/);
  });

  it('decides by what is stated, and each sentence leads to its numbers', async () => {
    const decision = page.section('decision');
    const sentences = async () => (await decision.locator('.decision li').allInnerTexts()).join('\n');
    await decision.getByRole('textbox', { name: 'parameter budget' }).fill('150000');
    await decision.getByRole('textbox', { name: 'parameter budget' }).press('Enter');
    await page.eventually(sentences, /14,618 parameters over your budget of 150,000/);
    assert.match(await sentences(), /GRU at the same hidden size|SimpleRNN at the same hidden size/);
    await decision.getByRole('textbox', { name: 'training sequences' }).fill('2000');
    await decision.getByRole('textbox', { name: 'training sequences' }).press('Enter');
    await page.eventually(sentences, /2,000 sequences of 100 steps are 200,000 time steps/);
    await decision.getByRole('combobox', { name: 'runs on' }).selectOption('microcontroller');
    // 164,618 numbers of four bytes, and of one.
    await page.eventually(sentences, /643 KiB as float32 and 161 KiB as int8/);
    for (const item of await decision.locator('.decision li').all()) {
      assert.ok((await item.locator('a[href^="https://"], button').count()) > 0, await item.innerText());
    }
    await decision.getByRole('button', { name: 'see Compare' }).first().click();
    const focused = await page.frame.evaluate(() => document.activeElement?.id);
    assert.equal(focused, 'compare-title');
    for (const name of ['parameter budget', 'training sequences']) {
      await decision.getByRole('textbox', { name }).fill('');
      await decision.getByRole('textbox', { name }).press('Enter');
    }
    await decision.getByRole('combobox', { name: 'runs on' }).selectOption('any');
  });

  it('can be used by the keyboard alone', async () => {
    const keyboard = workbench.page.keyboard;
    const focused = () =>
      page.frame.evaluate(() => {
        const e = document.activeElement as HTMLInputElement | null;
        return `${e?.tagName} ${e?.id} ${e?.value} ${e?.textContent}`;
      });
    await page.frame.locator('summary', { hasText: 'Copy and save' }).focus();
    // Every control can be reached with Tab, in the order of the page, and none is a trap.
    const order: string[] = [];
    for (let i = 0; i < 80; i++) {
      await keyboard.press('Tab');
      const at = await page.frame.evaluate(() => document.activeElement?.closest('section')?.id ?? '');
      if (order.at(-1) !== at) order.push(at);
      if (at === 'decision') break;
    }
    assert.deepEqual(order.filter(Boolean), [
      'layers',
      'compare',
      'what-if',
      'gradient',
      'probe',
      'decision',
    ]);
    await page.section('compare').getByRole('radio', { name: 'same parameters' }).focus();
    await keyboard.press('ArrowLeft');
    await page.eventually(focused, /same-size/);
    assert.match((await page.row('compare', 'GRU')).join(' | '), /GRU \| 128/);
    await keyboard.press('ArrowRight');
    await page.section('what-if').getByRole('slider', { name: 'hidden size' }).focus();
    await keyboard.press('ArrowRight');
    await page.eventually(
      async () => (await page.row('what-if', 'parameters, layer')).join(' '),
      /99,328 100,620/,
    );
    await page.section('layers').getByRole('button', { name: 'embed' }).focus();
    await keyboard.press('Enter');
    await workbench.page.locator('.statusbar-item', { hasText: 'Ln 7' }).waitFor();
  });

  it('looks at another class, and at another way to build it', async () => {
    const two = await PanelPage.open(workbench, 'two.py', 1);
    await two.choose(['Sized', 'Sized', 'Other'], 1);
    // 4·128·(32 + 128 + 2)
    await two.eventually(() => two.layer('rnn'), /LSTM 32 → 128 82,944/);
    await two.choose(['Sized', 'Sized', 'Other'], 0);
    await two.eventually(() => two.layer('rnn'), /GRU 32 → 64 18,816/);
    assert.match(await two.frame.locator('.origin').innerText(), /Sized\('GRU', 64\)/);
    await two.choose(['Sized', 'Sized', 'Other'], 2);
    // 3·16·(8 + 16 + 2)
    await two.eventually(() => two.layer('rnn'), /GRU 8 → 16 1,248/);
    // The panel of the other file is still there, with its own model.
    await workbench.page.locator('.tab', { hasText: 'Compare: tagger.py' }).click();
    page = await PanelPage.find(workbench);
    assert.equal(await page.frame.locator('h1').innerText(), 'Tagger');
    await workbench.page.locator('.tab', { hasText: 'Compare: two.py' }).click();
    const again = await PanelPage.find(workbench, 'two.py');
    assert.equal(await again.frame.locator('h1').innerText(), 'Other');
    await workbench.runCommand('View: Close Editor');
    page = await PanelPage.find(workbench);
  });

  it('opens from the hover and from the lens', async () => {
    await workbench.runCommand('View: Close Editor');
    await showSource(workbench, RNN_LINE);
    await workbench.hoverText('nn.LSTM');
    await workbench.page.locator('.monaco-hover a', { hasText: 'Compare' }).first().click();
    page = await PanelPage.find(workbench);
    await page.frame.locator('h1', { hasText: 'Tagger' }).waitFor();
    await workbench.runCommand('View: Close Editor');
    await showSource(workbench, RNN_LINE);
    await workbench.clickCodeLens('Compare cells');
    page = await PanelPage.find(workbench);
    await page.frame.locator('h1', { hasText: 'Tagger' }).waitFor();
  });

  it('does not jump while it fills', async () => {
    await workbench.page.locator('.tab', { hasText: 'Compare: tagger.py' }).click({ button: 'middle' });
    page = await PanelPage.open(workbench);
    await workbench.page.waitForTimeout(500);
    assert.deepEqual(await shiftsOf(page.frame), []);
  });

  it('comes back after a reload of the window as it was', async () => {
    await page.section('compare').getByRole('radio', { name: 'same FLOPs' }).check();
    await page.unfold('gate by gate');
    await page.section('what-if').getByRole('textbox', { name: 'hidden size' }).fill('256');
    await page.section('decision').getByRole('combobox', { name: 'runs on' }).selectOption('mobile');
    await page.export('Pin this model beside');
    await page.section('pinned').waitFor();
    await page.eventually(async () => (await page.row('what-if', 'parameters, layer')).join(' '), /329,728/);
    await page.section('decision').scrollIntoViewIfNeeded();
    await page.eventually(() => page.frame.evaluate(() => String(window.scrollY)), /[1-9]\d\d/);
    await workbench.page.waitForTimeout(600);
    await workbench.reload();
    page = await PanelPage.find(workbench);
    assert.equal(await page.total(/^parameters/), '164,618');
    assert.equal(await page.section('compare').getByRole('radio', { name: 'same FLOPs' }).isChecked(), true);
    assert.notEqual(await page.section('compare').locator('details.fold').first().getAttribute('open'), null);
    assert.equal(
      await page.section('decision').getByRole('combobox', { name: 'runs on' }).inputValue(),
      'mobile',
    );
    await page.eventually(
      async () => (await page.row('what-if', 'parameters, layer')).join(' '),
      /99,328 329,728/,
    );
    await page.section('pinned').waitFor();
    await page.eventually(() => page.frame.evaluate(() => String(window.scrollY)), /[1-9]\d\d/);
    await page.section('pinned').getByRole('button', { name: 'Unpin' }).click();
  });
});
