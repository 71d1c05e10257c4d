import type { GraphSpec, LayerSpec } from '../keras';
import type { ModelRecord } from './values';

/** The spec that stands for a model, inside another one or for building it. */
export function specOfModel(model: ModelRecord): LayerSpec {
  const graph: GraphSpec = { inputs: model.inputs, outputs: model.outputs };
  const spec: LayerSpec = {
    className: model.form === 'sequential' ? 'Sequential' : 'Functional',
    config: new Map(),
    source: model.source,
    ...(model.form === 'sequential' ? { layers: model.layers } : { graph }),
    ...(model.frozen ? { frozen: true } : {}),
  };
  // One object per model, so that a model used twice is one layer.
  model.spec = model.spec ? Object.assign(model.spec, spec) : spec;
  return model.spec;
}
