import type { Analysis } from '../engine/analyse';
import type { LayerCost, ModelCost } from '../cost/types';
import { explain as explainLayer } from '../engine/explanation';
import { isRecurrent } from '../model';
import { explainJson } from '../report/explain-json';
import { layerExplainedText, modelExplainedText } from '../report/explain-text';
import { CliError } from './cli-error';
import type { Output } from './command';
import { assumptionsOf, MODEL_OPTIONS, parse, text, workloadFrom } from './options';
import { analyseFile } from './read-file';
import { selectModels } from './select';

/** `rnn-lens explain FILE`: every quantity apart, of each model and its recurrent layers, or of the one layer asked for. */
export async function explain(args: readonly string[], output: Output): Promise<number> {
  const { values, positionals } = parse(args, { ...MODEL_OPTIONS, layer: { type: 'string' } });
  if (positionals.length !== 1) throw new CliError('explain takes exactly one file');
  const workload = workloadFrom(values);
  const analysis = await analyseFile(positionals[0]!, workload, assumptionsOf(values));
  const models = selectModels(analysis, text(values, 'class'));
  const path = text(values, 'layer');
  const chosen = models.map((cost) => ({
    cost,
    layers: layersOf(cost, path).map((layer) => ({
      cost: layer,
      explanation: isRecurrent(layer.layer) ? explainLayer(layer.layer, workload) : undefined,
    })),
  }));
  if (path !== undefined && chosen.every(({ layers }) => layers.length === 0)) throw noLayer(analysis, path);
  if (values['json']) {
    output.out(`${JSON.stringify(explainJson(analysis.file, chosen), null, 2)}\n`);
    return 0;
  }
  const parts = chosen.flatMap(({ cost, layers }) => [
    ...(path === undefined ? [modelExplainedText(cost)] : []),
    ...layers.map((layer) => layerExplainedText(layer.cost, workload, layer.explanation)),
  ]);
  output.out(`${analysis.file}\n\n${parts.join('\n')}`);
  return 0;
}

/** The layer at `path`; without a path all recurrent ones. */
function layersOf(cost: ModelCost, path: string | undefined): readonly LayerCost[] {
  return cost.layers.filter(({ layer }) => (path === undefined ? isRecurrent(layer) : layer.path === path));
}

function noLayer(analysis: Analysis, path: string): CliError {
  const paths = new Set(analysis.models.flatMap((m) => m.layers.map((l) => l.layer.path)));
  const known = paths.size === 0 ? '' : `; there are ${[...paths].join(', ')}`;
  return new CliError(`${analysis.file}: no layer at ${path}${known}`);
}
