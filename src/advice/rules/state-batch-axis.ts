import { isCell, message } from '../../model';
import { placeKey, recurrentLayers } from './layers-in';
import type { Rule } from './types';

/**
 * `h0 = torch.zeros(layers, x.size(0), hidden)` is a state for as many sequences as `x` has only with `batch_first=True`; without, the
 * batch is `x.size(1)`. PyTorch refuses the state unless both sizes happen to be equal.
 */
export const stateBatchAxis: Rule = {
  id: 'state-batch-axis',
  severity: 'warning',
  check(input) {
    const layers = new Map(
      recurrentLayers(input)
        .filter((l) => l.framework === 'pytorch' && !isCell(l))
        .map((l) => [placeKey(l.source), l]),
    );
    return input.usage.flatMap((use) => {
      if (use.kind !== 'state-batch-axis') return [];
      const layer = layers.get(placeKey(use.made));
      if (layer?.batchFirst === undefined || layer.batchFirst === (use.axis === 0)) return [];
      return [
        {
          rule: 'state-batch-axis' as const,
          message: layer.batchFirst
            ? message(
                'With batch_first=True axis 0 is the batch: this state has one row for each step of the input.',
              )
            : message(
                'Without batch_first=True axis 1 is the batch: this state has one row for each step of the input.',
              ),
          source: use.source,
          ...(layer.batchFirst
            ? {}
            : {
                fix: {
                  title: message('Set {0}', 'batch_first=True'),
                  source: layer.source,
                  argument: 'batch_first',
                  value: 'True',
                },
              }),
        },
      ];
    });
  },
};
