import type { LayerComparison } from '../compare/types';
import { SCHEMA_VERSION } from './json-numbers';
import { formatMessage } from '../model';

/** The object that `rnn-lens compare --json` prints; `media/schemas/compare.schema.json` describes it. */
export function comparisonJson(
  file: string,
  comparisons: readonly { readonly model: string; readonly layer: LayerComparison }[],
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
  };
}

/** Differences are given to the hundredth of a per cent. */
function round(percent: number): number {
  return Math.round(percent * 100) / 100;
}
