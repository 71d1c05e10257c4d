import { isCell, isRecurrent, message, type Layer } from '../../model';
import type { Finding, Rule } from './types';

/** A recurrent layer that hands on only its last step cannot feed another recurrent layer. */
export const returnSequencesMissing: Rule = {
  id: 'return-sequences-missing',
  severity: 'warning',
  check: (input) =>
    input.models
      .filter(
        ({ model }) => model.form === 'sequential' && ['keras', 'keras2', 'tfjs'].includes(model.framework),
      )
      .flatMap(({ model }) => pairs(model.layers.filter(passesShape)))
      .flatMap(([lower, upper]): Finding[] => {
        if (!isRecurrent(lower) || !isRecurrent(upper) || isCell(lower) || isCell(upper)) return [];
        if (lower.returnSequences !== false || lower.source.file !== input.file) return [];
        const argument = lower.framework === 'tfjs' ? 'returnSequences' : 'return_sequences';
        return [
          {
            rule: 'return-sequences-missing',
            message: message(
              'The next recurrent layer needs every step, but this layer returns only its last: set {0}.',
              argument,
            ),
            source: lower.source,
            ...(lower.framework === 'tfjs'
              ? {}
              : {
                  fix: {
                    title: message('Set {0}', 'return_sequences=True'),
                    source: lower.source,
                    argument,
                    value: 'True',
                  },
                }),
          },
        ];
      }),
};

/** Layers that leave the number of axes as it is stand between without changing anything. */
function passesShape(layer: Layer): boolean {
  return layer.kind !== 'dropout' && layer.kind !== 'activation';
}

function pairs<T>(items: readonly T[]): (readonly [T, T])[] {
  return items.slice(1).map((item, i) => [items[i]!, item] as const);
}
