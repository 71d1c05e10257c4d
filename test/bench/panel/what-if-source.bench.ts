/**
 * What a slider of the panel costs the extension, for every Python example: the change made in the source, the source read
 * again, its models costed, the curves drawn. Fails where the median is above a frame.
 *
 *   npm run bench -- what-if-source
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../../scripts/lib/paths.mjs';
import { applyEdits, isRefusal, setSizes } from '../../../src/edits';
import { analyseSource } from '../../../src/engine/analyse';
import { chosenLayer } from '../../../src/engine/panel/state';
import { whatIfView, writtenValues } from '../../../src/engine/panel/what-if';
import { previewOf } from '../../../src/engine/preview';
import { DEFAULT_WORKLOAD, isRecurrent } from '../../../src/model';
import { median, report } from '../report';

const LIMIT_MS = 16;
const ROUNDS = 20;
const folder = join(root, 'examples');
const options = {
  workload: DEFAULT_WORKLOAD,
  assumptions: new Map(),
  load: () => Promise.resolve(undefined),
};

/** Milliseconds of each answer; undefined where the example's sizes cannot be changed. */
async function measure(path: string): Promise<number[] | undefined> {
  const file = { file: `/${path}`, text: readFileSync(join(folder, path), 'utf8') };
  const analysis = await analyseSource(file, options);
  const model = analysis.models.find((m) => m.layers.some((l) => isRecurrent(l.layer)));
  const layer = model && chosenLayer(model, { model: null, layer: null });
  const written = layer && writtenValues(layer, DEFAULT_WORKLOAD);
  if (!model || !layer || !written) return undefined;
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const values = { ...written, hiddenSize: written.hiddenSize + 1 + round };
    const started = performance.now();
    const outcome = setSizes(file, layer, values);
    if (isRefusal(outcome)) return undefined;
    const after = await analyseSource({ ...file, text: applyEdits(file.text, outcome.edits) }, options);
    const changed = previewOf(analysis, after, model, layer.path)?.after;
    whatIfView({ layer, model, whatIf: { values, changed, apply: { possible: true } } });
    times.push(performance.now() - started);
  }
  return times;
}

async function main(): Promise<void> {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((f) => f.endsWith('.py'));
  let slowest = { path: '', ms: 0 };
  for (const path of paths.sort()) {
    const times = await measure(path);
    if (times && median(times) > slowest.ms) slowest = { path, ms: median(times) };
  }
  const on = `the slowest example, ${slowest.path.replaceAll('\\', '/')}`;
  report({
    what: 'what if, source changed and read again',
    on,
    ours: slowest.ms,
    unit: 'ms',
    limit: LIMIT_MS,
  });
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
