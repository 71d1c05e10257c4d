import { isCell, message, valueOf, type Message, type RecurrentLayer } from '../../model';
import { recurrentLayers } from './layers-in';
import type { Rule } from './types';

/** keras/src/layers/rnn/{lstm,gru}.py and backend/tensorflow/rnn.py (`cudnn_ok`): when the fused GPU kernel is taken. */
export const kerasNoCudnn: Rule = {
  id: 'keras-no-cudnn',
  severity: 'information',
  check: (input) =>
    recurrentLayers(input)
      .filter((l) => (l.framework === 'keras' || l.framework === 'keras2') && !isCell(l) && l.kind !== 'rnn')
      .flatMap((l) => {
        const [argument, reason] = obstacle(l) ?? [];
        if (!argument || !reason) return [];
        return [
          {
            rule: 'keras-no-cudnn' as const,
            message: reason,
            source: l.facts?.[argument]?.source ?? l.source,
          },
        ];
      }),
};

function obstacle(l: RecurrentLayer): readonly [string, Message] | undefined {
  const slow = (what: string, value: string | number) =>
    message('{0}={1} keeps this layer off the fast cuDNN kernel.', what, value);
  if ((l.recurrentDropout ?? 0) > 0)
    return ['recurrentDropout', slow('recurrent_dropout', l.recurrentDropout!)];
  if (l.activation !== undefined && l.activation !== 'tanh')
    return ['activation', slow('activation', l.activation)];
  if (l.recurrentActivation !== undefined && l.recurrentActivation !== 'sigmoid') {
    return ['recurrentActivation', slow('recurrent_activation', l.recurrentActivation)];
  }
  if (l.unroll === true) return ['unroll', slow('unroll', 'True')];
  if (l.kind === 'gru' && l.resetAfter && valueOf(l.resetAfter) === 0)
    return ['resetAfter', slow('reset_after', 'False')];
  return undefined;
}
