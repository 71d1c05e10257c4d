import type { LayerCost, ModelCost } from '../../cost/types';
import type { Dim, Workload } from '../../model';
import type { QuantitiesView, Quantity } from '../../protocol/panel';
import { SHOWN_TYPES, quantitiesOf } from '../../report/quantities';
import { quantityOf } from './quantity';

/** All quantities of a layer or a model, each apart. */
export function quantitiesView(cost: LayerCost | ModelCost, workload: Workload): QuantitiesView {
  const { params, work, memory, conventions } = quantitiesOf(cost, workload);
  return {
    params: params.map(({ label, depth, size }) => ({ label, depth, size: quantityOf(size) })),
    work: work.map(({ label, depth, perStep, perSequence, perBatch }) => ({
      label,
      depth,
      perStep: orNone(perStep),
      perSequence: orNone(perSequence),
      perBatch: quantityOf(perBatch),
    })),
    numberTypes: SHOWN_TYPES,
    memory: memory.map(({ label, bytes }) => ({ label, bytes: bytes.map(quantityOf) })),
    conventions,
  };
}

/** Null stays null: there is no such number. */
function orNone(dim: Dim | undefined | null): Quantity | null {
  return dim === null ? null : quantityOf(dim);
}
