import { isCell, isRecurrent, message, valueOf, type RecurrentLayer } from '../../model';
import { placeKey } from './layers-in';
import type { Finding, RuleInput, RuleSeverity } from './types';

/** Unlike the other rules, this one needs a measurement; see `engine/horizon.ts`. */
export const GRADIENT_HORIZON: { readonly id: 'gradient-horizon'; readonly severity: RuleSeverity } = {
  id: 'gradient-horizon',
  severity: 'information',
};

/**
 * The layers for which it matters how far the last step's gradient reaches, with their number of steps: only the last step is used, and the source
 * fixes how many there are. Where every step has a loss of its own, or nobody knows the length, there is nothing to say.
 */
export function lastStepLayers({
  file,
  models,
  usage,
}: RuleInput): readonly { readonly layer: RecurrentLayer; readonly steps: number }[] {
  const lastTaken = new Map(
    usage.flatMap((u) => (u.kind === 'last-of-axis' ? [[placeKey(u.made), u.axis] as const] : [])),
  );
  const found = new Map<string, { layer: RecurrentLayer; steps: number }>();
  for (const { model } of models) {
    for (const layer of model.layers) {
      if (!isRecurrent(layer) || isCell(layer) || layer.source.file !== file || !layer.source.range) continue;
      const key = placeKey(layer.source);
      const axis = lastTaken.get(key);
      const lastOnly =
        layer.returnSequences === false || (axis !== undefined && layer.batchFirst === (axis === 1));
      const [call, ...more] = layer.calls ?? [];
      const steps = call?.steps && valueOf(call.steps);
      // The reverse direction starts at the end: its last output is no function of the early steps.
      if (!lastOnly || more.length > 0 || steps === undefined || valueOf(layer.directions) !== 1) continue;
      found.set(key, { layer, steps });
    }
  }
  return [...found.values()];
}

/** @param horizonSteps steps back at which the gradient is gone; null when it is not within the sequence */
export function horizonFinding(
  { layer, steps }: { readonly layer: RecurrentLayer; readonly steps: number },
  horizonSteps: number | null,
): Finding | undefined {
  if (horizonSteps === null || horizonSteps >= steps) return undefined;
  return {
    rule: 'gradient-horizon',
    message: message(
      'Only the last of {0} steps is used, but as the layer starts out its gradient reaches {1} steps back: earlier ones have no say at first.',
      steps,
      horizonSteps,
    ),
    source: layer.source,
  };
}
