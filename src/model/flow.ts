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
  /** What squashes the candidate (and LSTM's cell on its way out); for SimpleRNN, its only nonlinearity. */
  readonly nonlinearity: 'tanh' | 'relu' | 'linear';
  /** What squashes the gates; absent: `sigmoid`. The slope of `hard-sigmoid` is the framework's. */
  readonly gateNonlinearity?: 'sigmoid' | 'hard-sigmoid';
  readonly initialiser: InitialiserSpec;
  readonly steps: number;
  readonly batch: number;
  readonly seeds: readonly number[];
  /** `curves` leaves out the singular values and spectral radii, which cost more than the curves. Absent: `all`. */
  readonly detail?: 'curves' | 'all';
  /** Loss on the last state, or on every state. */
  readonly loss: 'last' | 'all';
  /** Standard normal noise, or a series (one value per step, repeated over the input features). */
  readonly input:
    { readonly kind: 'noise' } | { readonly kind: 'series'; readonly values: readonly number[] };
}

/** What a person may choose about the runs of a layer; the rest is as the source and the framework have it. */
export interface FlowChoices {
  readonly loss: FlowSpec['loss'];
  /** An initialisation to run beside the layer as written. */
  readonly start: FlowStart | null;
  readonly input: FlowInput;
}

/** An initialisation with its one number. */
export type FlowStart = Extract<
  InitialiserSpec,
  { readonly kind: 'forget-bias' | 'chrono' | 'orthogonal' | 'identity' }
>;

/** Noise, or a column of numbers under the name that people know it by. */
export type FlowInput =
  | { readonly kind: 'noise' }
  | { readonly kind: 'series'; readonly name: string; readonly values: readonly number[] };

export const AS_WRITTEN: FlowChoices = { loss: 'last', start: null, input: { kind: 'noise' } };

/** How the weights start. `default` is what the framework does when the source names nothing. */
export type InitialiserSpec =
  | { readonly kind: 'default' }
  | { readonly kind: 'named'; readonly initialisers: Initialisers }
  /**
   * The gate that remembers (LSTM forget, GRU update) starts with this bias. Where the framework adds two bias vectors it
   * is set in the first, and the second stays as drawn.
   */
  | { readonly kind: 'forget-bias'; readonly value: number }
  /** Its bias ~ ln U(1, maxSteps − 1), and LSTM's input gate the negative (Tallec and Ollivier 2018). */
  | { readonly kind: 'chrono'; readonly maxSteps: number }
  | { readonly kind: 'orthogonal'; readonly gain: number }
  | { readonly kind: 'identity'; readonly scale: number }
  /** Trained weights: one entry per layer and direction, bottom layer first, forward before reverse. */
  | { readonly kind: 'stored'; readonly weights: readonly StoredWeights[] };

/**
 * The trained weights of one layer in one direction, row-major, with the gates side by side in the order
 * LSTM input, forget, candidate, output · GRU reset, update, candidate.
 */
export interface StoredWeights {
  /** [inputs, gates × hidden] */
  readonly kernel: readonly number[] | Float32Array;
  /** [recurrent size, gates × hidden] */
  readonly recurrent: readonly number[] | Float32Array;
  /** [gates × hidden], the sum of all biases (GRU with reset after: without the candidate's recurrent bias). */
  readonly bias?: readonly number[] | Float32Array;
  /** [hidden]: the candidate's recurrent bias of a GRU with reset after. */
  readonly recurrentBias?: readonly number[] | Float32Array;
  /** [hidden, projection] */
  readonly projection?: readonly number[] | Float32Array;
}

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
  /**
   * Every layer and direction, bottom layer first; the top layer's forward entry repeats the two fields above.
   * In each layer a norm is that of the whole derivative of L by h_t, through time and through the layers above.
   */
  readonly layers?: readonly LayerCurve[];
}

/** ∂L/∂h_t of one layer in one direction, t = 1 … T in the order of the input, also for the reverse direction. */
export interface LayerCurve {
  /** From 0, the bottom layer. */
  readonly layer: number;
  readonly direction: 'forward' | 'reverse';
  readonly log10Norms: readonly number[];
  readonly log10CellNorms?: readonly number[];
}

export interface FlowProfile {
  readonly spec: FlowSpec;
  readonly backend: 'wasm' | 'cpu';
  readonly seeds: readonly SeedProfile[];
  /** Top layer, forward direction; per gate, mean over seeds: mean activation and share of saturated units at each step. */
  readonly gates: readonly GateProfile[];
  /** Share of hidden units with |h| > 0.99 (tanh cells), at each step. */
  readonly hiddenSaturation: readonly number[];
  /** log10 norm of the gradient of each weight block, by gate; first seed. */
  readonly weightGradients: readonly {
    readonly tensor: string;
    readonly gate: string;
    readonly log10Norm: number;
    /** From 0, the bottom layer. */
    readonly layer: number;
    readonly direction: 'forward' | 'reverse';
  }[];
  readonly recurrentKernel: RecurrentKernelFacts;
  /** Trained weights, bottom layer first, forward before reverse; absent where the weights were drawn. */
  readonly trained?: readonly TrainedFacts[];
  readonly milliseconds: number;
}

/** What the trained weights of one layer in one direction look like, gate by gate. */
export interface TrainedFacts {
  /** From 0, the bottom layer. */
  readonly layer: number;
  readonly direction: 'forward' | 'reverse';
  readonly gates: readonly TrainedGate[];
}

export interface TrainedGate {
  readonly gate: string;
  /** Over the hidden units, all bias vectors added up; absent without biases. */
  readonly bias?: { readonly mean: number; readonly std: number; readonly min: number; readonly max: number };
  /** Largest singular value of the gate's recurrent block; absent where it is too large to take apart. */
  readonly sigmaMax?: number;
  /** Spectral radius of the gate's recurrent block; absent where it is not square or too large. */
  readonly spectralRadius?: number;
}

export interface GateProfile {
  readonly gate: string;
  readonly mean: readonly number[];
  readonly saturated: readonly number[];
}

/** First seed, top layer, forward direction. A list is empty where the matrix is not square or too large to take apart. */
export interface RecurrentKernelFacts {
  /** Largest singular value of each gate's recurrent block, by gate. */
  readonly sigmaMax: readonly { readonly gate: string; readonly value: number }[];
  /** All singular values of each gate's recurrent block, largest first. */
  readonly singularValues: readonly { readonly gate: string; readonly values: readonly number[] }[];
  /** Spectral radius of each gate's recurrent block. */
  readonly spectralRadius: readonly { readonly gate: string; readonly value: number }[];
  /** Largest Lyapunov exponent of the hidden dynamics, natural log per step. */
  readonly lyapunov?: number;
}
