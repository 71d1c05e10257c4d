import type { Layer } from '../../../model';
import type { LayerRun, Site } from '../site';
import { functional } from './model';
import { asOwnCell } from './own-cell';

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
  const inside = site.spec.cell ? asOwnCell(site, run.layers, site.spec.cell) : run.layers;
  return { layers: [...weights, ...inside, ...unusedLayers(site, run.layers)], outputs: run.outputs };
}

/** Layers that `call` does not reach: what they are built for is not known, unless they say so themselves. */
function unusedLayers(site: Site, taken: readonly Layer[]): readonly Layer[] {
  const paths = new Set(taken.map((l) => l.path));
  return (site.spec.unused ?? []).flatMap((spec) => {
    const name = site.spec.names?.get(spec) ?? spec.name ?? spec.className;
    const path = site.path === '' ? name : `${site.path}.${name}`;
    const run = site.build(site.inner(spec, path, [undefined]));
    return run.layers
      .filter((l) => !WEIGHTLESS.has(l.kind) && !paths.has(l.path))
      .map((l): Layer => ({ ...l, calls: [] }));
  });
}

const WEIGHTLESS: ReadonlySet<string> = new Set([
  'activation',
  'dropout',
  'pooling',
  'reshape',
  'merge',
  'input',
  'preprocessing',
  'other',
]);
