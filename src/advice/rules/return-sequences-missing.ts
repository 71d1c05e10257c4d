import { isCell, isRecurrent, message, valueOf, type Layer, type Problem } from '../../model';
import type { Finding, Rule } from './types';

/** A recurrent layer that hands on only its last step cannot feed another recurrent layer. */
export const returnSequencesMissing: Rule = {
  id: 'return-sequences-missing',
  severity: 'warning',
  check: (input) =>
    input.models
      .filter(({ model }) => ['keras', 'keras2', 'tfjs'].includes(model.framework))
      .flatMap(({ model }) =>
        pairs(model.layers.filter(passesShape)).filter(
          ([lower, upper]) => model.form === 'sequential' || getsOneVector(lower, upper, input.problems),
        ),
      )
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
            ...(upper.calls?.[0]?.source ? { shownAt: upper.calls[0].source } : {}),
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

/** Where layers are called one by one: the reader found the upper one given too few axes, and the lower one returns just that. */
function getsOneVector(lower: Layer, upper: Layer, problems: readonly Problem[]): boolean {
  const given = upper.calls?.length === 1 ? upper.calls[0]! : undefined;
  const returned = lower.calls?.length === 1 ? lower.calls[0]!.output : undefined;
  const [size, same] = [given?.inputs[0]?.at(-1), returned?.at(-1)];
  const line = given?.source?.range?.start.line;
  return (
    returned?.length === 2 &&
    size !== undefined &&
    valueOf(size) === valueOf(same!) &&
    problems.some((p) => p.code === 'shape-rank' && p.source.range?.start.line === line)
  );
}

/** Layers that leave the number of axes as it is stand between without changing anything. */
function passesShape(layer: Layer): boolean {
  return layer.kind !== 'dropout' && layer.kind !== 'activation';
}

function pairs<T>(items: readonly T[]): (readonly [T, T])[] {
  return items.slice(1).map((item, i) => [items[i]!, item] as const);
}
