import { type RecurrentLayer, constant } from '../../model';
import { type ModuleGroup, type RecoverOptions, layerBase, shapeFact } from './group';
import type { Recovered } from './recurrent';
import { sameShape } from './tensor';

const CELLS = {
  1: { kind: 'rnn', typeName: 'SimpleRNN' },
  3: { kind: 'gru', typeName: 'GRU' },
  4: { kind: 'lstm', typeName: 'LSTM' },
} as const;

/** Keras' recurrent weights by name: `kernel` I × gH, `recurrent_kernel` H × gH, `bias` gH (2 × 3H: a GRU with reset after). */
export function recoverKerasRecurrent(
  group: ModuleGroup,
  options: RecoverOptions,
): Recovered<RecurrentLayer> | undefined {
  const [kernel, recurrent, bias] = ['kernel', 'recurrent_kernel', 'bias'].map((n) => group.tensors.get(n));
  if (kernel?.shape.length !== 2 || recurrent?.shape.length !== 2) return undefined;
  const [hidden, columns] = recurrent.shape as [number, number];
  const cell = hidden > 0 ? CELLS[(columns / hidden) as 1 | 3 | 4] : undefined;
  if (!cell || kernel.shape[1] !== columns) return undefined;
  const resetAfter = bias !== undefined && sameShape(bias.shape, [2, columns]);
  if (bias && !resetAfter && !sameShape(bias.shape, [columns])) return undefined;
  if (resetAfter && cell.kind !== 'gru') return undefined;
  const leaves = ['kernel', 'recurrent_kernel', ...(bias ? ['bias'] : [])];
  return {
    leaves,
    layer: {
      ...layerBase(group, cell.typeName, leaves, { ...options, framework: 'keras' }),
      kind: cell.kind,
      inputSize: constant(kernel.shape[0]!),
      hiddenSize: constant(hidden),
      numLayers: constant(1),
      directions: constant(1),
      bias: constant(bias ? 1 : 0),
      ...(cell.kind === 'gru' && bias ? { resetAfter: constant(resetAfter ? 1 : 0) } : {}),
      facts: { inputSize: shapeFact(kernel, options), hiddenSize: shapeFact(recurrent, options) },
    },
  };
}
