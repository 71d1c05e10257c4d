import { message } from '../../model';
import type { Rule } from './types';

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
              fix: {
                title: message('Set {0}', 'enforce_sorted=False'),
                source: use.source,
                argument: 'enforce_sorted',
                value: 'False',
              },
            },
          ]
        : [],
    ),
};
