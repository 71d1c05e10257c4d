import { strict as assert } from 'node:assert';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { analysisJson } from '../../../src/report/analysis-json';
import type { comparisonJson } from '../../../src/report/comparison-json';
import { formatCount } from '../../../src/report/numbers';
import { root } from '../../../scripts/lib/paths.mjs';
import { cliJson } from '../../unit/cli/harness';
import { Workbench } from '../harness/workbench';
import { PanelPage } from './page';

const folder = join(root, 'examples');
const examples = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((f) => /\.(py|js|ts|ipynb)$/.test(f))
  .map((f) => f.replaceAll('\\', '/'))
  .sort();

/** What the command line says of a file: the same input as the page's, so the same numbers. */
async function printed(path: string) {
  const file = join(folder, path);
  const analysis = (await cliJson('analyze', file)).json as ReturnType<typeof analysisJson>;
  const comparison = (await cliJson('compare', file)).json as ReturnType<typeof comparisonJson>;
  return { models: analysis.files[0]!.models, layers: comparison.layers };
}

/**
 * The tables as they stand on the page: a number as the digits that are shown, or those that stand behind a rounded one;
 * one that is unknown as null.
 */
function shown(page: PanelPage) {
  return page.frame.evaluate(() => {
    // No functions with names in here: the compiler would wrap them in a helper that the page does not have.
    const rows = (selector: string) =>
      [...document.querySelectorAll(selector)].map((row) =>
        [...row.querySelectorAll('th, td')].map((cell) => {
          const number = cell.querySelector('span[title]');
          if (cell.querySelector('.unknown, .formula')) return null;
          return (number?.getAttribute('title') ?? cell.textContent ?? '').trim();
        }),
      );
    return {
      layers: rows('#layers tbody tr'),
      total: rows('#layers tfoot tr')[0]!,
      compare: rows('#compare > table > tbody > tr'),
      path: document.querySelector<HTMLSelectElement>('#compare .section-head select')?.value ?? null,
    };
  });
}

const count = (n: number | null | undefined) => (n == null ? null : formatCount(n));
const CELLS = { LSTM: 'lstm', GRU: 'gru', SimpleRNN: 'rnn' } as const;

function near(shown: string | null | undefined, printed: number): void {
  const digits = (shown ?? '').replace('−', '-').replaceAll(',', '').replace(' %', '');
  const rounding = Math.abs(printed) < 999 ? 0.055 : 0.51;
  assert.ok(Math.abs(Number(digits) - printed) <= rounding, `${shown} is not ${printed}`);
}

describe('The page and the command line', () => {
  let workbench: Workbench;

  before(async () => {
    // Small, so that little has to be drawn: what does not fit is in the document all the same.
    workbench = await Workbench.open({ size: { width: 900, height: 500 } });
    await workbench.runCommand('View: Close Primary Side Bar');
  });

  after(() => workbench.close());

  it('have examples to be compared on', () => assert.ok(examples.length >= 20));

  for (const path of examples) {
    it(`show the same numbers for ${path}`, async () => {
      const json = await printed(path);
      const page = await PanelPage.open(workbench, path, 1);
      for (const [i, model] of json.models.entries()) {
        await page.choose(
          json.models.map((m) => m.name),
          i,
        );
        const params = count(model.params.total);
        if (params !== null)
          await page.eventually(() => page.total(/^parameters/), new RegExp(`^${params}$`));
        const { layers, total, path: layer } = await shown(page);
        assert.deepEqual(
          layers.map((row) => [row[2], row[4], row[5]]),
          model.layers.map((l) => [count(l.params), count(l.macs), count(l.flops)]),
        );
        assert.deepEqual(
          [total[1], total[3], total[4], total[5]],
          [model.params.total, model.macs.forward, model.flops.forward, model.bytes.weights].map(count),
        );
        // Models may share a name: they come in the order of the file.
        const way = json.models.slice(0, i).filter((m) => m.name === model.name).length;
        const same = json.layers.filter((l) => l.model === model.name && l.path === layer);
        const compared = same[way] ?? same[0];
        for (const [label, sizing] of [
          ['same size', 'same-size'],
          ['same parameters', 'same-params'],
          ['same FLOPs', 'same-flops'],
        ] as const) {
          if (!compared || compared.rows.length === 0) continue;
          await page.section('compare').getByRole('radio', { name: label }).check();
          const { compare } = await shown(page);
          const current = compared.rows.filter((r) => r.current).slice(0, 1);
          const wanted = [...current, ...compared.rows.filter((r) => !r.current && r.sizing === sizing)];
          assert.deepEqual(
            compare
              .map((row) => ({ cell: CELLS[row[0]!.split(' ')[0] as keyof typeof CELLS], row }))
              .map(({ cell, row }) => [cell, row[1], row[2], row[6]]),
            wanted.map((r) => [r.cell, count(r.hiddenSize), count(r.params), count(r.flops)]),
          );
          compare.slice(1).forEach((row, k) => {
            const { percent } = wanted[k + 1]!;
            // Shown to a tenth, printed to a hundredth.
            near(row[4], percent.params);
            near(row[7], percent.flops);
          });
        }
      }
    });
  }
});
