import type { LayerCost, ModelCost } from '../cost/types';
import type { CellKind, RecurrentLayer } from '../model';

export type Sizing = 'same-size' | 'same-params' | 'same-flops';

export interface ComparisonRow {
  readonly cell: CellKind;
  readonly sizing: Sizing;
  /** True for the layer as it is written. */
  readonly current: boolean;
  readonly hiddenSize: number;
  readonly layer: RecurrentLayer;
  readonly cost: LayerCost;
  readonly params: number;
  readonly macs: number;
  readonly flops: number;
  /** Against the layer as written; 25 means a quarter more, −25 a quarter less. */
  readonly percent: { readonly params: number; readonly flops: number };
}

export interface LayerComparison {
  readonly layer: RecurrentLayer;
  /** Empty when a size is unknown; `cost.unknown` says which. */
  readonly rows: readonly ComparisonRow[];
  readonly cost: LayerCost;
}

/** The same swap made in the whole model: layers downstream change their input sizes too. */
export interface ModelComparisonRow {
  readonly cell: CellKind;
  readonly sizing: Sizing;
  readonly current: boolean;
  /** Hidden size of each recurrent layer, by path. */
  readonly hiddenSizes: Readonly<Record<string, number>>;
  readonly cost: ModelCost;
  readonly params: number;
  readonly flops: number | undefined;
  readonly percent: { readonly params: number; readonly flops: number | undefined };
}
