import type { Analysis } from '../engine/analyse';
import type { ModelCost } from '../cost/types';
import { isRecurrent, type RecurrentLayer } from '../model';
import { CliError } from './cli-error';

/** The models called `name`, or all of them; asking for one that is not there is bad usage. */
export function selectModels(analysis: Analysis, name: string | undefined): readonly ModelCost[] {
  if (name === undefined) return analysis.models;
  const found = analysis.models.filter((m) => m.model.name === name);
  if (found.length > 0) return found;
  const names = [...new Set(analysis.models.map((m) => m.model.name))].join(', ');
  throw new CliError(`${analysis.file}: no model called ${name}${names ? `; there are ${names}` : ''}`);
}

/** A recurrent layer and the model it stands in. */
export interface Selected {
  readonly cost: ModelCost;
  readonly layer: RecurrentLayer;
}

/** Every recurrent layer of the models, or the one at `path`; none at all is bad usage. */
export function selectRecurrent(
  analysis: Analysis,
  models: readonly ModelCost[],
  path: string | undefined,
): readonly Selected[] {
  const all = models.flatMap((cost) =>
    cost.model.layers.filter(isRecurrent).map((layer) => ({ cost, layer })),
  );
  const found = path === undefined ? all : all.filter(({ layer }) => layer.path === path);
  if (found.length > 0) return found;
  if (path === undefined) throw new CliError(`${analysis.file}: holds no recurrent layer that could be read`);
  const paths = [...new Set(all.map(({ layer }) => layer.path))].join(', ');
  throw new CliError(`${analysis.file}: no recurrent layer at ${path}${paths ? `; there are ${paths}` : ''}`);
}
