import type { Budget, BudgetResult } from '../advice/budgets';
import { judge, type FlowThresholds } from '../advice/flow';
import { horizonFinding, lastStepLayers, type Finding } from '../advice/rules';
import { costLayer } from '../cost';
import type { ModelCost } from '../cost/types';
import {
  isRecurrent,
  message,
  type FlowProfile,
  type FlowSpec,
  type Message,
  type RecurrentLayer,
  type Workload,
} from '../model';
import type { TextFile } from '../readers/types';
import type { Analysis } from './analyse';
import { ruleInput } from './findings';
import { flowSpecOf } from './flow-spec';

/** How far gradients are measured to reach: runs a diagnostic, judges it by these thresholds. */
export interface HorizonMeter {
  readonly run: (spec: FlowSpec) => Promise<FlowProfile>;
  readonly thresholds?: FlowThresholds;
}

/** One seed and no matrix decompositions: the curve alone, in a fraction of the time of a diagnosis. */
const SEEDS: readonly number[] = [1];

/** Weight multiply-accumulates of the forward pass above which nothing is measured: some seconds of work. */
const MAX_MACS = 2e9;

/** Layers whose gradient does not reach back over the sequence that the source gives them. Measured, so it takes a moment. */
export async function horizonFindings(
  analysis: Analysis,
  file: TextFile,
  meter: HorizonMeter,
): Promise<readonly Finding[]> {
  const workload = analysis.models[0]?.workload;
  if (!workload) return [];
  const findings: Finding[] = [];
  for (const candidate of lastStepLayers(ruleInput(analysis, file))) {
    const measured = await measure(candidate.layer, workload, meter);
    const finding = measured && horizonFinding(candidate, measured.reach);
    if (finding) findings.push(finding);
  }
  return findings;
}

/** Holds the models' recurrent layers to a budget's `horizon`: each one's gradient has to reach at least so many steps back. */
export async function checkHorizon(
  budget: Budget,
  models: readonly ModelCost[],
  meter: HorizonMeter,
): Promise<readonly BudgetResult[]> {
  const { horizon: allowed } = budget;
  if (allowed === undefined) return [];
  const results: BudgetResult[] = [];
  for (const { model, workload } of models) {
    if (budget.model !== undefined && model.name !== budget.model) continue;
    const seqLen = Math.max(allowed + 1, workload.seqLen);
    for (const layer of model.layers.filter(isRecurrent)) {
      const measured = await measure(layer, { ...workload, seqLen }, meter);
      const reach = measured?.reach;
      results.push({
        model: model.name,
        limit: 'horizon',
        allowed,
        actual: reach === null ? Infinity : reach,
        exceeded: typeof reach === 'number' && reach < allowed,
        message: say(`${model.name}.${layer.path}`, allowed, measured),
        source: layer.source,
      });
    }
  }
  return results;
}

/** Steps back at which the gradient is gone; null when that is not within the sequence. */
interface Measured {
  readonly reach: number | null;
}

/** Undefined where the layer cannot be run, or not unasked. */
async function measure(
  layer: RecurrentLayer,
  workload: Workload,
  { run, thresholds }: HorizonMeter,
): Promise<Measured | undefined> {
  const one = { ...workload, batch: 1 };
  const found = flowSpecOf(costLayer(layer, one), layer, one, SEEDS);
  if ('blocked' in found || macsOf(found.spec) > MAX_MACS) return undefined;
  try {
    const profile = await run({ ...found.spec, detail: 'curves' });
    return { reach: judge(profile, thresholds).horizonSteps };
  } catch {
    // A refused, cancelled or crashed run answers nothing; the panel says why when it is asked.
    return undefined;
  }
}

function macsOf({ cell, inputSize, hiddenSize, numLayers, steps, bidirectional }: FlowSpec): number {
  const gates = { rnn: 1, gru: 3, lstm: 4 }[cell];
  return gates * hiddenSize * (inputSize + hiddenSize) * numLayers * steps * (bidirectional ? 2 : 1);
}

function say(name: string, allowed: number, measured: Measured | undefined): Message {
  if (!measured)
    return message(
      '{0}: the horizon is not known, so its budget of {1} steps is not checked.',
      name,
      allowed,
    );
  return measured.reach !== null && measured.reach < allowed
    ? message(
        '{0}: the gradient reaches {1} steps back, its budget asks for {2}.',
        name,
        measured.reach,
        allowed,
      )
    : message('{0}: the gradient reaches as far back as its budget of {1} steps asks.', name, allowed);
}
