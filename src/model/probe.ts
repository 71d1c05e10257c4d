import type { CellKind } from './layer';

/** Standard tasks that cannot be done without remembering. */
export type ProbeTask = 'adding' | 'copy';

/** A short training run of several cells side by side. Plain data: it crosses to the worker. */
export interface ProbeSpec {
  readonly task: ProbeTask;
  /** Sequence length T. */
  readonly steps: number;
  readonly batch: number;
  /** How many updates each cell gets. */
  readonly iterations: number;
  readonly learningRate: number;
  readonly seed: number;
  readonly cells: readonly { readonly cell: CellKind; readonly hiddenSize: number }[];
}

export interface ProbePoint {
  readonly iteration: number;
  /** Mean over the iterations since the point before. */
  readonly loss: number;
}

export interface ProbeCurve {
  readonly cell: CellKind;
  readonly hiddenSize: number;
  readonly parameters: number;
  readonly points: readonly ProbePoint[];
}

/** What is known so far, or at the end. */
export interface ProbeResult {
  readonly spec: ProbeSpec;
  /** What a model that remembers nothing scores. */
  readonly baseline: number;
  readonly curves: readonly ProbeCurve[];
}

export interface ProbeProgress {
  readonly done: number;
  readonly total: number;
  readonly millisecondsLeft?: number;
  readonly result: ProbeResult;
}
