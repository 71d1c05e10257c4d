import { asCell, without } from '../../compare/variant';
import { costLayer } from '../../cost';
import type { LayerCost, ModelCost } from '../../cost/types';
import {
  type CellKind,
  type RecurrentLayer,
  type Workload,
  cellOf,
  constant,
  isCell,
  substitute,
  symbol,
  valueOf,
} from '../../model';
import type { ApplyView, CurveView, WhatIfCosts, WhatIfValues, WhatIfView } from '../../protocol/panel';
import { UNKNOWN_QUANTITY, quantityOf } from './quantity';

const CELLS: readonly CellKind[] = ['lstm', 'gru', 'rnn'];
const CURVE_POINTS = 48;
/** Stands for the hidden size while curves are drawn: no source can use this name. */
const HIDDEN = '$hidden';

/** What the sliders start from; undefined while a size is unknown. */
export function writtenValues(layer: RecurrentLayer, workload: Workload): WhatIfValues | undefined {
  const hiddenSize = valueOf(layer.hiddenSize);
  const numLayers = valueOf(layer.numLayers);
  const directions = valueOf(layer.directions);
  const projSize = valueOf(layer.projSize ?? 0);
  if (
    hiddenSize === undefined ||
    numLayers === undefined ||
    directions === undefined ||
    projSize === undefined
  ) {
    return undefined;
  }
  const { seqLen, batch, numberType } = workload;
  return {
    hiddenSize,
    numLayers,
    bidirectional: directions === 2,
    projSize,
    seqLen,
    batch,
    numberType,
  };
}

/** The layer with the sliders' sizes. */
export function withValues(layer: RecurrentLayer, values: WhatIfValues): RecurrentLayer {
  const rest = without(layer, 'stored');
  return {
    ...rest,
    hiddenSize: constant(values.hiddenSize),
    numLayers: constant(values.numLayers),
    directions: constant(values.bidirectional ? 2 : 1),
    ...(layer.projSize !== undefined || values.projSize > 0 ? { projSize: constant(values.projSize) } : {}),
  };
}

export interface WhatIfInput {
  readonly layer: RecurrentLayer;
  /** The model as written. */
  readonly model: ModelCost;
  /** Null: as written. */
  readonly whatIf: WhatIfInputs | null;
}

/** What the sliders stand at, and what the source would be with it. */
export interface WhatIfInputs {
  readonly values: WhatIfValues;
  /** The model read again with the change made in the source; undefined where the source cannot be changed so. */
  readonly changed: ModelCost | undefined;
  readonly apply: ApplyView;
}

/** The what-if part of the page; null while a size of the layer is unknown. */
export function whatIfView(input: WhatIfInput): WhatIfView | null {
  const { layer, model } = input;
  const written = writtenValues(layer, model.workload);
  if (!written) return null;
  const values = input.whatIf?.values ?? written;
  const workload = workloadOf(values, model.workload);
  const after = costLayer(withValues(layer, values), workload);
  const changed = sameLayer(values, written) && sameWorkload(values, written) ? model : input.whatIf?.changed;
  return {
    path: layer.path,
    cell: cellOf(layer.kind),
    written,
    values,
    can: possibilities(layer),
    before: costsOf(costLayer(layer, model.workload), model),
    after: costsOf(after, changed),
    curves: curvesOf(withValues(layer, values), workload, values.hiddenSize, written.hiddenSize),
    apply: input.whatIf?.apply ?? { possible: false },
  };
}

/** The workload that the sliders stand at. Lengths of sequences stay as long as the sliders leave them alone. */
export function workloadOf({ seqLen, batch, numberType }: WhatIfValues, written: Workload): Workload {
  const same = seqLen === written.seqLen && batch === written.batch;
  return same ? { ...written, numberType } : { seqLen, batch, numberType };
}

/** Whether the sizes that stand in the source are the same; sequence length, batch and number type are not in it. */
export function sameLayer(a: WhatIfValues, b: WhatIfValues): boolean {
  return (
    a.hiddenSize === b.hiddenSize &&
    a.numLayers === b.numLayers &&
    a.bidirectional === b.bidirectional &&
    a.projSize === b.projSize
  );
}

function sameWorkload(a: WhatIfValues, b: WhatIfValues): boolean {
  return a.seqLen === b.seqLen && a.batch === b.batch && a.numberType === b.numberType;
}

/** What the layer's class has arguments for. */
function possibilities(layer: RecurrentLayer): WhatIfView['can'] {
  const whole = !isCell(layer);
  const stacks = ['pytorch', 'paddle', 'mindspore', 'mxnet'].includes(layer.framework);
  return {
    numLayers: whole && (stacks || valueOf(layer.numLayers) !== 1),
    bidirectional: whole,
    projSize: whole && layer.framework === 'pytorch' && cellOf(layer.kind) === 'lstm',
  };
}

function costsOf(layer: LayerCost, model: ModelCost | undefined): WhatIfCosts {
  return {
    params: quantityOf(layer.params?.total),
    macsPerStep: quantityOf(layer.perStep?.macs),
    flops: quantityOf(layer.forward?.flops.total),
    weightBytes: quantityOf(layer.memory?.weights),
    activationBytes: quantityOf(layer.memory?.activations),
    modelParams: model ? quantityOf(model.params?.total) : UNKNOWN_QUANTITY,
    modelFlops: model ? quantityOf(model.forward?.flops.total) : UNKNOWN_QUANTITY,
  };
}

/** One symbolic cost for each cell, evaluated along the hidden sizes. */
function curvesOf(
  layer: RecurrentLayer,
  workload: Workload,
  here: number,
  written: number,
): readonly CurveView[] {
  const sizes = hiddenSizes(here, written);
  return CELLS.map((cell) => {
    const open = { ...asCell(layer, cell), hiddenSize: symbol(HIDDEN) };
    const cost = costLayer(open, workload);
    const at = (dim: Parameters<typeof substitute>[0] | undefined, hidden: number) =>
      dim === undefined ? undefined : valueOf(substitute(dim, new Map([[HIDDEN, hidden]])));
    const points = sizes.flatMap((hidden) => {
      const params = at(cost.params?.total, hidden);
      if (params === undefined) return [];
      return [{ hidden, params, flops: at(cost.forward?.flops.total, hidden) ?? null }];
    });
    return { cell, points };
  });
}

/** Evenly spread sizes. The axis stands still while a slider moves, until its size comes near the end. */
function hiddenSizes(here: number, written: number): readonly number[] {
  const top = Math.max(16, written * 2.5, here * 1.25);
  const sizes = Array.from({ length: CURVE_POINTS }, (_, i) =>
    Math.max(1, Math.round((top * (i + 1)) / CURVE_POINTS)),
  );
  return [...new Set([...sizes, here])].sort((a, b) => a - b);
}
