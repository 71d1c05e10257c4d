import { message, valueOf } from '../../model';
import { recurrentLayers } from './layers-in';
import type { Rule } from './types';

/** Truncated BPTT: without a detach the graph grows with every step (pytorch/examples `repackage_hidden`). */
export const stateNotDetached: Rule = {
  id: 'state-not-detached',
  severity: 'warning',
  check: ({ usage }) =>
    usage.flatMap((use) =>
      use.kind === 'carried-state'
        ? [
            {
              rule: 'state-not-detached' as const,
              message: message(
                '{0} goes from step to step without detach(): each backward() runs through all earlier steps, or fails.',
                use.name,
              ),
              source: use.source,
            },
          ]
        : [],
    ),
};

/** torch.nn.utils.rnn.pack_padded_sequence raises unless lengths fall, while `enforce_sorted` is True (its default). */
export const packedNotSorted: Rule = {
  id: 'packed-not-sorted',
  severity: 'information',
  check: ({ usage }) =>
    usage.flatMap((use) =>
      use.kind === 'packed-unsorted'
        ? [
            {
              rule: 'packed-not-sorted' as const,
              message: message(
                'This fails unless the batch is sorted by falling length; enforce_sorted=False sorts for you.',
              ),
              source: use.source,
            },
          ]
        : [],
    ),
};

/** A softmax of a softmax: gradients shrink and training stalls without an error. Only where the file has one model. */
export const softmaxBeforeCrossEntropy: Rule = {
  id: 'softmax-before-cross-entropy',
  severity: 'warning',
  check({ usage }) {
    const loss = usage.find((u) => u.kind === 'cross-entropy');
    const modules = usage.find((u) => u.kind === 'modules');
    if (!loss || modules?.kind !== 'modules' || modules.count !== 1) return [];
    return usage
      .filter((u) => u.kind === 'softmax-output')
      .map((u) => ({
        rule: 'softmax-before-cross-entropy' as const,
        message: message(
          'The model ends in a softmax, and the cross-entropy at line {0} applies another one.',
          (loss.source.range?.start.line ?? 0) + 1,
        ),
        source: u.source,
      }));
  },
};

/** b_ih and b_hh are added: filling both with 1 starts the forget gate at 2 (torch/nn/modules/rnn.py). */
export const forgetBiasTwice: Rule = {
  id: 'forget-bias-twice',
  severity: 'information',
  check(input) {
    if (!recurrentLayers(input).some((l) => l.kind.startsWith('lstm') && l.framework === 'pytorch'))
      return [];
    return input.usage.flatMap((use) =>
      use.kind === 'bias-slice-filled'
        ? [
            {
              rule: 'forget-bias-twice' as const,
              message: message(
                'PyTorch adds two biases and this fills both: the forget gate starts at {0}, not {1}.',
                2 * use.value,
                use.value,
              ),
              source: use.source,
            },
          ]
        : [],
    );
  },
};

/** How many steps make an unclipped SimpleRNN worth a word: Pascanu et al. 2013 clip on sequences of this order. */
const LONG = 100;

/** A SimpleRNN over a long, known number of steps, trained in this file without any clipping. */
export const noGradientClipping: Rule = {
  id: 'no-gradient-clipping',
  severity: 'information',
  check(input) {
    const training = input.usage.find((u) => u.kind === 'training');
    if (training?.kind !== 'training' || training.clipped) return [];
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
          },
        ];
      });
  },
};
