import type { FlowProfile, FlowSpec, ProbeProgress, ProbeResult, ProbeSpec } from '../model';

/** A profile without its spec, which the caller has. */
export type FlowMeasures = Omit<FlowProfile, 'spec'> & { readonly spec?: undefined };

/** How far a run is. */
export interface FlowProgress {
  readonly stepsDone: number;
  readonly stepsTotal: number;
  /** Absent until enough is done to tell. */
  readonly millisecondsLeft?: number;
}

/** What the gradient worker does. */
export type WorkerMethods = {
  readonly flow: {
    readonly params: { readonly spec: FlowSpec; readonly memoryBudget: number };
    readonly result: FlowMeasures;
    readonly progress: FlowProgress;
  };
  /** A short training run; progress comes with every point of the curves. */
  readonly probe: {
    readonly params: { readonly spec: ProbeSpec };
    readonly result: ProbeResult;
    readonly progress: ProbeProgress;
  };
  /** What tfjs holds right now: for tests that look for growth. */
  readonly memory: {
    readonly params: undefined;
    readonly result: { readonly tensors: number; readonly bytes: number };
    readonly progress: never;
  };
};
