import { isCell, message } from '../../model';
import { placeKey, recurrentLayers } from './layers-in';
import type { Rule } from './types';

/** `out[:, -1]` is the last step only with `batch_first=True`, `out[-1]` only without. */
export const lastStepAxis: Rule = {
  id: 'last-step-axis',
  severity: 'warning',
  check(input) {
    const layers = new Map(
      recurrentLayers(input)
        .filter((l) => l.framework === 'pytorch' && !isCell(l))
        .map((l) => [placeKey(l.source), l]),
    );
    return input.usage.flatMap((use) => {
      const layer = use.kind === 'last-of-axis' ? layers.get(placeKey(use.made)) : undefined;
      if (use.kind !== 'last-of-axis' || layer?.batchFirst === undefined) return [];
      if (layer.batchFirst === (use.axis === 1)) return [];
      return [
        {
          rule: 'last-step-axis' as const,
          message: layer.batchFirst
            ? message(
                'With batch_first=True the first axis is the batch: this takes the last sequence, not the last step.',
              )
            : message(
                'Without batch_first=True the second axis is the batch: this takes the last sequence, not the last step.',
              ),
          source: use.source,
          ...(layer.batchFirst
            ? use.index
              ? { fix: { title: message('Take the last step'), source: use.index, text: ':, -1' } }
              : {}
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
