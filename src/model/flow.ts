import type { Framework } from './framework';
import type { CellKind, Initialisers } from './layer';
import type { Message } from './message';

/**
 * One gradient-flow run: a recurrent layer (or stack) with numbers for sizes, unrolled over `steps`,
 * with a random unit projection of its last hidden state as the loss. Plain data: it crosses to the worker.
 */
export interface FlowSpec {
  readonly cell: CellKind;
  readonly framework: Framework;
  readonly inputSize: number;
  readonly hiddenSize: number;
  readonly numLayers: number;
  readonly bidirectional: boolean;
  readonly bias: boolean;
  /** LSTM projection; 0 means none. */
  readonly projSize: number;
  /** GRU: reset gate after the recurrent product. */
  readonly resetAfter: boolean;
  /** SimpleRNN's nonlinearity. */
  readonly nonlinearity: 'tanh' | 'relu' | 'linear';
  readonly initialiser: InitialiserSpec;
  readonly steps: number;
  readonly batch: number;
  readonly seeds: readonly number[];
  /** Loss on the last state, or on every state. */
  readonly loss: 'last' | 'all';
  /** Standard normal noise, or a series (one value per step, repeated over the input features). */
  readonly input:
    { readonly kind: 'noise' } | { readonly kind: 'series'; readonly values: readonly number[] };
}

/** How the weights start. `default` is what the framework does when the source names nothing. */
export type InitialiserSpec =
  | { readonly kind: 'default' }
  | { readonly kind: 'named'; readonly initialisers: Initialisers }
  | { readonly kind: 'forget-bias'; readonly value: number }
  | { readonly kind: 'chrono'; readonly maxSteps: number }
  | { readonly kind: 'orthogonal'; readonly gain: number }
  | { readonly kind: 'identity'; readonly scale: number };

/** A spec with a label, as several are run side by side. */
export interface FlowCase {
  readonly label: Message;
  readonly spec: FlowSpec;
}

export interface SeedProfile {
  readonly seed: number;
  /** log10 of the Frobenius norm over the batch of ∂L/∂h_t, t = 1 … T, top layer. May be -Infinity for an exact 0. */
  readonly log10Norms: readonly number[];
  /** LSTM: the same for ∂L/∂c_t. */
  readonly log10CellNorms?: readonly number[];
}

export interface FlowProfile {
  readonly spec: FlowSpec;
  readonly backend: 'wasm' | 'cpu';
  readonly seeds: readonly SeedProfile[];
  /** Per gate, mean over seeds: mean activation and share of saturated units at each step. */
  readonly gates: readonly GateProfile[];
  /** Share of hidden units with |h| > 0.99 (tanh cells), at each step. */
  readonly hiddenSaturation: readonly number[];
  /** log10 norm of the gradient of each weight block, by gate. */
  readonly weightGradients: readonly {
    readonly tensor: string;
    readonly gate: string;
    readonly log10Norm: number;
  }[];
  readonly recurrentKernel: RecurrentKernelFacts;
  readonly milliseconds: number;
}

export interface GateProfile {
  readonly gate: string;
  readonly mean: readonly number[];
  readonly saturated: readonly number[];
}

export interface RecurrentKernelFacts {
  /** Largest singular value of each gate's recurrent block, by gate. */
  readonly sigmaMax: readonly { readonly gate: string; readonly value: number }[];
  /** Spectral radius of each gate's recurrent block. */
  readonly spectralRadius: readonly { readonly gate: string; readonly value: number }[];
  /** Largest Lyapunov exponent of the hidden dynamics, natural log per step. */
  readonly lyapunov?: number;
}
