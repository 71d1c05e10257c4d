import { constant, message, mul, valueOf, type Dim } from '../../../../model';
import { bool, float, int, str } from '../../evaluate/make';
import { NONE, type LayerDraft, type Value } from '../../evaluate/values';
import type { Signature } from '../signature';
import { CallReader } from './arguments';
import { runConv } from './conv-shapes';
import type { Forward, LayerMaker } from './layer';
import {
  runAttention,
  runBilinear,
  runEmbedding,
  runKeepShape,
  runLinear,
  runTransformer,
} from './run-layers';

const YES = bool(true);
const NO = bool(false);
const DEVICE: Signature = [
  ['device', NONE],
  ['dtype', NONE],
];

/** A constructor: its positional order and defaults, and the layer it makes. */
export function maker(
  signature: Signature,
  forward: Forward,
  make: (read: CallReader, typeName: string) => LayerDraft,
): LayerMaker {
  return {
    make(typeName, args, host) {
      const read = new CallReader(typeName, signature, args, host);
      const draft = make(read, typeName);
      return { draft: read.draft(draft), forward };
    },
  };
}

const linear = maker(
  ['in_features', 'out_features', ['bias', YES], ...DEVICE],
  runLinear,
  (read, typeName) => ({
    kind: 'dense',
    typeName,
    inputSize: read.size('in_features', 'inputSize'),
    outputSize: read.size('out_features', 'outputSize'),
    bias: read.flag('bias', 'bias'),
  }),
);

/** A size that the first input decides. */
function lazySize(read: CallReader, name: string): Dim {
  return read.host.dim(
    read.host.unknown(
      message('The first input decides `{0}` of `{1}`.', name, read.typeName),
      name,
      read.args.site,
      { named: true, numeric: true },
    ),
  )!;
}

const lazyLinear = maker(['out_features', ['bias', YES], ...DEVICE], runLinear, (read, typeName) => ({
  kind: 'dense',
  typeName,
  inputSize: lazySize(read, 'in_features'),
  outputSize: read.size('out_features', 'outputSize'),
  bias: read.flag('bias', 'bias'),
}));

const bilinear = maker(
  ['in1_features', 'in2_features', 'out_features', ['bias', YES], ...DEVICE],
  runBilinear,
  (read, typeName) => ({
    kind: 'dense',
    typeName,
    inputSize: read.size('in1_features', 'inputSize'),
    secondInputSize: read.size('in2_features', 'secondInputSize'),
    outputSize: read.size('out_features', 'outputSize'),
    bias: read.flag('bias', 'bias'),
  }),
);

const embedding = maker(
  [
    'num_embeddings',
    'embedding_dim',
    ['padding_idx', NONE],
    ['max_norm', NONE],
    ['norm_type', float(2)],
    ['scale_grad_by_freq', NO],
    ['sparse', NO],
    ['_weight', NONE],
    ...DEVICE,
  ],
  runEmbedding,
  (read, typeName) => ({
    kind: 'embedding',
    typeName,
    vocabularySize: read.size('num_embeddings', 'vocabularySize'),
    embeddingSize: read.size('embedding_dim', 'embeddingSize'),
  }),
);

function conv(rank: number, transposed: boolean, lazy = false): LayerMaker {
  const tail: Signature = transposed
    ? [
        ['stride', int(1)],
        ['padding', int(0)],
        ['output_padding', int(0)],
        ['groups', int(1)],
        ['bias', YES],
        ['dilation', int(1)],
        ['padding_mode', str('zeros')],
        ...DEVICE,
      ]
    : [
        ['stride', int(1)],
        ['padding', int(0)],
        ['dilation', int(1)],
        ['groups', int(1)],
        ['bias', YES],
        ['padding_mode', str('zeros')],
        ...DEVICE,
      ];
  const head: Signature = lazy
    ? ['out_channels', 'kernel_size']
    : ['in_channels', 'out_channels', 'kernel_size'];
  return maker([...head, ...tail], runConv, (read, typeName) => {
    const scheme = read.text('padding');
    return {
      kind: transposed ? 'conv-transpose' : 'conv',
      typeName,
      inputChannels: lazy ? lazySize(read, 'in_channels') : read.size('in_channels', 'inputChannels'),
      outputChannels: read.size('out_channels', 'outputChannels'),
      kernelSize: read.axes('kernel_size', 'kernelSize', rank),
      stride: read.axes('stride', 'stride', rank),
      padding: scheme === 'same' || scheme === 'valid' ? scheme : read.axes('padding', 'padding', rank),
      dilation: read.axes('dilation', 'dilation', rank),
      groups: read.size('groups', 'groups'),
      bias: read.flag('bias', 'bias'),
      channelsFirst: true,
    };
  });
}

const batchNormTail: Signature = [
  ['eps', float(1e-5)],
  ['momentum', float(0.1)],
  ['affine', YES],
  ['track_running_stats', YES],
  ...DEVICE,
];

function batchNorm(kind: 'batch-norm' | 'instance-norm', affine: Value, lazy = false): LayerMaker {
  const tail = batchNormTail.map((entry) =>
    Array.isArray(entry) && entry[0] === 'affine' ? (['affine', affine] as const) : entry,
  );
  return maker(lazy ? tail : ['num_features', ...tail], runKeepShape, (read, typeName) => ({
    kind,
    typeName,
    features: lazy ? lazySize(read, 'num_features') : read.size('num_features', 'features'),
    scale: read.flag('affine', 'scale'),
    offset: read.flag('affine', 'offset'),
    trackStatistics: kind === 'batch-norm',
  }));
}

const layerNorm = maker(
  ['normalized_shape', ['eps', float(1e-5)], ['elementwise_affine', YES], ['bias', YES], ...DEVICE],
  runKeepShape,
  (read, typeName) => ({
    kind: 'layer-norm',
    typeName,
    features: mul(1, ...read.axes('normalized_shape', 'features', 1)),
    scale: read.flag('elementwise_affine', 'scale'),
    offset: mul(read.flag('elementwise_affine', 'offset'), read.flag('bias', 'bias')),
  }),
);

const rmsNorm = maker(
  ['normalized_shape', ['eps', NONE], ['elementwise_affine', YES], ...DEVICE],
  runKeepShape,
  (read, typeName) => ({
    kind: 'rms-norm',
    typeName,
    features: mul(1, ...read.axes('normalized_shape', 'features', 1)),
    scale: read.flag('elementwise_affine', 'scale'),
    offset: constant(0),
  }),
);

const groupNorm = maker(
  ['num_groups', 'num_channels', ['eps', float(1e-5)], ['affine', YES], ...DEVICE],
  runKeepShape,
  (read, typeName) => ({
    kind: 'group-norm',
    typeName,
    features: read.size('num_channels', 'features'),
    scale: read.flag('affine', 'scale'),
    offset: read.flag('affine', 'offset'),
  }),
);

const prelu = maker(
  [['num_parameters', int(1)], ['init', float(0.25)], ...DEVICE],
  runKeepShape,
  (read, typeName) => ({
    kind: 'parameter',
    typeName,
    shape: [read.size('num_parameters', 'shape')],
  }),
);

const attention = maker(
  [
    'embed_dim',
    'num_heads',
    ['dropout', float(0)],
    ['bias', YES],
    ['add_bias_kv', NO],
    ['add_zero_attn', NO],
    ['kdim', NONE],
    ['vdim', NONE],
    ['batch_first', NO],
    ...DEVICE,
  ],
  runAttention,
  (read, typeName) => {
    const size = read.size('embed_dim', 'querySize');
    const heads = read.size('num_heads', 'numHeads');
    const other = (name: string, field: string) =>
      read.value(name)?.kind === 'none' ? size : read.size(name, field);
    return {
      kind: 'multi-head-attention',
      typeName,
      querySize: size,
      keySize: other('kdim', 'keySize'),
      valueSize: other('vdim', 'valueSize'),
      ...perHead(read, size, heads),
      outputSize: size,
      bias: read.flag('bias', 'bias'),
      biasKv: read.flag('add_bias_kv', 'biasKv'),
    };
  },
);

/** Sizes per head; when the head count is unknown the product with it must still be the model size, so one head stands for all. */
export function perHead(
  read: CallReader,
  size: Dim,
  heads: Dim,
): { keyDim: Dim; valueDim: Dim; numHeads: Dim } {
  const [s, h] = [valueOf(size), valueOf(heads)];
  if (h !== undefined && h > 0 && (s === undefined || s % h === 0) && s !== undefined)
    return { numHeads: heads, keyDim: constant(s / h), valueDim: constant(s / h) };
  if (s !== undefined && h !== undefined && s !== 0)
    read.fail(message('`embed_dim` of `{0}` must be a multiple of `num_heads`.', read.typeName), undefined);
  return { numHeads: constant(1), keyDim: size, valueDim: size };
}

const TRANSFORMER_TAIL: Signature = [
  ['dim_feedforward', int(2048)],
  ['dropout', float(0.1)],
  ['activation', str('relu')],
  ['layer_norm_eps', float(1e-5)],
  ['batch_first', NO],
  ['norm_first', NO],
  ['bias', YES],
  ...DEVICE,
];

function transformerLayer(kind: 'transformer-encoder-layer' | 'transformer-decoder-layer'): LayerMaker {
  return maker(['d_model', 'nhead', ...TRANSFORMER_TAIL], runTransformer, (read, typeName) => ({
    kind,
    typeName,
    modelSize: read.size('d_model', 'modelSize'),
    numHeads: read.size('nhead', 'numHeads'),
    feedForwardSize: read.size('dim_feedforward', 'feedForwardSize'),
    bias: read.flag('bias', 'bias'),
  }));
}

export const LAYERS: Readonly<Record<string, LayerMaker>> = {
  Linear: linear,
  LazyLinear: lazyLinear,
  NonDynamicallyQuantizableLinear: linear,
  Bilinear: bilinear,
  Embedding: embedding,
  EmbeddingBag: maker(
    [
      'num_embeddings',
      'embedding_dim',
      ['max_norm', NONE],
      ['norm_type', float(2)],
      ['scale_grad_by_freq', NO],
      ['mode', str('mean')],
    ],
    runEmbedding,
    (read, typeName) => ({
      kind: 'embedding',
      typeName,
      vocabularySize: read.size('num_embeddings', 'vocabularySize'),
      embeddingSize: read.size('embedding_dim', 'embeddingSize'),
    }),
  ),
  Conv1d: conv(1, false),
  Conv2d: conv(2, false),
  Conv3d: conv(3, false),
  ConvTranspose1d: conv(1, true),
  ConvTranspose2d: conv(2, true),
  ConvTranspose3d: conv(3, true),
  LazyConv1d: conv(1, false, true),
  LazyConv2d: conv(2, false, true),
  LazyConv3d: conv(3, false, true),
  LazyConvTranspose1d: conv(1, true, true),
  LazyConvTranspose2d: conv(2, true, true),
  LazyConvTranspose3d: conv(3, true, true),
  BatchNorm1d: batchNorm('batch-norm', YES),
  BatchNorm2d: batchNorm('batch-norm', YES),
  BatchNorm3d: batchNorm('batch-norm', YES),
  SyncBatchNorm: batchNorm('batch-norm', YES),
  LazyBatchNorm1d: batchNorm('batch-norm', YES, true),
  LazyBatchNorm2d: batchNorm('batch-norm', YES, true),
  LazyBatchNorm3d: batchNorm('batch-norm', YES, true),
  InstanceNorm1d: batchNorm('instance-norm', NO),
  InstanceNorm2d: batchNorm('instance-norm', NO),
  InstanceNorm3d: batchNorm('instance-norm', NO),
  LayerNorm: layerNorm,
  RMSNorm: rmsNorm,
  GroupNorm: groupNorm,
  PReLU: prelu,
  MultiheadAttention: attention,
  TransformerEncoderLayer: transformerLayer('transformer-encoder-layer'),
  TransformerDecoderLayer: transformerLayer('transformer-decoder-layer'),
};
