import type { LayerComparison, Sizing } from '../../compare/types';
import { conventionOf } from '../../cost/conventions';
import { FRAMEWORK_NAMES, type FlowSpec, type Message, message } from '../../model';
import type { FlowCaseView } from '../../protocol/panel';
import { CELL_NAMES } from '../../report/comparison-text';

/** What is run side by side for one layer. */
export interface FlowPlan {
  /** How the weights of the layer as written start, in words. */
  readonly initialiser: Message;
  readonly cases: readonly PlannedCase[];
}

export interface PlannedCase {
  readonly id: string;
  readonly label: Message;
  readonly role: FlowCaseView['role'];
  readonly spec: FlowSpec;
}

/** The layer as written, the other cells in its place at a sizing, and for an LSTM the forget gate opened. */
export function flowPlan(own: FlowSpec, comparison: LayerComparison, sizing: Sizing): FlowPlan {
  const name = CELL_NAMES[own.cell];
  const written: PlannedCase = {
    id: 'written',
    label: message('{0} as written', name),
    role: 'written',
    spec: own,
  };
  const others = comparison.rows
    .filter((row) => row.sizing === sizing && row.cell !== own.cell)
    .map((row): PlannedCase => ({
      id: row.cell,
      label: message('{0}, hidden size {1}', CELL_NAMES[row.cell], row.hiddenSize),
      role: 'compared',
      spec: {
        ...own,
        cell: row.cell,
        hiddenSize: row.hiddenSize,
        projSize: 0,
        resetAfter: conventionOf(own.framework).resetAfter === 1,
        nonlinearity: 'tanh',
        // Initialisers named for one cell do not say what another would be given.
        initialiser: { kind: 'default' },
      },
    }));
  const opened: readonly PlannedCase[] =
    own.cell === 'lstm' && own.bias
      ? [
          {
            id: 'forget-bias',
            label: message('LSTM, forget bias 1'),
            role: 'alternative',
            spec: { ...own, initialiser: { kind: 'forget-bias', value: 1 } },
          },
        ]
      : [];
  return { initialiser: initialiserText(own), cases: [written, ...others, ...opened] };
}

function initialiserText({ initialiser, framework }: FlowSpec): Message {
  return initialiser.kind === 'default'
    ? message("{0}'s default initialisation", FRAMEWORK_NAMES[framework])
    : message('the initialisation in the source');
}
