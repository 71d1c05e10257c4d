import type { LayerCost } from '../cost/types';
import type { FlowSpec, Message, RecurrentLayer, Workload } from '../model';
import type { FlowWeights } from '../readers/weights/flow-weights';
import { flowSpecOf } from './flow-spec';

/** The run of a layer with its own weights. */
export interface OwnRun {
  /** The layer's own run. */
  readonly own: FlowSpec;
  /** Where `own` has trained weights: the same layer as its framework initialises it, where it does. */
  readonly untrained?: FlowSpec;
  /** Why weights that the file has are not used. */
  readonly notTrained?: Message;
}

/**
 * The run of a layer with its trained weights where there are any, else as its framework starts it; or why there is none.
 * @param trained what was loaded for a layer that a file stores weights for
 */
export function ownRun(
  cost: LayerCost,
  layer: RecurrentLayer,
  workload: Workload,
  trained: FlowWeights | undefined,
  seeds?: readonly number[],
): OwnRun | { readonly blocked: Message } {
  const drawn = flowSpecOf(cost, layer, workload, seeds);
  const notTrained = trained && 'blocked' in trained ? trained.blocked : undefined;
  if (!trained || 'blocked' in trained) {
    if ('spec' in drawn) return { own: drawn.spec, ...(notTrained ? { notTrained } : {}) };
    return { blocked: notTrained ?? drawn.blocked };
  }
  const own = flowSpecOf(cost, layer, workload, seeds, trained.weights);
  if ('blocked' in own) return own;
  return { own: own.spec, ...('spec' in drawn ? { untrained: drawn.spec } : {}) };
}
