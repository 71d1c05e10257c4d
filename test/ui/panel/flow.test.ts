import { strict as assert } from 'node:assert';
import { Workbench } from '../harness/workbench';
import { FILES, PanelPage, RNN_LINE } from './page';

const LONG = `import torch.nn as nn

class Long(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn = nn.LSTM(400, 400, 2)

    def forward(self, x):
        return self.rnn(x)[0]
`;

describe('Gradient flow in the panel', () => {
  let workbench: Workbench;

  before(async () => {
    workbench = await Workbench.open({
      files: { ...FILES, 'long.py': LONG },
      size: { width: 1800, height: 1100 },
      settings: { 'rnnLens.sequenceLength': 40 },
    });
  });

  after(() => workbench.close());

  /** The panel of the small model with a finished run, made where there is none yet. */
  async function measured(): Promise<PanelPage> {
    const page = await PanelPage.open(workbench);
    const flow = page.section('gradient');
    if ((await flow.locator('.verdicts li').count()) === 0)
      await flow.getByRole('button', { name: 'Run', exact: true }).click();
    await flow.locator('.verdicts li').first().waitFor({ timeout: 60_000 });
    return page;
  }

  it('runs from the CodeLens and draws a curve for each cell', async () => {
    await workbench.openFile('tagger.py', RNN_LINE, 12);
    await workbench.clickCodeLens('Gradient flow');
    // A click on a lens that is just being replaced is lost: a person clicks again.
    const page = await PanelPage.find(workbench).catch(async () => {
      await workbench.clickCodeLens('Gradient flow');
      return PanelPage.find(workbench);
    });
    const flow = page.section('gradient');
    await flow.locator('#chart-gradient-flow svg.chart').waitFor({ timeout: 60_000 });
    const labels = await flow.locator('.verdicts li strong').allInnerTexts();
    assert.deepEqual(labels.slice(0, 3), [
      'LSTM as written',
      'GRU, hidden size 152',
      'SimpleRNN, hidden size 284',
    ]);
    const paths = await flow.locator('#chart-gradient-flow path.line').count();
    assert.equal(paths, labels.length);
    // The table behind the chart: one row for each step, exactly what the curves show.
    await flow.locator('#chart-gradient-flow summary').click();
    await flow.locator('#chart-gradient-flow tbody tr').nth(39).waitFor();
    assert.equal(await flow.locator('#chart-gradient-flow tbody tr').count(), 40);
    assert.match((await page.row('compare', 'LSTM')).join(' | '), /\d+ steps/);
  });

  it('stays on the page while it runs again', async () => {
    const page = await measured();
    const flow = page.section('gradient');
    const chart = flow.locator('#chart-gradient-flow svg.chart');
    await chart.evaluate((e) => {
      // Notes when the chart is taken away, even for a moment.
      new MutationObserver(() => {
        if (!document.querySelector('#chart-gradient-flow svg.chart'))
          document.body.dataset.chartLeft = 'yes';
      }).observe(document.body, { childList: true, subtree: true });
      e.scrollIntoView();
    });
    await flow.getByRole('button', { name: 'Run again' }).click();
    await workbench.page.waitForTimeout(500);
    await flow.getByRole('button', { name: 'Run again' }).waitFor({ timeout: 60_000 });
    assert.equal(await page.frame.evaluate(() => document.body.dataset.chartLeft), undefined);
  });

  it('gives advice with its source and inserts the code for it', async () => {
    const page = await measured();
    const advice = page.section('gradient').locator('.advice li').first();
    assert.match(await advice.innerText(), /half-life from [\d.]+ to [\d.]+ steps/);
    await page.section('gradient').getByRole('button', { name: 'Insert code…' }).first().click();
    const dialog = page.frame.getByRole('dialog');
    await dialog.waitFor();
    assert.match(
      (await dialog.locator('.diff-line.added').allInnerTexts()).join('\n'),
      /self\.rnn\.named_parameters/,
    );
    await dialog.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  });

  it('trains the cells on a task that needs memory, live', async () => {
    const page = await PanelPage.open(workbench);
    const probe = page.section('probe');
    await probe.getByRole('button', { name: 'Probe learning' }).click();
    await probe.locator('#chart-probe-loss path.line').nth(2).waitFor({ timeout: 60_000 });
    assert.match((await probe.locator('.legend li').allInnerTexts()).join(), /LSTM 24, [\d,]+ parameters/);
    await probe
      .getByRole('button', { name: 'Stop' })
      .click({ timeout: 5_000 })
      .catch(() => undefined);
    await probe.getByRole('button', { name: 'Probe learning' }).waitFor({ timeout: 60_000 });
    await workbench.screenshot('panel-probe');
  });

  it('shows progress and can be cancelled', async () => {
    const page = await PanelPage.open(workbench, 'long.py', 6);
    const flow = page.section('gradient');
    await flow.getByRole('button', { name: 'Run' }).click();
    await flow.getByRole('progressbar').waitFor();
    await flow.getByRole('button', { name: 'Cancel' }).click();
    await flow.getByText('Cancelled.').waitFor({ timeout: 10_000 });
    assert.ok(await flow.getByRole('button', { name: 'Run' }).isEnabled());
  });

  it('ends cleanly when the panel is closed in the middle of a run', async () => {
    const page = await PanelPage.open(workbench, 'long.py', 6);
    await page.section('gradient').getByRole('button', { name: 'Run' }).click();
    await page.section('gradient').getByRole('progressbar').waitFor();
    await workbench.runCommand('View: Close Editor');
    const again = await PanelPage.open(workbench);
    await again.section('gradient').getByRole('button', { name: /^Run/ }).click();
    await again.section('gradient').getByRole('button', { name: 'Run again' }).waitFor({ timeout: 60_000 });
    assert.ok(await again.section('gradient').locator('#chart-gradient-flow svg.chart').isVisible());
    assert.deepEqual(await workbench.notifications(), []);
  });
});
