import { judge } from '../../advice';
import { compareLayer } from '../../compare';
import { costLayer } from '../../cost';
import type { ModelCost } from '../../cost/types';
import { formatMessage, isRecurrent, type FlowSpec, type Message, type RecurrentLayer } from '../../model';
import type { FlowWeights } from '../../readers/weights/flow-weights';
import { flowSpecOf } from '../flow-spec';
import { ownRun } from '../own-run';
import { FILE_PROPERTIES, schema, textIn } from './input';
import { modelsIn, read } from './select';
import { ToolError, type Tool, type ToolPort } from './types';

/** Runs the gradient-flow diagnostic of one layer, beside the other cells at its size. */
export const diagnose: Tool = {
  name: 'rnn-lens_diagnose',
  title: 'Diagnose gradient flow',
  description:
    'Measures how far back in time a gradient reaches in a recurrent layer, at its own sizes and with its own initialisation, beside LSTM, GRU and SimpleRNN of the same size. Returns a verdict for each (vanishing, exploding, saturated, healthy), decades lost per step, half-life and horizon in steps. Takes seconds.',
  inputSchema: schema({
    ...FILE_PROPERTIES,
    layer: {
      type: 'string',
      description: 'Path of one recurrent layer, such as encoder.rnn. Leave out for the first.',
    },
  }),
  async run(input, port, signal) {
    const analysis = await read(input, port);
    const path = textIn(input, 'layer');
    const plan = await planFor(analysis.file, modelsIn(input, analysis), path, port);
    const cells = [];
    for (const [i, spec] of plan.specs.entries()) {
      const profile = await port.gradient(spec, signal);
      const { kind, decayPerStep, halfLifeSteps, horizonSteps, sentences } = judge(profile);
      const said = sentences.map((m: Message) => formatMessage(m)).join(' ');
      const { cell, hiddenSize } = spec;
      cells.push({
        cell,
        current: i === 0,
        weights: spec.initialiser.kind === 'stored' ? 'trained' : 'initial',
        hiddenSize,
        verdict: kind,
        decayPerStep,
        halfLifeSteps,
        horizonSteps,
        said,
      });
    }
    const { steps, batch, seeds } = plan.specs[0]!;
    return {
      schemaVersion: 1,
      file: analysis.file,
      model: plan.model,
      layer: plan.layer,
      steps,
      batch,
      seeds,
      cells,
    };
  },
};

interface Plan {
  readonly model: string;
  readonly layer: string;
  /** The layer as written, or as trained and before, first. */
  readonly specs: readonly FlowSpec[];
}

/** The first layer whose flow can be computed; when there is none, why. */
async function planFor(
  file: string,
  models: readonly ModelCost[],
  path: string | undefined,
  port: ToolPort,
): Promise<Plan> {
  const reasons: string[] = [];
  for (const cost of models) {
    for (const layer of cost.model.layers) {
      if (!isRecurrent(layer) || (path !== undefined && layer.path !== path)) continue;
      const specs = specsOf(cost, layer, await port.trained(file, layer));
      if (Array.isArray(specs)) return { model: cost.model.name, layer: layer.path, specs };
      reasons.push(formatMessage(specs as Message));
    }
  }
  throw new ToolError(reasons[0] ?? `${file} has no recurrent layer${path ? ` at ${path}` : ''}.`);
}

function specsOf(
  { model, workload }: ModelCost,
  layer: RecurrentLayer,
  trained: FlowWeights | undefined,
): readonly FlowSpec[] | Message {
  const run = ownRun(costLayer(layer, workload), layer, workload, trained);
  if ('blocked' in run) return run.blocked;
  const { own, untrained } = run;
  const others = compareLayer(layer, model, workload)
    .rows.filter((row) => row.sizing === 'same-size' && row.cell !== own.cell)
    .map((row) => flowSpecOf(row.cost, row.layer, workload));
  const before = untrained ? [untrained] : [];
  return [own, ...before, ...others.flatMap((found) => ('spec' in found ? [found.spec] : []))];
}
