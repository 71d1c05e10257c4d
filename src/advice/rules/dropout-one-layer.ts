import { isCell, message, valueOf } from '../../model';
import { recurrentLayers } from './layers-in';
import type { Rule } from './types';

/** PyTorch (and Paddle, MindSpore) drop out between stacked layers only: torch/nn/modules/rnn.py, `RNNBase`. */
export const dropoutOneLayer: Rule = {
  id: 'dropout-one-layer',
  severity: 'warning',
  check: (input) =>
    recurrentLayers(input)
      .filter((l) => ['pytorch', 'paddle', 'mindspore'].includes(l.framework) && !isCell(l))
      .filter((l) => (l.dropout ?? 0) > 0 && valueOf(l.numLayers) === 1)
      // `def __init__(self, layers=1, dropout=0.1)` says what happens without a caller's word, and the caller may say more layers.
      .filter((l) => l.facts?.['numLayers']?.how !== 'default')
      .map((l) => ({
        rule: 'dropout-one-layer',
        message: message(
          'dropout={0} has no effect on one layer: it acts between stacked layers only.',
          l.dropout!,
        ),
        source: l.facts?.['dropout']?.source ?? l.source,
        fix: { title: message('Remove {0}', 'dropout'), source: l.source, argument: 'dropout' },
      })),
};
