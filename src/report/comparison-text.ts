import type { LayerComparison, ModelComparisonRow, Sizing } from '../compare/types';
import type { WholeModel } from './comparison-json';
import { formatMessage, type CellKind, type Workload } from '../model';
import { workloadText } from './analysis-text';
import { layerText } from './layer-text';
import { formatCompact, formatCount, formatPercent } from './numbers';
import { textTable } from './text-table';

export const CELL_NAMES: Readonly<Record<CellKind, string>> = { lstm: 'LSTM', gru: 'GRU', rnn: 'SimpleRNN' };
export const SIZING_NAMES: Readonly<Record<Sizing, string>> = {
  'same-size': 'same size',
  'same-params': 'same parameters',
  'same-flops': 'same FLOPs',
};

/** What `rnn-lens compare` prints for people. */
export function comparisonText(
  file: string,
  comparisons: readonly { readonly model: string; readonly layer: LayerComparison }[],
  workload: Workload,
): string {
  return comparisons
    .map(
      ({ model, layer }) =>
        `${file}  ${model}.${layer.layer.path}: ${layerText(layer.layer)}; ${workloadText(workload)}\n${rowsText(layer)}`,
    )
    .join('\n');
}

/** The whole models with every recurrent layer swapped, layers downstream included. */
export function wholeModelsText(models: readonly WholeModel[]): string {
  return models
    .filter(({ rows }) => rows.length > 0)
    .map(({ model, rows }) => `\n${model}, the whole model\n${wholeModelText(rows)}`)
    .join('');
}

function wholeModelText(rows: readonly ModelComparisonRow[]): string {
  const table = textTable(
    [
      { title: 'sizing', align: 'left' },
      { title: 'cell', align: 'left' },
      { title: 'hidden', align: 'right' },
      { title: 'parameters', align: 'right' },
      { title: '', align: 'right' },
      { title: 'FLOPs', align: 'right' },
      { title: '', align: 'right' },
    ],
    rows.map((row) => [
      SIZING_NAMES[row.sizing],
      CELL_NAMES[row.cell] + (row.current ? ' (as written)' : ''),
      Object.values(row.hiddenSizes).map(formatCount).join(', '),
      formatCount(row.params),
      row.current ? '' : formatPercent(row.percent.params),
      formatCompact(row.flops),
      row.current ? '' : formatPercent(row.percent.flops),
    ]),
    '  ',
  );
  const sized = rows.some((row) => row.sizing !== 'same-size');
  return sized ? table : `${table}  Other sizes would need a hidden size that is a number in this file.\n`;
}

function rowsText(comparison: LayerComparison): string {
  if (comparison.rows.length === 0) {
    const reasons = comparison.cost.unknown.map((m) => `  unknown: ${formatMessage(m)}\n`).join('');
    return reasons || '  unknown: a size of this layer is not known\n';
  }
  return textTable(
    [
      { title: 'sizing', align: 'left' },
      { title: 'cell', align: 'left' },
      { title: 'hidden', align: 'right' },
      { title: 'parameters', align: 'right' },
      { title: '', align: 'right' },
      { title: 'MACs', align: 'right' },
      { title: 'FLOPs', align: 'right' },
      { title: '', align: 'right' },
    ],
    comparison.rows.map((row) => [
      SIZING_NAMES[row.sizing],
      CELL_NAMES[row.cell] + (row.current ? ' (as written)' : ''),
      formatCount(row.hiddenSize),
      formatCount(row.params),
      row.current ? '' : formatPercent(row.percent.params),
      formatCompact(row.macs),
      formatCompact(row.flops),
      row.current ? '' : formatPercent(row.percent.flops),
    ]),
    '  ',
  );
}
