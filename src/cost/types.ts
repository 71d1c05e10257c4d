import type { Dim, Layer, Message, Model, Shape, Workload } from '../model';

/** A weight tensor as the framework would create it. */
export interface WeightTensor {
  /** The framework's own name: `weight_ih_l0`, `recurrent_kernel`, `bias`. */
  readonly name: string;
  readonly shape: Shape;
  readonly role:
    | 'kernel'
    | 'recurrent-kernel'
    | 'bias'
    | 'projection'
    | 'peephole'
    | 'scale'
    | 'statistic'
    | 'embedding'
    | 'other';
  /** Gate blocks stacked along `gateAxis`, in the framework's order. */
  readonly gates?: readonly string[];
  readonly gateAxis?: number;
  readonly trainable: boolean;
  /** PyTorch keeps batch-norm statistics as buffers: listed, not counted. */
  readonly counted: boolean;
  /** How many such tensors there are, where that is unknown or too many to list; absent: one. */
  readonly count?: Dim;
}

/** Sizes that may still hold unknowns; {@link valueOf} gives the number when they do not. */
export interface ParamCount {
  readonly total: Dim;
  readonly trainable: Dim;
  readonly nonTrainable: Dim;
  readonly weights: Dim;
  readonly biases: Dim;
}

/** FLOPs itemised. total = 2 × macs + bias + pointwise. */
export interface Flops {
  readonly total: Dim;
  /** 2 × weight MACs (and score MACs of attention). */
  readonly products: Dim;
  /** One addition per bias value per use. */
  readonly bias: Dim;
  /** Elementwise work of gates and activations, by operation: `sigmoid`, `tanh`, `mul`, `add`. One FLOP each. */
  readonly pointwise: Dim;
  readonly pointwiseByOp: Readonly<Record<string, Dim>>;
}

/** Work of one forward pass. */
export interface Work {
  /** Weight multiply-accumulates only. */
  readonly macs: Dim;
  readonly flops: Flops;
}

/** Bytes, in the workload's number type. docs/formulas.md lists what each kind of layer keeps. */
export interface Memory {
  /** Of the weights. */
  readonly weights: Dim;
  /** Of the gradients that training keeps: one per trainable weight. */
  readonly gradients: Dim;
  /** Of the optimiser's state: none for SGD, one value per trainable weight with momentum, two with Adam. */
  readonly optimiser: Readonly<Record<Optimiser, Dim>>;
  /** Of the activations kept for the backward pass (BPTT). */
  readonly activations?: Dim;
}

export type Optimiser = 'sgd' | 'momentum' | 'adam';

/** What one layer costs. `undefined` means unknown, and `unknown` says why. */
export interface LayerCost {
  readonly layer: Layer;
  readonly tensors: readonly WeightTensor[] | undefined;
  readonly params: ParamCount | undefined;
  /** The parameter formula in letters (I, H, L …) and with the layer's own sizes filled in. */
  readonly formula: { readonly letters: string; readonly filled: string } | undefined;
  /** Parameters by gate, for recurrent layers. */
  readonly byGate?: readonly { readonly gate: string; readonly params: Dim }[];
  /** One time step of one sequence, all stacked layers, directions and copies; only for recurrent layers. */
  readonly perStep?: Work;
  /** The whole forward pass of the model's workload. */
  readonly forward: Work | undefined;
  /** How many steps that pass runs here (recurrent layers): fixed by the source, or the assumed sequence length. */
  readonly steps?: Dim;
  /** Gradients by weights and by inputs, after {@link forward}. */
  readonly backward?: Work;
  /** One training step without the optimiser's update: forward and backward. */
  readonly training?: Work;
  readonly memory: Memory | undefined;
  readonly unknown: readonly Message[];
  /** What the work rests on that the source does not show: how often a recurrent layer runs. */
  readonly supposed: readonly Message[];
}

/** What a model costs under a workload: the sum of its layers, tied weights counted once. */
export interface ModelCost {
  readonly model: Model;
  readonly workload: Workload;
  readonly layers: readonly LayerCost[];
  /** Total over layers whose count is known or symbolic; undefined when one layer's is unknown altogether. */
  readonly params: ParamCount | undefined;
  readonly formula: string | undefined;
  readonly forward: Work | undefined;
  readonly backward?: Work;
  readonly training?: Work;
  readonly memory: Memory | undefined;
  /** Why a total is missing. */
  readonly unknown: readonly Message[];
  /** What the work rests on that the source does not show. */
  readonly supposed: readonly Message[];
}
