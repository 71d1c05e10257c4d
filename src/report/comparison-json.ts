import type { LayerComparison, ModelComparisonRow } from '../compare/types';
import { SCHEMA_VERSION } from './json-numbers';
import { formatMessage } from '../model';

/** A model with all its recurrent layers swapped; without rows where sizes are unknown. */
export interface WholeModel {
  readonly model: string;
  readonly rows: readonly ModelComparisonRow[];
}

/** The object that `rnn-lens compare --json` prints; `media/schemas/compare.schema.json` describes it. */
export function comparisonJson(
  file: string,
  comparisons: readonly { readonly model: string; readonly layer: LayerComparison }[],
  wholeModels: readonly WholeModel[] = [],
) {
  return {
    schemaVersion: SCHEMA_VERSION,
    file,
    layers: comparisons.map(({ model, layer }) => ({
      model,
      path: layer.layer.path,
      kind: layer.layer.kind,
      rows: layer.rows.map((row) => ({
        cell: row.cell,
        sizing: row.sizing,
        current: row.current,
        hiddenSize: row.hiddenSize,
        params: row.params,
        macs: row.macs,
        flops: row.flops,
        percent: { params: round(row.percent.params), flops: round(row.percent.flops) },
      })),
      // Rows are missing exactly when a size is unknown; this says which.
      unresolved: layer.rows.length > 0 ? [] : layer.cost.unknown.map((m) => formatMessage(m)),
    })),
    models: wholeModels.map(({ model, rows }) => ({ model, rows: rows.map(modelRowJson) })),
  };
}

function modelRowJson({ cell, sizing, current, hiddenSizes, params, flops, percent }: ModelComparisonRow) {
  return {
    cell,
    sizing,
    current,
    hiddenSizes,
    params,
    flops: flops ?? null,
    percent: {
      params: round(percent.params),
      flops: percent.flops === undefined ? null : round(percent.flops),
    },
  };
}

/** Differences are given to the hundredth of a per cent. */
function round(percent: number): number {
  return Math.round(percent * 100) / 100;
}
