import type { Dim } from './dim';
import type { Framework } from './framework';
import type { Message } from './message';
import type { Fact, SourceRef } from './source';

/** A tensor's shape; `undefined` in place of a shape means that even the rank is unknown. */
export type Shape = readonly Dim[];

/** One use of a layer in the forward pass. A layer used twice has two calls and one set of weights. */
export interface LayerCall {
  /** The inputs' shapes, batch axis included, in the axis order the layer itself uses. */
  readonly inputs: readonly (Shape | undefined)[];
  readonly output?: Shape;
  /** Recurrent layers: how many steps they run (1 for a cell's single step). */
  readonly steps?: Dim;
  /** Recurrent layers: how many sequences at once. */
  readonly batch?: Dim;
  /** Recurrent layers: the input is a `PackedSequence`, of which each sequence costs its own length. */
  readonly packed?: boolean;
  /** How often this call happens in one forward pass: the trip count of the loop around it. */
  readonly times: Dim;
  readonly source?: SourceRef;
}

/** What every layer has. */
export interface LayerBase {
  /** Where it sits in the model, dotted as the framework names it: `encoder.rnn`, `layers.0`. Unique in a model. */
  readonly path: string;
  /** The class as the framework names it: `LSTM`, `Bidirectional(LSTM)`, `Linear`. */
  readonly typeName: string;
  readonly framework: Framework;
  readonly source: SourceRef;
  /** What each argument was, as written; keys are this union's own field names (`hiddenSize`, `inputSize` …). */
  readonly facts?: Readonly<Record<string, Fact>>;
  /** How many copies a loop of known or unknown length makes; absent means one. */
  readonly repeat?: Dim;
  /** Uses in the forward pass. Empty: never used. Absent: unknown, see `callsUnknown`. */
  readonly calls?: readonly LayerCall[];
  readonly callsUnknown?: Message;
  /** True: no gradient reaches its weights. A list: only these tensors are frozen. Absent: trainable. */
  readonly frozen?: boolean | readonly string[];
  /** Tensors that are another layer's (weight tying): counted there, not here. Key: tensor name here. */
  readonly tied?: Readonly<Record<string, { readonly layer: string; readonly tensor: string }>>;
  /** Tensors re-parametrised with `weight_norm`: each adds one value per row of axis `dim` (absent: 0). */
  readonly weightNorm?: readonly { readonly tensor: string; readonly dim?: number }[];
  /** Shapes found in a saved model. Where present they are the count, not the formula. */
  readonly stored?: readonly StoredTensor[];
}

/** A tensor as a file stores it. */
export interface StoredTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly trainable: boolean;
  /** False: listed, but no parameter (PyTorch's buffers, such as batch norm's running statistics). Absent: counted. */
  readonly counted?: boolean;
  /** Where its bytes lie, for those who need the values. */
  readonly bytes?: BytePlace & {
    /** What follows elsewhere, where several files hold one tensor. */
    readonly more?: readonly BytePlace[];
  };
}

/** A stretch of a file. */
export interface BytePlace {
  readonly file: string;
  readonly offset: number;
  readonly length: number;
}

/** A stretch of a stored tensor's values, counted in values, row-major. */
export interface StoredStretch {
  /** {@link StoredTensor.name}. */
  readonly tensor: string;
  readonly start: number;
  readonly length: number;
}

export type RecurrentKind = 'rnn' | 'lstm' | 'gru' | 'rnn-cell' | 'lstm-cell' | 'gru-cell';
/** The three cells that are compared. */
export type CellKind = 'rnn' | 'lstm' | 'gru';

/** Which distribution a weight starts from, as far as the source names it; absent fields are the framework's default. */
export interface Initialisers {
  readonly kernel?: string;
  readonly recurrentKernel?: string;
  readonly bias?: string;
  /** Keras' `unit_forget_bias`, or a forget-gate bias set by hand. */
  readonly forgetBias?: number;
  /** The recurrent kernel is drawn anew for each gate. */
  readonly recurrentByGate?: boolean;
  /** Chrono initialisation of the gate biases, for dependencies of up to so many steps. */
  readonly chrono?: number;
}

/**
 * A recurrent layer or cell. Flags are sizes too (0 or 1), so that an unknown flag stays a named unknown
 * in the formula instead of a guess.
 */
export interface RecurrentLayer extends LayerBase {
  readonly kind: RecurrentKind;
  readonly inputSize: Dim;
  readonly hiddenSize: Dim;
  /** 1 for cells and for frameworks without stacking. */
  readonly numLayers: Dim;
  /** 1 or 2. */
  readonly directions: Dim;
  /** 0 or 1: whether there are biases at all; how many is the framework's convention. */
  readonly bias: Dim;
  /** LSTM projection size; 0 means none. */
  readonly projSize?: Dim;
  /** GRU: reset gate applied after the recurrent product, 0 or 1. Absent: the framework's default. */
  readonly resetAfter?: Dim;
  /** LSTM peephole connections, 0 or 1. */
  readonly peepholes?: Dim;
  /** LSTM with input and forget gate coupled (ONNX `input_forget`). */
  readonly coupledGates?: boolean;
  /** Bidirectional: how the two outputs join. `none` keeps them apart. */
  readonly mergeMode?: 'concat' | 'sum' | 'mul' | 'ave' | 'none';
  readonly activation?: string;
  readonly recurrentActivation?: string;
  readonly returnSequences?: boolean;
  readonly returnState?: boolean;
  readonly batchFirst?: boolean;
  readonly stateful?: boolean;
  readonly unroll?: boolean;
  readonly dropout?: number;
  readonly recurrentDropout?: number;
  readonly initialisers?: Initialisers;
  /**
   * ONNX: the values of W, R and B as the operator gets them, end to end, where they are stored values and nothing else. A weight that is not
   * listed cannot be loaded.
   */
  readonly operands?: Readonly<Record<string, readonly StoredStretch[]>>;
  readonly byHand?: ByHand;
}

/** A cell that the source writes out of linear layers, known by what it computes. */
export interface ByHand {
  /** The layers and parameters that hold its weights. */
  readonly parts: readonly string[];
  /** GRU: z is the share of the old state that stays; else the share of the candidate that comes in. */
  readonly updateKeeps: boolean;
  /** Bias vectors per gate. */
  readonly biases: 0 | 1 | 2;
}

/** Convolutional LSTM (Keras `ConvLSTM1D/2D/3D`, Flax `ConvLSTMCell`). */
export interface ConvLstmLayer extends LayerBase {
  readonly kind: 'conv-lstm';
  readonly inputChannels: Dim;
  readonly filters: Dim;
  readonly kernelSize: readonly Dim[];
  readonly directions: Dim;
  readonly bias: Dim;
  readonly returnSequences?: boolean;
}

export interface EmbeddingLayer extends LayerBase {
  readonly kind: 'embedding';
  readonly vocabularySize: Dim;
  readonly embeddingSize: Dim;
}

/** `Linear`, `Dense`; also `Bilinear` (two inputs) and Keras `EinsumDense` through `kernelShape`. */
export interface DenseLayer extends LayerBase {
  readonly kind: 'dense';
  readonly inputSize: Dim;
  readonly outputSize: Dim;
  readonly bias: Dim;
  /** Bilinear: the second input's size. */
  readonly secondInputSize?: Dim;
  readonly activation?: string;
}

export interface ConvLayer extends LayerBase {
  readonly kind: 'conv' | 'conv-transpose' | 'depthwise-conv' | 'separable-conv';
  readonly inputChannels: Dim;
  readonly outputChannels: Dim;
  readonly kernelSize: readonly Dim[];
  readonly stride: readonly Dim[];
  /** Symmetric amounts per axis, or a scheme by name. */
  readonly padding: readonly Dim[] | 'valid' | 'same' | 'causal';
  readonly dilation: readonly Dim[];
  readonly groups: Dim;
  readonly depthMultiplier?: Dim;
  readonly bias: Dim;
  readonly channelsFirst: boolean;
  readonly activation?: string;
}

export interface NormLayer extends LayerBase {
  readonly kind: 'batch-norm' | 'layer-norm' | 'group-norm' | 'instance-norm' | 'rms-norm';
  /** How many values each scale or offset vector has. */
  readonly features: Dim;
  /** 0 or 1: is there a learnt scale (gamma)? */
  readonly scale: Dim;
  /** 0 or 1: is there a learnt offset (beta)? */
  readonly offset: Dim;
  /** Batch norm keeps moving statistics: Keras counts them as non-trainable parameters, PyTorch as buffers. */
  readonly trackStatistics?: boolean;
}

export interface AttentionLayer extends LayerBase {
  /** Scaled dot product or additive scores without projections (Keras `Attention`, `AdditiveAttention`); or multi-head. */
  readonly kind: 'attention' | 'additive-attention' | 'multi-head-attention';
  readonly querySize: Dim;
  readonly keySize: Dim;
  readonly valueSize: Dim;
  readonly numHeads: Dim;
  /** Per head. */
  readonly keyDim: Dim;
  /** Per head. */
  readonly valueDim: Dim;
  readonly outputSize: Dim;
  readonly bias: Dim;
  /** Keras `use_scale`, 0 or 1. */
  readonly useScale?: Dim;
  /** Keras `Attention(score_mode="concat")`, 0 or 1. */
  readonly concatScore?: Dim;
  /** PyTorch `add_bias_kv`, 0 or 1. */
  readonly biasKv?: Dim;
  /** Order of the first two axes; absent: the framework's default (PyTorch: length first). */
  readonly batchFirst?: boolean;
}

/** `nn.TransformerEncoderLayer`, `nn.TransformerDecoderLayer`. */
export interface TransformerLayer extends LayerBase {
  readonly kind: 'transformer-encoder-layer' | 'transformer-decoder-layer';
  readonly modelSize: Dim;
  readonly numHeads: Dim;
  readonly feedForwardSize: Dim;
  readonly bias: Dim;
  /** Absent: PyTorch's default, length first. */
  readonly batchFirst?: boolean;
}

/** Free weights: `nn.Parameter`, `add_weight`, `PReLU`. */
export interface ParameterLayer extends LayerBase {
  readonly kind: 'parameter';
  readonly shape: Shape;
}

/** Layers without weights; `op` says which (`relu`, `dropout`, `max-pool`, `flatten`, `concat`, `input` …). */
export interface WeightlessLayer extends LayerBase {
  readonly kind:
    'activation' | 'dropout' | 'pooling' | 'reshape' | 'merge' | 'input' | 'preprocessing' | 'other';
  readonly op: string;
}

/** Something with weights that could not be read: its count is unknown, never 0. */
export interface UnknownLayer extends LayerBase {
  readonly kind: 'unknown';
  readonly reason: Message;
  /** Unknown names whose values would settle it (assumable). */
  readonly dependsOn: readonly string[];
}

export type Layer =
  | RecurrentLayer
  | ConvLstmLayer
  | EmbeddingLayer
  | DenseLayer
  | ConvLayer
  | NormLayer
  | AttentionLayer
  | TransformerLayer
  | ParameterLayer
  | WeightlessLayer
  | UnknownLayer;

export type LayerKind = Layer['kind'];

const RECURRENT_KINDS: ReadonlySet<string> = new Set<RecurrentKind>([
  'rnn',
  'lstm',
  'gru',
  'rnn-cell',
  'lstm-cell',
  'gru-cell',
]);

export function isRecurrent(layer: Layer): layer is RecurrentLayer {
  return RECURRENT_KINDS.has(layer.kind);
}

/** Which of the three compared cells a recurrent kind runs. */
export function cellOf(kind: RecurrentKind): CellKind {
  return kind.replace('-cell', '') as CellKind;
}

export function isCell(layer: RecurrentLayer): boolean {
  return layer.kind.endsWith('-cell');
}
