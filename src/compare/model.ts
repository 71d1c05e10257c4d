import { costModel } from '../cost';
import {
  type CellKind,
  type Model,
  type RecurrentLayer,
  type Workload,
  cellOf,
  constantOf,
  isRecurrent,
  valueOf,
} from '../model';
import { percent } from './layer';
import { type Point, nearest, quadraticHint } from './search';
import type { ModelComparisonRow, Sizing } from './types';
import { asCell } from './variant';

const CELLS: readonly CellKind[] = ['lstm', 'gru', 'rnn'];

/**
 * Reads the model again with other hidden sizes (by path of the recurrent layers), so that everything downstream follows as
 * the source's data flow has it. Undefined when the source cannot be changed so.
 */
export type Resize = (hiddenSizes: ReadonlyMap<string, number>) => Model | undefined;

/**
 * The whole model with all recurrent layers as LSTM, GRU and simple RNN. At the same size nothing downstream changes. Rows with the
 * nearest parameter count or FLOPs need `resize`: which downstream sizes follow a hidden size is a matter of data flow that cannot be told from
 * equal numbers, so without it those rows are left out. Several recurrent layers keep the proportion of their sizes. Empty when a size is unknown,
 * when there is no recurrent layer, or when a projection (which another cell lacks) would change what flows on.
 */
export function compareModel(
  model: Model,
  workload: Workload,
  resize?: Resize,
): readonly ModelComparisonRow[] {
  const recurrent = model.layers.filter(isRecurrent);
  const first = recurrent[0];
  const reference = numbers(model, workload);
  if (first === undefined || reference === undefined || recurrent.some(cannotScale)) return [];
  const written = new Map(recurrent.map((l) => [l.path, valueOf(l.hiddenSize)!] as const));
  const kinds = new Set(recurrent.map((l) => cellOf(l.kind)));
  const rowOf = (cell: CellKind, sizing: Sizing, source: Model, sizes: ReadonlyMap<string, number>) => {
    const variant = swapCells(source, cell);
    const n = numbers(variant, workload);
    if (n === undefined) return [];
    const row: ModelComparisonRow = {
      cell,
      sizing,
      current: kinds.size === 1 && kinds.has(cell),
      hiddenSizes: Object.fromEntries(sizes),
      cost: n.cost,
      params: Number(n.params),
      flops: n.flops === undefined ? undefined : Number(n.flops),
      percent: {
        params: percent(n.params, reference.params),
        flops:
          n.flops === undefined || reference.flops === undefined
            ? undefined
            : percent(n.flops, reference.flops),
      },
    };
    return [row];
  };
  const rows = CELLS.flatMap((cell) => rowOf(cell, 'same-size', model, written));
  if (resize === undefined) return rows;
  const readAgain = memoise((n: number) => resize(scaled(written, first.path, n)));
  const budgets = [
    ['same-params', reference.params],
    ['same-flops', reference.flops],
  ] as const;
  for (const [sizing, target] of budgets) {
    if (target === undefined) continue;
    const sized = CELLS.flatMap((cell) => {
      if (kinds.size === 1 && kinds.has(cell)) return rowOf(cell, sizing, model, written);
      const around = written.get(first.path)!;
      const found = search(readAgain, { cell, sizing, target, around }, workload);
      return found === undefined
        ? []
        : rowOf(cell, sizing, readAgain(found)!, scaled(written, first.path, found));
    });
    // The model as it is, beside nothing to compare it with, is no comparison.
    if (sized.some((row) => !row.current)) rows.push(...sized);
  }
  return rows;
}

function cannotScale(layer: RecurrentLayer): boolean {
  const hidden = valueOf(layer.hiddenSize);
  return hidden === undefined || hidden < 1 || valueOf(layer.projSize ?? 0) !== 0;
}

function swapCells(model: Model, cell: CellKind): Model {
  return { ...model, layers: model.layers.map((l) => (isRecurrent(l) ? asCell(l, cell) : l)) };
}

function numbers(model: Model, workload: Workload) {
  const cost = costModel(model, workload);
  const params = cost.params && constantOf(cost.params.total);
  if (params === undefined) return undefined;
  return { cost, params, flops: cost.forward && constantOf(cost.forward.flops.total) };
}

/** All hidden sizes when that of the layer at `path` becomes `n`: in proportion, rounded, at least 1. */
function scaled(written: ReadonlyMap<string, number>, path: string, n: number): ReadonlyMap<string, number> {
  const base = written.get(path)!;
  return new Map([...written].map(([p, h]) => [p, Math.max(1, Math.round((h * n) / base))]));
}

interface Goal {
  readonly cell: CellKind;
  readonly sizing: 'same-params' | 'same-flops';
  readonly target: bigint;
  /** The size as written: the answer lies within a few times of it. */
  readonly around: number;
}

/** Undefined when any size the search needs cannot be read: half a search would not be the nearest. */
function search(
  readAgain: (n: number) => Model | undefined,
  { cell, sizing, target, around }: Goal,
  workload: Workload,
): number | undefined {
  let failed = false;
  const value = memoise((n: number): bigint => {
    const source = failed ? undefined : readAgain(n);
    const result = source && numbers(swapCells(source, cell), workload);
    const quantity = sizing === 'same-params' ? result?.params : result?.flops;
    if (quantity === undefined) failed = true;
    // Ends the search at once; its result is thrown away.
    return quantity ?? target;
  });
  const point = (n: number): Point => [n, Number(value(n))];
  const points = [point(around), point(2 * around), point(4 * around)] as const;
  const found = nearest(value, target, 1, quadraticHint(points, Number(target)));
  return failed ? undefined : found;
}

function memoise<T>(read: (n: number) => T): (n: number) => T {
  const known = new Map<number, T>();
  return (n) => {
    if (!known.has(n)) known.set(n, read(n));
    return known.get(n)!;
  };
}
