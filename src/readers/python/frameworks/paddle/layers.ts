import { constant, message, mul, type Dim } from '../../../../model';
import { bool, float, int, str } from '../../evaluate/make';
import { NONE } from '../../evaluate/values';
import type { CallReader } from '../pytorch/arguments';
import { runConv } from '../pytorch/conv-shapes';
import type { LayerMaker } from '../pytorch/layer';
import { maker, perHead } from '../pytorch/layers';
import {
  runAttention,
  runBilinear,
  runEmbedding,
  runKeepShape,
  runLinear,
  runTransformer,
  unclear,
} from '../pytorch/run-layers';
import type { Signature } from '../signature';
import { tensorArgument } from '../pytorch/shapes';

const YES = bool(true);
const ATTRS: Signature = [
  ['weight_attr', NONE],
  ['bias_attr', NONE],
];

/** `bias_attr=False` leaves a tensor out; whatever else stands there says how it starts. */
export function hasAttr(read: CallReader, name: string): Dim {
  const value = read.value(name);
  if (value === undefined || value.kind === 'none') return constant(1);
  if (value.kind === 'bool') return constant(value.value ? 1 : 0);
  if (value.kind === 'unknown' || value.kind === 'union')
    return read.fail(message('`{0}` of `{1}` can’t be decided.', name, read.typeName), value);
  return constant(1);
}

const linear = maker(
  ['in_features', 'out_features', ...ATTRS, ['name', NONE]],
  runLinear,
  (read, typeName) => ({
    kind: 'dense',
    typeName,
    inputSize: read.size('in_features', 'inputSize'),
    outputSize: read.size('out_features', 'outputSize'),
    bias: hasAttr(read, 'bias_attr'),
  }),
);

const bilinear = maker(
  ['in1_features', 'in2_features', 'out_features', ...ATTRS, ['name', NONE]],
  runBilinear,
  (read, typeName) => ({
    kind: 'dense',
    typeName,
    inputSize: read.size('in1_features', 'inputSize'),
    secondInputSize: read.size('in2_features', 'secondInputSize'),
    outputSize: read.size('out_features', 'outputSize'),
    bias: hasAttr(read, 'bias_attr'),
  }),
);

const embedding = maker(
  ['num_embeddings', 'embedding_dim', ['padding_idx', NONE]],
  runEmbedding,
  (read, typeName) => ({
    kind: 'embedding',
    typeName,
    vocabularySize: read.size('num_embeddings', 'vocabularySize'),
    embeddingSize: read.size('embedding_dim', 'embeddingSize'),
  }),
);

function conv(rank: number, transposed: boolean): LayerMaker {
  const between: Signature = transposed
    ? rank === 1
      ? [
          ['output_padding', int(0)],
          ['groups', int(1)],
          ['dilation', int(1)],
        ]
      : [
          ['output_padding', int(0)],
          ['dilation', int(1)],
          ['groups', int(1)],
        ]
    : [
        ['dilation', int(1)],
        ['groups', int(1)],
        ['padding_mode', str('zeros')],
      ];
  const first = `NC${'DHW'.slice(3 - rank)}`;
  const signature: Signature = [
    'in_channels',
    'out_channels',
    'kernel_size',
    ['stride', int(1)],
    ['padding', int(0)],
    ...between,
    ...ATTRS,
    ['data_format', str(rank === 1 ? 'NCL' : first)],
    ['bias', YES],
  ];
  return maker(
    signature,
    (layer, args, host) =>
      layer.draft?.kind === 'conv' || layer.draft?.kind === 'conv-transpose'
        ? layer.draft.channelsFirst
          ? runConv(layer, args, host)
          : unclear(layer, tensorArgument(args, 0), host)
        : unclear(layer, undefined, host),
    (read, typeName) => {
      const scheme = read.text('padding')?.toLowerCase();
      return {
        kind: transposed ? 'conv-transpose' : 'conv',
        typeName,
        inputChannels: read.size('in_channels', 'inputChannels'),
        outputChannels: read.size('out_channels', 'outputChannels'),
        kernelSize: read.axes('kernel_size', 'kernelSize', rank),
        stride: read.axes('stride', 'stride', rank),
        padding: scheme === 'same' || scheme === 'valid' ? scheme : read.axes('padding', 'padding', rank),
        dilation: read.axes('dilation', 'dilation', rank),
        groups: read.size('groups', 'groups'),
        bias: mul(hasAttr(read, 'bias_attr'), read.flag('bias', 'bias')),
        channelsFirst: read.text('data_format')?.startsWith('NC') ?? false,
      };
    },
  );
}

function perChannel(kind: 'batch-norm' | 'instance-norm', middle: Signature, features = 'num_features') {
  return maker([features, ...middle], runKeepShape, (read, typeName) => ({
    kind,
    typeName,
    features: read.size(features, 'features'),
    scale: hasAttr(read, 'weight_attr'),
    offset: hasAttr(read, 'bias_attr'),
    trackStatistics: kind === 'batch-norm',
  }));
}

const batchNorm = perChannel('batch-norm', [['momentum', float(0.9)], ['epsilon', float(1e-5)], ...ATTRS]);
const instanceNorm = perChannel('instance-norm', [
  ['epsilon', float(1e-5)],
  ['momentum', float(0.9)],
  ...ATTRS,
]);

const layerNorm = maker(
  ['normalized_shape', ['epsilon', float(1e-5)], ...ATTRS],
  runKeepShape,
  (read, typeName) => ({
    kind: 'layer-norm',
    typeName,
    features: mul(1, ...read.axes('normalized_shape', 'features', 1)),
    scale: hasAttr(read, 'weight_attr'),
    offset: hasAttr(read, 'bias_attr'),
  }),
);

const groupNorm = maker(
  ['num_groups', 'num_channels', ['epsilon', float(1e-5)], ...ATTRS],
  runKeepShape,
  (read, typeName) => ({
    kind: 'group-norm',
    typeName,
    features: read.size('num_channels', 'features'),
    scale: hasAttr(read, 'weight_attr'),
    offset: hasAttr(read, 'bias_attr'),
  }),
);

const prelu = maker(
  [['num_parameters', int(1)], ['init', float(0.25)], ...ATTRS],
  runKeepShape,
  (read, typeName) => ({ kind: 'parameter', typeName, shape: [read.size('num_parameters', 'shape')] }),
);

const attention = maker(
  [
    'embed_dim',
    'num_heads',
    ['dropout', float(0)],
    ['kdim', NONE],
    ['vdim', NONE],
    ['need_weights', bool(false)],
    ...ATTRS,
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
      bias: hasAttr(read, 'bias_attr'),
    };
  },
);

function transformerLayer(kind: 'transformer-encoder-layer' | 'transformer-decoder-layer'): LayerMaker {
  const signature: Signature = [
    'd_model',
    'nhead',
    'dim_feedforward',
    ['dropout', float(0.1)],
    ['activation', str('relu')],
    ['attn_dropout', NONE],
    ['act_dropout', NONE],
    ['normalize_before', bool(false)],
    ...ATTRS,
  ];
  return maker(signature, runTransformer, (read, typeName) => ({
    kind,
    typeName,
    modelSize: read.size('d_model', 'modelSize'),
    numHeads: read.size('nhead', 'numHeads'),
    feedForwardSize: read.size('dim_feedforward', 'feedForwardSize'),
    bias: hasAttr(read, 'bias_attr'),
    batchFirst: true,
  }));
}

export const LAYERS: Readonly<Record<string, LayerMaker>> = {
  Linear: linear,
  Bilinear: bilinear,
  Embedding: embedding,
  Conv1D: conv(1, false),
  Conv2D: conv(2, false),
  Conv3D: conv(3, false),
  Conv1d: conv(1, false),
  Conv2d: conv(2, false),
  Conv3d: conv(3, false),
  Conv1DTranspose: conv(1, true),
  Conv2DTranspose: conv(2, true),
  Conv3DTranspose: conv(3, true),
  BatchNorm1D: batchNorm,
  BatchNorm2D: batchNorm,
  BatchNorm3D: batchNorm,
  SyncBatchNorm: batchNorm,
  InstanceNorm1D: instanceNorm,
  InstanceNorm2D: instanceNorm,
  InstanceNorm3D: instanceNorm,
  LayerNorm: layerNorm,
  GroupNorm: groupNorm,
  PReLU: prelu,
  MultiHeadAttention: attention,
  TransformerEncoderLayer: transformerLayer('transformer-encoder-layer'),
  TransformerDecoderLayer: transformerLayer('transformer-decoder-layer'),
};
