import type { LayerCost, ModelCost } from '../cost/types';
import type { CellKind, Message, RecurrentLayer } from '../model';

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
  /** Three cells by three sizings; empty when a size is unknown, and `missing` says which. */
  readonly rows: readonly ComparisonRow[];
  /** Unknown names that stand in the way of rows, with the model's reason for each where it gives one. */
  readonly missing: readonly { readonly name: string; readonly reason?: Message }[];
  /**
   * True when `macs` and `flops` of all rows are those of one run over the workload's T and B, because the
   * layer's own runs are unknown in number or there are none.
   */
  readonly assumedRun: boolean;
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
