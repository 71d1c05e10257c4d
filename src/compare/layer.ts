import { costLayer } from '../cost';
import type { LayerCost } from '../cost/types';
import {
  type CellKind,
  type Dim,
  type Model,
  type RecurrentLayer,
  type Workload,
  cellOf,
  constant,
  constantOf,
  substitute,
  symbol,
  symbolsIn,
  valueOf,
} from '../model';
import { nearest } from './search';
import type { ComparisonRow, LayerComparison, Sizing } from './types';
import { asCell, without } from './variant';

const CELLS: readonly CellKind[] = ['lstm', 'gru', 'rnn'];
const SIZINGS: readonly Sizing[] = ['same-size', 'same-params', 'same-flops'];

/** Stands for the hidden size while searching: no source can use this name. */
const HIDDEN = '$hidden';

/**
 * A recurrent layer beside the same layer as LSTM, GRU and simple RNN, at the same hidden size, at the hidden size with the nearest
 * parameter count and at the one with the nearest forward FLOPs (of two equally near, the smaller).
 */
export function compareLayer(layer: RecurrentLayer, model: Model, workload: Workload): LayerComparison {
  const cost = costLayer(layer, workload);
  const missing = unknownSizes(layer, cost).map((name) => {
    const reason = model.unknowns.find((u) => u.name === name)?.reason;
    return reason === undefined ? { name } : { name, reason };
  });
  const hidden = valueOf(layer.hiddenSize);
  // No count (a tied tensor that cannot be found), or a size that is no size: nothing to compare with.
  const comparable = cost.params !== undefined && hidden !== undefined && hidden > 0;
  if (missing.length > 0 || !comparable) return { layer, rows: [], missing, assumedRun: false, cost };
  const macs = cost.forward && constantOf(cost.forward.macs);
  const assumedRun = macs === undefined || macs === 0n;
  const base = assumedRun ? without(layer, 'calls') : layer;
  const reference = numbersOf(costLayer(base, workload));
  const rows = SIZINGS.flatMap((sizing) =>
    CELLS.map((cell) => {
      const current = cellOf(base.kind) === cell;
      const hiddenSize = current ? valueOf(base.hiddenSize)! : sized(base, cell, sizing, reference, workload);
      const variant = current ? base : { ...asCell(base, cell), hiddenSize: constant(hiddenSize) };
      return row({ cell, sizing, current, hiddenSize, layer: variant }, reference, workload);
    }),
  );
  return { layer, rows, missing, assumedRun, cost };
}

/** Names that a comparison would need numbers for. */
function unknownSizes(layer: RecurrentLayer, cost: LayerCost): readonly string[] {
  const names = new Set<string>();
  for (const size of [layer.inputSize, layer.hiddenSize, layer.numLayers, layer.directions])
    symbolsIn(size, names);
  if (cost.params) symbolsIn(cost.params.total, names);
  return [...names];
}

interface Numbers {
  readonly params: bigint;
  readonly macs: bigint;
  readonly flops: bigint;
}

function numbersOf(cost: LayerCost): Numbers {
  return {
    params: constantOf(cost.params!.total)!,
    macs: constantOf(cost.forward!.macs)!,
    flops: constantOf(cost.forward!.flops.total)!,
  };
}

function sized(
  layer: RecurrentLayer,
  cell: CellKind,
  sizing: Sizing,
  reference: Numbers,
  workload: Workload,
): number {
  if (sizing === 'same-size') return valueOf(layer.hiddenSize)!;
  const open = costLayer({ ...asCell(layer, cell), hiddenSize: symbol(HIDDEN) }, workload);
  const quantity = sizing === 'same-params' ? open.params!.total : open.forward!.flops.total;
  const target = sizing === 'same-params' ? reference.params : reference.flops;
  return nearest((n) => at(quantity, n), target);
}

function at(quantity: Dim, hidden: number): bigint {
  return constantOf(substitute(quantity, new Map([[HIDDEN, hidden]])))!;
}

function row(
  what: Pick<ComparisonRow, 'cell' | 'sizing' | 'current' | 'hiddenSize' | 'layer'>,
  reference: Numbers,
  workload: Workload,
): ComparisonRow {
  const cost = costLayer(what.layer, workload);
  const { params, macs, flops } = numbersOf(cost);
  return {
    ...what,
    cost,
    params: Number(params),
    macs: Number(macs),
    flops: Number(flops),
    percent: { params: percent(params, reference.params), flops: percent(flops, reference.flops) },
  };
}

/** Change against a reference in per cent; NaN never: a reference of 0 gives 0 when nothing changed, else Infinity. */
export function percent(value: bigint, reference: bigint): number {
  if (value === reference) return 0;
  return reference === 0n ? Infinity : (Number(value - reference) / Number(reference)) * 100;
}
