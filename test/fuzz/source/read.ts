import assert from 'node:assert/strict';
import { compareLayer } from '../../../src/compare';
import { analyseSource, type Analysis } from '../../../src/engine/analyse';
import { panelState } from '../../../src/engine/panel/state';
import { DEFAULT_WORKLOAD, formatMessage, isRecurrent } from '../../../src/model';
import { analysisJson } from '../../../src/report/analysis-json';
import { analysisMarkdown } from '../../../src/report/analysis-markdown';
import { analysisText } from '../../../src/report/analysis-text';
import { layerMarkdown, modelMarkdown } from '../../../src/report/hover-markdown';
import { tried } from '../support/tried';

/** Reads a text as a file of that name, and shows it in every form that there is. */
export async function survives(
  file: string,
  text: string,
  { files = {}, ...bounds }: Conditions = {},
): Promise<Analysis> {
  const kind = file.endsWith('.py') ? 'Python' : file.endsWith('.ipynb') ? 'Notebook' : 'JavaScript';
  const entry = bounds.limit === undefined ? `${kind} source` : 'Hostile source';
  const read = async () => {
    const analysis = await analyseSource(
      { file, text },
      {
        workload: DEFAULT_WORKLOAD,
        assumptions: new Map(),
        load: (path) => Promise.resolve(Object.hasOwn(files, path) ? files[path] : undefined),
      },
    );
    shown(analysis);
    return analysis;
  };
  return tried(entry, text.length, read, bounds.limit);
}

interface Conditions {
  /** What can be imported. */
  readonly files?: Readonly<Record<string, string>>;
  /** Milliseconds of the processor, for what is written to take long. */
  readonly limit?: number;
}

function shown(analysis: Analysis): void {
  for (const { message } of analysis.problems)
    assert.ok(!/\{\d\}/.test(formatMessage(message)), message.text);
  JSON.stringify(analysisJson([analysis]));
  analysisText([analysis], DEFAULT_WORKLOAD);
  analysisMarkdown(analysis);
  for (const cost of analysis.models) {
    modelMarkdown(cost);
    for (const one of cost.layers.slice(0, 20)) {
      const { layer } = one;
      const comparison = isRecurrent(layer) ? compareLayer(layer, cost.model, DEFAULT_WORKLOAD) : undefined;
      layerMarkdown(one, comparison, DEFAULT_WORKLOAD);
    }
    const paths = cost.model.layers.map((l) => l.path);
    assert.equal(new Set(paths).size, paths.length, `paths: ${paths.join()}`);
    for (const total of [cost.params?.total, cost.forward?.flops.total]) assertCount(total);
  }
  panelState({
    file: { uri: 'file:///x', name: 'x', saved: false },
    analysis,
    selection: { model: null, layer: null },
    whatIf: null,
    flow: null,
    goals: { maxParams: null, trainingSequences: null, target: 'any' },
    pinned: null,
    placeOf: () => null,
    canApply: () => ({ possible: false }),
  });
}

/** A number that people read is a whole one, or there is none. */
function assertCount(total: unknown): void {
  const text = JSON.stringify(total, (_key, v: unknown) => (typeof v === 'bigint' ? v.toString() : v));
  assert.ok(!/NaN|Infinity/.test(text ?? ''), text);
}
