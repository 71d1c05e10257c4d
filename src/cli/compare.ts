import { compareLayer, compareModel } from '../compare';
import { comparisonJson } from '../report/comparison-json';
import { comparisonText, wholeModelsText } from '../report/comparison-text';
import { CliError } from './cli-error';
import type { Output } from './command';
import { assumptionsOf, MODEL_OPTIONS, parse, text, workloadFrom } from './options';
import { analyseFile } from './read-file';
import { selectModels, selectRecurrent } from './select';

/** `rnn-lens compare FILE` */
export async function compare(args: readonly string[], output: Output): Promise<number> {
  const { values, positionals } = parse(args, { ...MODEL_OPTIONS, layer: { type: 'string' } });
  if (positionals.length !== 1) throw new CliError('compare takes exactly one file');
  const workload = workloadFrom(values);
  const analysis = await analyseFile(positionals[0]!, workload, assumptionsOf(values));
  const models = selectModels(analysis, text(values, 'class'));
  const path = text(values, 'layer');
  const comparisons = selectRecurrent(analysis, models, path).map(({ cost, layer }) => ({
    model: cost.model.name,
    layer: compareLayer(layer, cost.model, workload),
  }));
  const wholeModels =
    path === undefined
      ? models.map(({ model }) => ({
          model: model.name,
          rows: compareModel(model, workload, analysis.resize?.(model)),
        }))
      : [];
  output.out(
    values['json']
      ? `${JSON.stringify(comparisonJson(analysis.file, comparisons, wholeModels), null, 2)}\n`
      : comparisonText(analysis.file, comparisons, workload) + wholeModelsText(wholeModels),
  );
  return 0;
}
