import { type FlowSpec, type Message, message } from '../../model';
import { type Citation, SOURCES } from './sources';

export type AlternativeId = 'forget-bias' | 'chrono' | 'orthogonal' | 'identity' | 'gru' | 'lstm';

/** Something to try instead: the same run with one thing changed. */
export interface Alternative {
  readonly id: AlternativeId;
  readonly label: Message;
  readonly spec: FlowSpec;
  readonly source: Citation;
}

/** Frameworks whose LSTM already starts with its forget gate open. */
const OPEN_FORGET_GATE = new Set<FlowSpec['framework']>(['keras', 'keras2', 'tf1', 'haiku']);
/** Frameworks whose recurrent kernel already starts orthogonal, if not gate by gate. */
const ORTHOGONAL_ALREADY = new Set<FlowSpec['framework']>([
  'keras',
  'keras2',
  'tfjs',
  'flax-linen',
  'flax-nnx',
]);

/** What is worth running beside a spec, the layer's own sizes kept. Only the curves are asked for. */
export function alternativesFor(spec: FlowSpec): readonly Alternative[] {
  // Trained weights are not started anew.
  if (spec.initialiser.kind === 'stored') return [];
  const { cell, framework, steps } = spec;
  const changed = (change: Partial<FlowSpec>): FlowSpec => ({ ...spec, detail: 'curves', ...change });
  const found: Alternative[] = [];
  const gated = cell !== 'rnn';
  const forgetBias: Alternative = {
    id: 'forget-bias',
    label: message('forget bias 1'),
    spec: changed({ initialiser: { kind: 'forget-bias', value: 1 } }),
    source: SOURCES.forgetBias,
  };
  if (cell === 'lstm' && spec.bias && !OPEN_FORGET_GATE.has(framework)) found.push(forgetBias);
  if (gated && spec.bias && steps > 2)
    found.push({
      id: 'chrono',
      label: message('chrono initialisation for T = {0}', steps),
      spec: changed({ initialiser: { kind: 'chrono', maxSteps: steps } }),
      source: SOURCES.chrono,
    });
  if (!ORTHOGONAL_ALREADY.has(framework))
    found.push({
      id: 'orthogonal',
      label: message('orthogonal recurrent kernel'),
      spec: changed({ initialiser: { kind: 'orthogonal', gain: 1 } }),
      source: SOURCES.orthogonal,
    });
  if (cell === 'rnn')
    found.push({
      id: 'identity',
      label: message('ReLU with an identity recurrent kernel'),
      spec: changed({ initialiser: { kind: 'identity', scale: 1 }, nonlinearity: 'relu' }),
      source: SOURCES.identity,
    });
  if (cell !== 'gru' && spec.projSize === 0) found.push(otherCell('gru', changed, spec));
  if (cell === 'rnn') found.push(otherCell('lstm', changed, spec));
  return found;
}

function otherCell(
  cell: 'gru' | 'lstm',
  changed: (change: Partial<FlowSpec>) => FlowSpec,
  { framework }: FlowSpec,
): Alternative {
  return {
    id: cell,
    label: cell === 'gru' ? message('a GRU of the same size') : message('an LSTM of the same size'),
    spec: changed({
      cell,
      nonlinearity: 'tanh',
      initialiser: { kind: 'default' },
      resetAfter: !RESET_BEFORE.has(framework),
    }),
    source: SOURCES.gru,
  };
}

/** Frameworks whose GRU applies its reset gate before the recurrent product. */
const RESET_BEFORE = new Set<FlowSpec['framework']>(['tfjs', 'tf1', 'haiku', 'onnx']);
