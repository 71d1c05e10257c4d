import type { ComparisonRow, LayerComparison, ModelComparisonRow } from '../../compare/types';
import { displayName, message, valueOf } from '../../model';
import type { ApplyView, ComparisonRowView, ComparisonView } from '../../protocol/panel';

/** Says whether the source can be changed to a row. */
export type ApplyOf = (row: ComparisonRow) => ApplyView;

/** One layer as the three cells. */
export function layerComparisonView(comparison: LayerComparison, applyOf: ApplyOf): ComparisonView {
  const { layer, rows, missing, assumedRun } = comparison;
  return {
    path: layer.path,
    unknown: missing.map(({ name, reason }) => reason ?? message('{0} is not known.', displayName(name))),
    assumedRun,
    rows: rows.map((row): ComparisonRowView => ({
      cell: row.cell,
      sizing: row.sizing,
      current: row.current,
      hiddenSizes: [{ path: layer.path, size: row.hiddenSize }],
      params: row.params,
      macsPerStep: numberOf(row.cost.perStep?.macs),
      macs: row.macs,
      flops: row.flops,
      weightBytes: numberOf(row.cost.memory?.weights),
      percent: row.percent,
      byGate: (row.cost.byGate ?? []).flatMap(({ gate, params }) => {
        const count = valueOf(params);
        return count === undefined ? [] : [{ gate, params: count }];
      }),
      apply: applyOf(row),
    })),
  };
}

/** The whole model with every recurrent layer as each of the three cells. */
export function modelComparisonView(
  rows: readonly ModelComparisonRow[],
  unknown: ComparisonView['unknown'],
): ComparisonView {
  return {
    path: '',
    unknown: rows.length > 0 ? [] : unknown,
    assumedRun: false,
    rows: rows.map((row): ComparisonRowView => ({
      cell: row.cell,
      sizing: row.sizing,
      current: row.current,
      hiddenSizes: Object.entries(row.hiddenSizes).map(([path, size]) => ({ path, size })),
      params: row.params,
      macsPerStep: null,
      macs: numberOf(row.cost.forward?.macs),
      flops: row.flops ?? null,
      weightBytes: numberOf(row.cost.memory?.weights),
      percent: { params: row.percent.params, flops: row.percent.flops ?? null },
      byGate: [],
      apply: { possible: false },
    })),
  };
}

function numberOf(dim: Parameters<typeof valueOf>[0] | undefined): number | null {
  return dim === undefined ? null : (valueOf(dim) ?? null);
}
