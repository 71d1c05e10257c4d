import type { CellKind, FlowChoices, Message, ProbeCurve, ProbeTask } from '../model';

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
  /** What the next run will be about. */
  readonly choices: FlowChoicesView;
  /** The trained weights that were run; empty where the weights were drawn. */
  readonly trained: readonly TrainedLayerView[];
}

/** Trained weights of one stacked layer (from 0) in one direction. */
export interface TrainedLayerView {
  readonly layer: number;
  readonly direction: 'forward' | 'reverse';
  readonly gates: readonly TrainedGateView[];
}

/** Null: there is none, or it was not computed. */
export interface TrainedGateView {
  readonly gate: string;
  readonly bias: {
    readonly mean: number;
    readonly std: number;
    readonly min: number;
    readonly max: number;
  } | null;
  readonly sigmaMax: number | null;
  readonly spectralRadius: number | null;
}

export interface FlowChoicesView extends Pick<FlowChoices, 'loss' | 'start'> {
  /** The name of the column that is fed in; null for noise. */
  readonly series: string | null;
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
  /** The layer runs with trained weights from a file. */
  readonly trained: boolean;
  readonly loss: FlowChoices['loss'];
  /** What was fed in. */
  readonly input: Message;
  /** The thresholds of the verdicts, in one sentence. */
  readonly thresholds: Message;
  /** A norm this many decades below the last step's is past the horizon. */
  readonly horizonDecades: number;
  /** True when source or settings changed since. */
  readonly stale: boolean;
  /** Why trained weights that the file has were not used. */
  readonly notTrained: Message | null;
}

export type VerdictKind = 'vanishing' | 'exploding' | 'healthy' | 'saturated' | 'unknown';

export interface FlowCaseView {
  readonly id: string;
  readonly label: Message;
  readonly cell: CellKind;
  /** The layer as it is written, another cell in its place, what the user wanted to see, or the best of what was tried for advice. */
  readonly role: 'written' | 'compared' | 'tried' | 'alternative';
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
  /** Top layer, forward direction. */
  readonly gates: readonly GateFlowView[];
  readonly hiddenSaturation: readonly number[];
  /** Every layer, direction and state, the top layer's ∂L/∂h_t first. */
  readonly curves: readonly FlowCurveView[];
  /** First seed. */
  readonly weightGradients: readonly WeightGradientView[];
  /** Top layer, forward direction, first seed; empty where it was not looked at. */
  readonly recurrentKernel: readonly KernelView[];
  /** Largest Lyapunov exponent, natural log per step; null where the run is too short or has a loss on every state. */
  readonly lyapunov: number | null;
}

/** One layer in one direction: log10 ‖∂L/∂h_t‖ or ‖∂L/∂c_t‖ for t = 1 … T, one list for each seed. */
export interface FlowCurveView {
  /** From 0, the bottom layer. */
  readonly layer: number;
  readonly direction: 'forward' | 'reverse';
  readonly of: 'h' | 'c';
  readonly seeds: FlowCaseView['seeds'];
}

export interface WeightGradientView {
  readonly layer: number;
  readonly direction: 'forward' | 'reverse';
  readonly tensor: string;
  readonly gate: string;
  /** Null is an exact zero. */
  readonly log10Norm: number | null;
}

/** The recurrent kernel's block of one gate. */
export interface KernelView {
  readonly gate: string;
  readonly sigmaMax: number;
  /** All singular values, largest first; empty for a matrix too large to take apart. */
  readonly singularValues: readonly number[];
  /** Null where the block is not square or too large. */
  readonly spectralRadius: number | null;
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
