import { isCell, message, valueOf, type RecurrentLayer } from '../../model';
import { recurrentLayers } from './layers-in';
import type { Rule } from './types';

/** keras/src/layers/rnn/{lstm,gru}.py and backend/tensorflow/rnn.py (`cudnn_ok`): when the fused GPU kernel is taken. */
export const kerasNoCudnn: Rule = {
  id: 'keras-no-cudnn',
  severity: 'information',
  check: (input) =>
    recurrentLayers(input)
      .filter((l) => (l.framework === 'keras' || l.framework === 'keras2') && runsOnCudnn(l))
      .flatMap((l) => {
        const found = obstacle(l);
        if (!found) return [];
        const { argument, written, value } = found;
        return [
          {
            rule: 'keras-no-cudnn' as const,
            message: message('{0}={1} keeps this layer off the fast cuDNN kernel.', written, value),
            source: l.facts?.[argument]?.source ?? l.source,
            fix: { title: message('Remove {0}', written), source: l.source, argument: written },
          },
        ];
      }),
};

interface Obstacle {
  /** As the model knows it. */
  readonly argument: string;
  /** As Keras spells it. */
  readonly written: string;
  readonly value: string | number;
}

function obstacle(l: RecurrentLayer): Obstacle | undefined {
  // Old versions of Keras have other defaults, and no fast kernel at all: what nobody wrote is nobody's choice.
  const written = (argument: string) => l.facts?.[argument] !== undefined;
  if ((l.recurrentDropout ?? 0) > 0)
    return { argument: 'recurrentDropout', written: 'recurrent_dropout', value: l.recurrentDropout! };
  if (l.activation !== undefined && l.activation !== 'tanh' && written('activation'))
    return { argument: 'activation', written: 'activation', value: l.activation };
  if (
    l.recurrentActivation !== undefined &&
    l.recurrentActivation !== 'sigmoid' &&
    written('recurrentActivation')
  ) {
    return {
      argument: 'recurrentActivation',
      written: 'recurrent_activation',
      value: l.recurrentActivation,
    };
  }
  if (l.unroll === true) return { argument: 'unroll', written: 'unroll', value: 'True' };
  if (l.kind === 'gru' && l.resetAfter && valueOf(l.resetAfter) === 0 && written('resetAfter'))
    return { argument: 'resetAfter', written: 'reset_after', value: 'False' };
  return undefined;
}

/** `LSTM` and `GRU` only: there is no kernel for SimpleRNN, and `RNN(LSTMCell(…))` never takes one. */
function runsOnCudnn(l: RecurrentLayer): boolean {
  return !isCell(l) && l.kind !== 'rnn' && !l.typeName.includes('Cell');
}
