import { strict as assert } from 'node:assert';
import { readFileSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { compareLayer } from '../../../../src/compare';
import { type Analysis, analyseSource } from '../../../../src/engine/analyse';
import { modelNames } from '../../../../src/engine/panel/models';
import { panelState } from '../../../../src/engine/panel/state';
import { DEFAULT_WORKLOAD, isRecurrent } from '../../../../src/model';
import { checkToPage } from '../../../../src/protocol/panel-check-state';
import { analysisJson } from '../../../../src/report/analysis-json';
import { comparisonJson } from '../../../../src/report/comparison-json';
import { languageModel, panelInput } from './fixture';

const folder = resolve(import.meta.dirname, '../../../../examples');
const examples = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((f) =>
  /\.(py|js)$/.test(f),
);

async function analyse(path: string): Promise<Analysis> {
  const file = { file: `/${path}`, text: readFileSync(join(folder, path), 'utf8') };
  const load = () => Promise.resolve(undefined);
  return analyseSource(file, { workload: DEFAULT_WORKLOAD, assumptions: new Map(), load });
}

/** What the page shows of one model and one of its layers. */
function viewOf(analysis: Analysis, model: string, layer: string | null) {
  const state = panelState({ ...panelInput(languageModel()), analysis, selection: { model, layer } });
  const checked = checkToPage(JSON.parse(JSON.stringify({ type: 'state', state })));
  assert.ok(checked.ok, checked.ok ? '' : checked.wrong);
  assert.ok(state.model);
  return state.model;
}

describe('The page and the command line', () => {
  it('have examples to be compared on', () => assert.ok(examples.length >= 10));

  for (const path of examples) {
    it(`show the same numbers for ${path}`, async () => {
      const analysis = await analyse(path);
      const names = modelNames(analysis.models.map((m) => m.model));
      assert.ok(names.length > 0, 'no model');
      const [printed] = analysisJson([analysis]).files;
      names.forEach((name, i) => {
        const view = viewOf(analysis, name, null);
        const json = printed!.models[i]!;
        assert.equal(view.totals.params.value, json.params.total);
        assert.equal(view.totals.macs.value, json.macs.forward);
        assert.equal(view.totals.flops.value, json.flops.forward);
        assert.deepEqual(
          view.layers.map((l) => [l.path, l.params.value, l.macs.value, l.flops.value]),
          json.layers.map((l) => [l.path, l.params, l.macs, l.flops]),
        );
        const { model } = analysis.models[i]!;
        for (const layer of model.layers.filter(isRecurrent)) {
          const compared = compareLayer(layer, model, DEFAULT_WORKLOAD);
          const rows = comparisonJson(path, [{ model: name, layer: compared }]).layers[0]!.rows;
          assert.deepEqual(
            viewOf(analysis, name, layer.path).comparison?.rows.map((r) => [
              r.cell,
              r.sizing,
              r.hiddenSizes[0]?.size,
              r.params,
              r.macs,
              r.flops,
            ]),
            rows.map((r) => [r.cell, r.sizing, r.hiddenSize, r.params, r.macs, r.flops]),
          );
        }
      });
    });
  }
});
