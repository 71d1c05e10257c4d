import type { LayerCost } from '../../cost/types';
import { FRAMEWORK_NAMES, type RecurrentLayer, type Workload, constant, mul } from '../../model';
import type { ExplainView } from '../../protocol/panel';
import { layerText, sizeText } from '../../report/layer-text';
import { explain } from '../explanation';
import { quantitiesView } from './quantities';
import { quantityOf } from './quantity';

/** Why a recurrent layer's count is what it is. */
export function explainView(cost: LayerCost, layer: RecurrentLayer, workload: Workload): ExplainView {
  const { equations, sentences } = explain(layer, workload);
  return {
    path: layer.path,
    title: `${layerText(layer)} · ${FRAMEWORK_NAMES[layer.framework]}`,
    formula: cost.formula ?? null,
    equations,
    conventions: sentences,
    tensors: (cost.tensors ?? []).map((tensor) => ({
      name: tensor.name,
      shape: tensor.shape.length === 0 ? '1' : tensor.shape.map(sizeText).join(' × '),
      params: quantityOf(mul(constant(1), ...tensor.shape)),
    })),
    quantities: quantitiesView(cost, workload),
  };
}
