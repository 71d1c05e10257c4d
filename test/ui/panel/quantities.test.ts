import { Workbench } from '../harness/workbench';
import { FILES, PanelPage } from './page';

describe('Every quantity on the comparison page', () => {
  let workbench: Workbench;
  let page: PanelPage;

  before(async () => {
    workbench = await Workbench.open({ files: FILES, size: { width: 1500, height: 1100 } });
    page = await PanelPage.open(workbench);
  });

  after(async () => {
    await workbench.close();
  });

  const fold = (title: string) => page.frame.locator('details', { hasText: title }).first();

  it('folds out those of the model: work per sequence and batch, memory in each number type', async () => {
    const model = fold('Every quantity, with its convention');
    await model.locator('summary').click();
    await page.eventually(() => model.innerText(), /FLOPs, training step/);
    await page.eventually(() => model.innerText(), /optimiser state: Adam\s+1\.26 MiB\s+643 KiB/);
  });

  it('folds out those of the layer: by gate and by step', async () => {
    const layer = fold('Formula, equations, convention and every quantity');
    await layer.locator('summary').click();
    await page.eventually(() => layer.innerText(), /gate: forget\s+24,832/);
    await page.eventually(() => layer.innerText(), /weight MACs\s+98,304\s+9,830,400\s+9,830,400/);
    await page.eventually(() => layer.innerText(), /ptflops prints/);
  });

  it('takes lengths of sequences, and says what packing would save', async () => {
    await page.frame.getByRole('button', { name: 'assumed, change' }).click();
    const field = page.frame.getByLabel('lengths of the sequences');
    await field.fill('5, x');
    await page.frame.getByText('whole numbers from 1 up').waitFor();
    await field.fill('5, 3, 1');
    await field.press('Enter');
    const layer = fold('Formula, equations, convention and every quantity');
    await page.eventually(() => layer.innerText(), /packed: 9 steps in all[\s\S]*1,789,056/);
    await page.eventually(() => layer.innerText(), /padded to the longest: 15 steps in all[\s\S]*2,981,760/);
    await workbench.screenshot('panel-quantities');
  });
});
