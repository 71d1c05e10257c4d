import { type Alternative, alternativesFor } from '../../advice';
import type { LayerComparison, Sizing } from '../../compare/types';
import { FRAMEWORK_NAMES, type FlowSpec, type Message, type Workload, message } from '../../model';
import type { FlowCaseView } from '../../protocol/panel';
import { CELL_NAMES } from '../../report/comparison-text';
import { flowSpecOf } from '../flow-spec';

/** What is run side by side for one layer. */
export interface FlowPlan {
  /** How the weights of the layer as written start, in words. */
  readonly initialiser: Message;
  /** The layer as written first. */
  readonly cases: readonly PlannedCase[];
}

export interface PlannedCase {
  readonly id: string;
  readonly label: Message;
  readonly role: FlowCaseView['role'];
  readonly spec: FlowSpec;
  /** What advice is asked about. */
  readonly alternative?: Alternative;
}

/** The layer as written, the other cells in its place at a sizing, and what is worth trying instead. */
export function flowPlan(
  own: FlowSpec,
  comparison: LayerComparison,
  sizing: Sizing,
  workload: Workload,
): FlowPlan {
  const written: PlannedCase = {
    id: 'written',
    label: message('{0} as written', CELL_NAMES[own.cell]),
    role: 'written',
    spec: own,
  };
  const compared = comparison.rows
    .filter((row) => row.sizing === sizing && row.cell !== own.cell)
    .flatMap((row): PlannedCase[] => {
      const found = flowSpecOf(row.cost, row.layer, workload, own.seeds);
      if ('blocked' in found) return [];
      const label = message('{0}, hidden size {1}', CELL_NAMES[row.cell], row.hiddenSize);
      return [{ id: `cell-${row.cell}`, label, role: 'compared', spec: { ...found.spec, steps: own.steps } }];
    });
  const alternatives = alternativesFor(own).map((alternative): PlannedCase => ({
    id: alternative.id,
    label: alternative.label,
    role: 'alternative',
    spec: alternative.spec,
    alternative,
  }));
  return { initialiser: initialiserText(own), cases: [written, ...compared, ...alternatives] };
}

function initialiserText({ initialiser, framework }: FlowSpec): Message {
  return initialiser.kind === 'default'
    ? message("{0}'s default initialisation", FRAMEWORK_NAMES[framework])
    : message('the initialisation in the source');
}
