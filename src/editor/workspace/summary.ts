import type { ModelCost } from '../../cost/types';
import { cellOf, FRAMEWORK_NAMES, isRecurrent, valueOf, type CellKind } from '../../model';

/** What the list of models needs to know of one; plain data, kept across restarts. */
export interface ModelSummary {
  readonly name: string;
  readonly framework: string;
  readonly line: number;
  /** Undefined when it cannot be known. */
  readonly params: number | undefined;
  readonly cells: readonly CellKind[];
}

/** The models of a file that hold a recurrent layer. */
export function summariesOf(models: readonly ModelCost[]): readonly ModelSummary[] {
  return models.flatMap(({ model, params }) => {
    const cells = [...new Set(model.layers.filter(isRecurrent).map((layer) => cellOf(layer.kind)))];
    if (cells.length === 0) return [];
    return [
      {
        name: model.name,
        framework: FRAMEWORK_NAMES[model.framework],
        line: model.source.range?.start.line ?? 0,
        params: params && valueOf(params.total),
        cells,
      },
    ];
  });
}
