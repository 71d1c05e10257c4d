import type { CellKind } from '../model';
import type { FlowCaseView } from '../protocol/panel';
import { CELL_DASHES } from './cells';

/** One curve of the gradient chart: mean and spread over seeds of log10 ‖∂L/∂h_t‖; null where a norm is exactly 0. */
export interface FlowSeries {
  readonly id: string;
  readonly cell: CellKind;
  readonly alternative: boolean;
  readonly dash: string | undefined;
  readonly mean: readonly (number | null)[];
  readonly low: readonly (number | null)[];
  readonly high: readonly (number | null)[];
}

/** The mean of logarithms (a geometric mean): norms of different seeds differ by factors, not by amounts. */
export function seriesOf(run: FlowCaseView): FlowSeries {
  const steps = run.seeds[0]?.log10Norms.length ?? 0;
  const at = Array.from({ length: steps }, (_, t) =>
    run.seeds.map((s) => s.log10Norms[t] ?? null).filter((n) => n !== null),
  );
  const each = (f: (norms: number[]) => number) => at.map((norms) => (norms.length === 0 ? null : f(norms)));
  return {
    id: run.id,
    cell: run.cell,
    alternative: run.role === 'alternative' || run.role === 'tried',
    dash: run.role === 'alternative' ? '9 3 2 3' : run.role === 'tried' ? '2 4' : CELL_DASHES[run.cell],
    mean: each((norms) => norms.reduce((a, b) => a + b, 0) / norms.length),
    low: each((norms) => Math.min(...norms)),
    high: each((norms) => Math.max(...norms)),
  };
}

/** The range of decades that holds every curve, in whole decades and never empty. */
export function decadesOf(series: readonly FlowSeries[]): readonly [number, number] {
  let low = Infinity;
  let high = -Infinity;
  for (const s of series) {
    for (const n of s.low) if (n !== null && n < low) low = n;
    for (const n of s.high) if (n !== null && n > high) high = n;
  }
  if (low > high) return [-3, 1];
  const bottom = Math.floor(low);
  return [bottom, Math.max(Math.ceil(high), bottom + 2)];
}

/** Whole decades to label: about `count` of them, evenly apart. */
export function decadeTicks([low, high]: readonly [number, number], count: number): readonly number[] {
  const apart =
    [1, 2, 3, 5, 6, 10, 12, 20, 30, 50, 100, 200, 500].find((s) => (high - low) / s <= count) ?? 1000;
  const first = Math.ceil(low / apart) * apart;
  return Array.from({ length: Math.floor((high - first) / apart) + 1 }, (_, i) => first + i * apart);
}
