import type { Layer, Shape } from '../../model';
import type { BuildContext } from './context';
import { type LayerRun, type Shapes, Site, whole } from './site';
import type { LayerSpec } from './spec';
import { buildAt } from './table';

/**
 * Builds one layer (or wrapper, or nested model) called once on `inputs`: its leaf layers, each with that call, and the shapes of what
 * comes out, batch axis included. Sizes that cannot be read become named unknowns in `ctx`. Shape rules are those of Keras 3
 * (`compute_output_shape` of each class).
 */
export function buildLayer(spec: LayerSpec, path: string, inputs: Shapes, ctx: BuildContext): LayerRun {
  const run = buildAt(new Site(spec, path, inputs, ctx, buildAt));
  return { layers: run.layers, outputs: run.outputs.map(whole) };
}

/**
 * Builds a whole model: `Sequential` with `layers`, or `Functional` with `graph`. Layers are in order of creation, their paths unique;
 * a layer called several times appears once with several calls.
 */
export function buildModel(
  spec: LayerSpec,
  ctx: BuildContext,
  inputs: Shapes = [],
): { readonly layers: readonly Layer[]; readonly outputs: readonly (Shape | undefined)[] } {
  return buildLayer(spec, '', inputs, ctx);
}
