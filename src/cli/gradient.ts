import { type FlowThresholds, judge } from '../advice';
import { compareLayer } from '../compare';
import { costLayer } from '../cost';
import { flowSpecOf } from '../engine/flow-spec';
import { ownRun } from '../engine/own-run';
import { unfitStart, withChoices } from '../engine/panel/flow-plan';
import {
  cellOf,
  constant,
  formatMessage,
  FRAMEWORK_NAMES,
  type CellKind,
  type Framework,
  type FlowChoices,
  type FlowSpec,
  type RecurrentLayer,
  type Workload,
} from '../model';
import { CallFailed } from '../protocol/rpc';
import { CELL_NAMES } from '../report/comparison-text';
import { gradientJson, type GradientCase } from '../report/gradient-json';
import { gradientText } from '../report/gradient-text';
import { CliError } from './cli-error';
import type { Command } from './command';
import { FLOW_OPTIONS, choicesFrom, thresholdsFromOptions } from './flow-options';
import { assumptionsOf, MODEL_OPTIONS, parse, positive, text, whole, workloadFrom } from './options';
import { analyseFile, loadTrained } from './read-file';
import { selectModels, selectRecurrent } from './select';
import { startWorker } from './worker';

const OPTIONS = {
  ...MODEL_OPTIONS,
  layer: { type: 'string' },
  cell: { type: 'string' },
  framework: { type: 'string' },
  input: { type: 'string' },
  hidden: { type: 'string' },
  layers: { type: 'string' },
  seed: { type: 'string' },
  ...FLOW_OPTIONS,
} as const;

type Values = ReturnType<typeof parse>['values'];

/** What is to be run: the layer as written or as trained first, then (where it was trained) before training, then the other cells. */
interface Plan {
  readonly heading: string;
  readonly where: object;
  readonly specs: readonly FlowSpec[];
  /** Something to say before the numbers. */
  readonly note?: string;
}

/** `rnn-lens gradient FILE` or `rnn-lens gradient --cell lstm …` */
export const gradient: Command = async (args, output) => {
  const { values, positionals } = parse(args, OPTIONS);
  const workload = workloadFrom(values);
  const seed = whole(values, 'seed', 0);
  const seeds = seed === undefined ? undefined : [seed];
  if (positionals.length > 1) throw new CliError('gradient takes one file');
  const plan =
    positionals[0] === undefined
      ? planCell(values, workload, seeds)
      : await planFile(positionals[0], values, workload, seeds);
  if (plan.note !== undefined) output.err(`rnn-lens: ${plan.note}\n`);
  const choices = await choicesFrom(values);
  const thresholds = thresholdsFromOptions(values);
  const cases = await runAll(withTried(plan.specs, choices), thresholds);
  output.out(
    values['json']
      ? `${JSON.stringify(gradientJson(plan.specs[0]!, plan.where, cases), null, 2)}\n`
      : gradientText(plan.heading, cases, choices.input),
  );
  return 0;
};

/** The first recurrent layer (or the one asked for) beside the other cells at its size. */
async function planFile(
  file: string,
  values: Values,
  workload: Workload,
  seeds?: readonly number[],
): Promise<Plan> {
  if (values['cell'] !== undefined) throw new CliError('gradient takes a file or --cell, not both');
  const analysis = await analyseFile(file, workload, assumptionsOf(values));
  const models = selectModels(analysis, text(values, 'class'));
  const selected = selectRecurrent(analysis, models, text(values, 'layer'));
  const blocked: string[] = [];
  for (const { cost, layer } of selected) {
    const trained = await loadTrained(file, layer);
    const found = ownRun(costLayer(layer, workload), layer, workload, trained, seeds);
    if ('blocked' in found) {
      blocked.push(formatMessage(found.blocked));
      continue;
    }
    const { own, untrained, notTrained } = found;
    const others = compareLayer(layer, cost.model, workload)
      .rows.filter((row) => row.sizing === 'same-size' && row.cell !== own.cell)
      .flatMap((row) => {
        const other = flowSpecOf(row.cost, row.layer, workload, seeds);
        return 'spec' in other ? [other.spec] : [];
      });
    return {
      heading: `${analysis.file}  ${cost.model.name}.${layer.path}`,
      where: { file: analysis.file, model: cost.model.name, path: layer.path },
      specs: [own, ...(untrained ? [untrained] : []), ...others],
      ...(notTrained ? { note: formatMessage(notTrained) } : {}),
    };
  }
  throw new CliError(`${analysis.file}: ${blocked[0]!}`);
}

/** A layer given by its sizes instead of a file. */
function planCell(values: Values, workload: Workload, seeds?: readonly number[]): Plan {
  const cell = text(values, 'cell');
  if (cell === undefined) throw new CliError('gradient needs a file, or --cell with --input and --hidden');
  if (!Object.hasOwn(CELL_NAMES, cell))
    throw new CliError(`--cell takes one of ${Object.keys(CELL_NAMES).join(', ')}, not ${cell}`);
  const framework = text(values, 'framework') ?? 'pytorch';
  if (!Object.hasOwn(FRAMEWORK_NAMES, framework)) {
    throw new CliError(
      `--framework takes one of ${Object.keys(FRAMEWORK_NAMES).join(', ')}, not ${framework}`,
    );
  }
  const input = positive(values, 'input');
  const hidden = positive(values, 'hidden');
  if (input === undefined || hidden === undefined)
    throw new CliError('gradient --cell needs --input N and --hidden N');
  const layer: RecurrentLayer = {
    kind: cell as CellKind,
    path: 'layer',
    typeName: CELL_NAMES[cell as CellKind],
    framework: framework as Framework,
    source: { file: '' },
    inputSize: constant(input),
    hiddenSize: constant(hidden),
    numLayers: constant(positive(values, 'layers') ?? 1),
    directions: constant(1),
    bias: constant(1),
  };
  const found = flowSpecOf(costLayer(layer, workload), layer, workload, seeds);
  if ('blocked' in found) throw new CliError(formatMessage(found.blocked));
  return {
    heading: `${CELL_NAMES[cellOf(layer.kind)]} ${input} → ${hidden} (${framework})`,
    where: {},
    specs: [found.spec],
  };
}

/** The specs as chosen; what is to be tried stands behind the layer as written. */
function withTried([own, ...others]: readonly FlowSpec[], choices: FlowChoices): readonly FlowSpec[] {
  const chosen = withChoices(own!, choices);
  const { start } = choices;
  const unfit = start && unfitStart(chosen, start);
  if (unfit) throw new CliError(formatMessage(unfit));
  const tried = start ? [{ ...chosen, initialiser: start }] : [];
  return [chosen, ...tried, ...others.map((spec) => withChoices({ ...spec, steps: chosen.steps }, choices))];
}

async function runAll(specs: readonly FlowSpec[], thresholds: FlowThresholds): Promise<GradientCase[]> {
  const worker = startWorker();
  try {
    const cases: GradientCase[] = [];
    for (const [i, spec] of specs.entries()) {
      const profile = await worker.run(spec);
      cases.push({ cell: spec.cell, current: i === 0, profile, verdict: judge(profile, thresholds) });
    }
    return cases;
  } catch (error) {
    if (error instanceof CallFailed) throw new CliError(formatMessage(error.failure.message));
    throw error;
  } finally {
    worker.dispose();
  }
}
