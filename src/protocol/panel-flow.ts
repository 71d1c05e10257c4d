import type { CellKind, Message, ProbeCurve, ProbeTask } from '../model';

/** The gradient-flow part of the page. */
export interface FlowView {
  readonly status: 'idle' | 'running' | 'done' | 'cancelled' | 'failed' | 'blocked';
  /** Why it failed, or what has to be known before it can run. */
  readonly reason: Message | null;
  /** The layer it was run for; another layer's run is shown as out of date. */
  readonly path: string;
  readonly progress: ProgressView | null;
  readonly setup: FlowSetupView | null;
  readonly cases: readonly FlowCaseView[];
  readonly advice: readonly AdviceView[];
}

export interface ProgressView {
  readonly done: number;
  readonly total: number;
  readonly secondsLeft: number | null;
}

/** What all cases of a run share. */
export interface FlowSetupView {
  readonly steps: number;
  readonly batch: number;
  readonly seeds: number;
  readonly backend: string;
  readonly initialiser: Message;
  /** A norm this many decades below the last step's is past the horizon. */
  readonly horizonDecades: number;
  /** True when source or settings changed since. */
  readonly stale: boolean;
}

export type VerdictKind = 'vanishing' | 'exploding' | 'healthy' | 'saturated' | 'unknown';

export interface FlowCaseView {
  readonly id: string;
  readonly label: Message;
  readonly cell: CellKind;
  /** The layer as it is written, another cell in its place, or the layer with another initialisation. */
  readonly role: 'written' | 'compared' | 'alternative';
  readonly hiddenSize: number;
  /** log10 ‖∂L/∂h_t‖ for t = 1 … T; null is an exact zero. */
  readonly seeds: readonly { readonly seed: number; readonly log10Norms: readonly (number | null)[] }[];
  readonly verdict: VerdictKind;
  readonly sentences: readonly Message[];
  readonly decayPerStep: number | null;
  readonly halfLifeSteps: number | null;
  /** Null: not within the steps of the run. */
  readonly horizonSteps: number | null;
  /** What published rules say of the same run. */
  readonly rules: readonly { readonly name: string; readonly text: Message; readonly source: CitationView }[];
  readonly gates: readonly GateFlowView[];
  readonly hiddenSaturation: readonly number[];
}

export interface GateFlowView {
  readonly gate: string;
  readonly mean: readonly number[];
  readonly saturated: readonly number[];
}

export interface CitationView {
  readonly title: string;
  readonly url: string;
}

export interface AdviceView {
  readonly id: string;
  readonly title: Message;
  readonly text: Message;
  readonly source: CitationView;
  /** Lines that make the change, to read or copy. */
  readonly code: string | null;
  /** Whether there is code that can be put into the file. */
  readonly insertable: boolean;
}

/** A short training run of each cell on a task that needs long memory. */
export interface ProbeView {
  readonly status: 'idle' | 'running' | 'done' | 'cancelled' | 'failed';
  readonly reason: Message | null;
  readonly task: ProbeTask;
  /** Sequence length of the task. */
  readonly steps: number;
  readonly progress: ProgressView | null;
  /** What a model that remembers nothing scores. */
  readonly baseline: number | null;
  readonly curves: readonly ProbeCurve[];
}
