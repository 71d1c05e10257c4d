import type { ModelCost } from '../../cost/types';
import { type Dim, add, isRecurrent } from '../../model';
import type { TotalsView } from '../../protocol/panel';
import { quantityOf } from './quantity';

/** The model's sums. */
export function totalsView(cost: ModelCost): TotalsView {
  const { params, forward, backward, memory, formula } = cost;
  return {
    params: quantityOf(params?.total),
    trainable: quantityOf(params?.trainable),
    nonTrainable: quantityOf(params?.nonTrainable),
    recurrent: quantityOf(recurrentParams(cost)),
    macs: quantityOf(forward?.macs),
    flops: quantityOf(forward?.flops.total),
    backwardFlops: quantityOf(backward?.flops.total),
    weightBytes: quantityOf(memory?.weights),
    activationBytes: quantityOf(memory?.activations),
    formula: formula ?? null,
    unknown: cost.unknown,
  };
}

/** Unknown as soon as one recurrent layer's count is. */
function recurrentParams(cost: ModelCost): Dim | undefined {
  const counts = cost.layers.filter((l) => isRecurrent(l.layer)).map((l) => l.params?.total);
  return counts.every((c) => c !== undefined) ? add(...counts) : undefined;
}
