import { message } from '../../model';
import { recurrentLayers } from './layers-in';
import type { Rule } from './types';

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
              ...(use.test
                ? {
                    fix: {
                      title: message('Fill {0} only', 'bias_ih'),
                      source: use.test,
                      text: input.textAt(use.test).replace('bias', 'bias_ih'),
                    },
                  }
                : {}),
            },
          ]
        : [],
    );
  },
};
