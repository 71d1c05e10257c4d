import { message, valueOf, type Usage } from '../../model';
import { recurrentLayers } from './layers-in';
import { endOf, indentOf } from './places';
import type { Rule, RuleInput, TextFix } from './types';

/** How many steps make an unclipped SimpleRNN worth a word: Pascanu et al. 2013 clip on sequences of this order. */
const LONG = 100;

/** A SimpleRNN over a long, known number of steps, trained in this file without any clipping. */
export const noGradientClipping: Rule = {
  id: 'no-gradient-clipping',
  severity: 'information',
  check(input) {
    const training = input.usage.find((u) => u.kind === 'training');
    if (training?.kind !== 'training' || training.clipped) return [];
    const fix = clip(training, input);
    return recurrentLayers(input)
      .filter((l) => l.kind === 'rnn')
      .flatMap((l) => {
        const steps = Math.max(0, ...(l.calls ?? []).map((c) => (c.steps ? (valueOf(c.steps) ?? 0) : 0)));
        if (steps < LONG) return [];
        return [
          {
            rule: 'no-gradient-clipping' as const,
            message: message(
              'A SimpleRNN over {0} steps is trained without gradient clipping; its gradients can explode.',
              steps,
            ),
            source: l.source,
            ...(fix ? { fix } : {}),
          },
        ];
      });
  },
};

/** PyTorch's clipping to a norm of 1, on a line below `loss.backward()`. */
function clip(
  { backward, parameters }: Extract<Usage, { kind: 'training' }>,
  { textAt }: RuleInput,
): TextFix | undefined {
  if (!backward || !parameters) return undefined;
  const code = `torch.nn.utils.clip_grad_norm_(${textAt(parameters)}, 1.0)`;
  return {
    title: message('Clip the gradients to a norm of 1'),
    source: endOf(backward),
    text: `\n${textAt(indentOf(backward))}${code}`,
  };
}
