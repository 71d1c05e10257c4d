import type { Layer } from '../../../model';
import type { LayerRun, Site } from '../site';
import { functional } from './model';

/** A layer class of the user's own: the weights it adds itself, and the layers its `call` runs. */
export function ownLayer(site: Site): LayerRun {
  const weights = (site.spec.ownWeights ?? []).map((w): Layer => {
    const base = site.base(undefined);
    return {
      kind: 'parameter',
      ...base,
      path: site.path === '' ? w.name : `${site.path}.${w.name}`,
      source: w.source,
      ...(w.trainable ? {} : { frozen: true }),
      shape: w.shape,
    };
  });
  if (!site.spec.graph) {
    return { layers: weights, outputs: site.spec.outputOf?.(site.inputs) ?? [undefined] };
  }
  const run = functional(site);
  return { layers: [...weights, ...run.layers], outputs: run.outputs };
}
