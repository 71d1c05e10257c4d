import { type Alternative, alternativesFor } from '../../advice';
import type { LayerComparison, Sizing } from '../../compare/types';
import {
  AS_WRITTEN,
  FRAMEWORK_NAMES,
  type FlowChoices,
  type FlowSpec,
  type FlowStart,
  type Message,
  type Workload,
  message,
} from '../../model';
import type { FlowCaseView } from '../../protocol/panel';
import { CELL_NAMES } from '../../report/comparison-text';
import { flowSpecOf } from '../flow-spec';
import type { OwnRun } from '../own-run';

/** What is run side by side for one layer. */
export interface FlowPlan {
  /** How the weights of the layer as written start, in words. */
  readonly initialiser: Message;
  /** What is fed in, in words. */
  readonly input: Message;
  /** The layer as written first. */
  readonly cases: readonly PlannedCase[];
  /** Why trained weights that the file has are not used. */
  readonly notTrained?: Message;
}

export interface PlannedCase {
  readonly id: string;
  readonly label: Message;
  readonly role: FlowCaseView['role'];
  readonly spec: FlowSpec;
  /** What advice is asked about. */
  readonly alternative?: Alternative;
}

/**
 * The layer as written (or trained), the other cells in its place at a sizing, what the user wants to try, and what is worth
 * trying instead.
 */
export function flowPlan(
  { own, untrained, notTrained }: OwnRun,
  comparison: LayerComparison,
  sizing: Sizing,
  workload: Workload,
  choices: FlowChoices = AS_WRITTEN,
): FlowPlan | { readonly blocked: Message } {
  const { start } = choices;
  const unfit = start && unfitStart(own, start);
  if (unfit) return { blocked: unfit };
  const chosen = withChoices(own, choices);
  const trained = own.initialiser.kind === 'stored';
  const cell = CELL_NAMES[own.cell];
  const written: PlannedCase = {
    id: 'written',
    label: trained ? message('{0} as trained', cell) : message('{0} as written', cell),
    role: 'written',
    spec: chosen,
  };
  const compared = comparison.rows
    .filter((row) => row.sizing === sizing && row.cell !== own.cell)
    .flatMap((row): PlannedCase[] => {
      const found = flowSpecOf(row.cost, row.layer, workload, own.seeds);
      if ('blocked' in found) return [];
      const label = message('{0}, hidden size {1}', CELL_NAMES[row.cell], row.hiddenSize);
      const spec = withChoices({ ...found.spec, steps: own.steps }, choices);
      return [{ id: `cell-${row.cell}`, label, role: 'compared', spec }];
    });
  const tried = start ? [triedCase(chosen, start)] : [];
  // Initialisations to try are for layers that are yet to be trained.
  const alternatives = (trained ? [] : alternativesFor(chosen)).map((alternative): PlannedCase => ({
    id: alternative.id,
    label: alternative.label,
    role: 'alternative',
    spec: alternative.spec,
    alternative,
  }));
  return {
    initialiser: initialiserText(own),
    input:
      choices.input.kind === 'noise' ? message('standard normal noise') : message('{0}', choices.input.name),
    cases: [
      written,
      ...(untrained ? [untrainedCase(withChoices(untrained, choices))] : []),
      ...compared,
      ...tried,
      ...alternatives,
    ],
    ...(notTrained ? { notTrained } : {}),
  };
}

/** A spec with what a person chose. */
export function withChoices(spec: FlowSpec, { loss, input }: FlowChoices): FlowSpec {
  // The name is for people; the run is the same under another.
  const fed: FlowSpec['input'] =
    input.kind === 'noise' ? input : { kind: 'series', values: input.values.slice(0, spec.steps) };
  return { ...spec, loss, input: fed };
}

/** Why an initialisation cannot be tried on a layer. */
export function unfitStart({ cell, bias }: FlowSpec, { kind }: FlowStart): Message | undefined {
  if (kind !== 'forget-bias' && kind !== 'chrono') return undefined;
  if (cell === 'rnn') return message('A SimpleRNN has no gate whose bias could be set.');
  return bias ? undefined : message('The layer has no bias that could be set.');
}

/** The layer as its framework would start it, beside trained weights: what has training done to its reach? */
function untrainedCase(spec: FlowSpec): PlannedCase {
  return {
    id: 'untrained',
    label: message('{0} before training', CELL_NAMES[spec.cell]),
    role: 'tried',
    spec,
  };
}

function triedCase(own: FlowSpec, start: FlowStart): PlannedCase {
  return { id: 'tried', label: startText(own, start), role: 'tried', spec: { ...own, initialiser: start } };
}

function startText({ cell }: FlowSpec, start: FlowStart): Message {
  const name = CELL_NAMES[cell];
  switch (start.kind) {
    case 'forget-bias':
      return cell === 'gru'
        ? message('{0} with update bias {1}', name, start.value)
        : message('{0} with forget bias {1}', name, start.value);
    case 'chrono':
      return message('{0}, chrono initialisation for T = {1}', name, start.maxSteps);
    case 'orthogonal':
      return message('{0}, orthogonal recurrent kernel × {1}', name, start.gain);
    case 'identity':
      return message('{0}, identity recurrent kernel × {1}', name, start.scale);
  }
}

function initialiserText({ initialiser, framework }: FlowSpec): Message {
  switch (initialiser.kind) {
    case 'default':
      return message("{0}'s default initialisation", FRAMEWORK_NAMES[framework]);
    case 'stored':
      return message('the trained weights in the file');
    default:
      return message('the initialisation in the source');
  }
}
