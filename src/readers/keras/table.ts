import { message } from '../../model';
import { groupedQuery, multiHead, plainAttention } from './families/attention';
import { convolution } from './families/conv';
import { convLstm } from './families/conv-lstm';
import { dense, einsumDense, embedding } from './families/dense';
import { concatenate, dot, elementwise } from './families/merge';
import { functional, sequential } from './families/model';
import { batchNorm, groupNorm, layerNorm, normalization, spectralNorm } from './families/norm';
import { activationLayer, input, lambda, prelu, same } from './families/plain';
import { adaptivePooling, globalPooling, pooling } from './families/pooling';
import {
  binning,
  categoryEncoding,
  lookup,
  melSpectrogram,
  resizing,
  textVectorization,
} from './families/preprocessing';
import { recurrentCell, recurrentLayer, rnnOfCells, stackedCells } from './families/recurrent';
import {
  cropping,
  flatten,
  permute,
  repeatVector,
  reshape,
  upSampling,
  zeroPadding,
} from './families/reshape';
import { bidirectional, timeDistributed } from './families/wrappers';
import { ownLayer } from './families/own';
import { type BuildAt, type LayerRun, type Site, atHome } from './site';

/** Every layer class of Keras that is understood, by name. */
const TABLE = new Map<string, BuildAt>();

function add(build: BuildAt, ...classNames: string[]): void {
  for (const name of classNames) TABLE.set(name, build);
}

add(input, 'InputLayer', 'Input');
add(recurrentLayer, 'SimpleRNN', 'LSTM', 'GRU', 'CuDNNLSTM', 'CuDNNGRU');
add(recurrentCell, 'SimpleRNNCell', 'LSTMCell', 'GRUCell');
add(rnnOfCells, 'RNN');
add(stackedCells, 'StackedRNNCells');
add(bidirectional, 'Bidirectional');
add(timeDistributed, 'TimeDistributed');
add(convLstm, 'ConvLSTM1D', 'ConvLSTM2D', 'ConvLSTM3D');
add(embedding, 'Embedding');
add(dense, 'Dense');
add(einsumDense, 'EinsumDense');
for (const rank of [1, 2, 3]) {
  add(convolution('conv', rank), `Conv${rank}D`, `Convolution${rank}D`);
  add(convolution('conv-transpose', rank), `Conv${rank}DTranspose`, `Convolution${rank}DTranspose`);
  add(convolution('depthwise-conv', rank), `DepthwiseConv${rank}D`);
  add(convolution('separable-conv', rank), `SeparableConv${rank}D`, `SeparableConvolution${rank}D`);
  add(pooling('max-pool', rank), `MaxPooling${rank}D`, `MaxPool${rank}D`);
  add(pooling('avg-pool', rank), `AveragePooling${rank}D`, `AvgPool${rank}D`);
  add(globalPooling('global-max-pool', rank), `GlobalMaxPooling${rank}D`, `GlobalMaxPool${rank}D`);
  add(globalPooling('global-avg-pool', rank), `GlobalAveragePooling${rank}D`, `GlobalAvgPool${rank}D`);
  add(adaptivePooling('adaptive-max-pool', rank), `AdaptiveMaxPooling${rank}D`);
  add(adaptivePooling('adaptive-avg-pool', rank), `AdaptiveAveragePooling${rank}D`);
  add(zeroPadding(rank), `ZeroPadding${rank}D`);
  add(cropping(rank), `Cropping${rank}D`);
  add(upSampling(rank), `UpSampling${rank}D`);
  add(same('dropout', 'spatial-dropout'), `SpatialDropout${rank}D`);
}
add(batchNorm, 'BatchNormalization', 'SyncBatchNormalization');
add(layerNorm('layer-norm'), 'LayerNormalization');
add(layerNorm('rms-norm'), 'RMSNormalization');
add(groupNorm, 'GroupNormalization');
add(spectralNorm, 'SpectralNormalization');
add(normalization, 'Normalization');
add(same('other', 'unit-norm'), 'UnitNormalization');
add(same('dropout', 'dropout'), 'Dropout', 'AlphaDropout', 'GaussianDropout', 'GaussianNoise');
add(same('other', 'regularisation'), 'ActivityRegularization');
add(same('other', 'identity'), 'Identity');
add(same('other', 'masking'), 'Masking');
add(activationLayer, 'Activation');
add(same('activation', 'relu'), 'ReLU', 'ThresholdedReLU');
add(same('activation', 'leaky_relu'), 'LeakyReLU');
add(same('activation', 'elu'), 'ELU');
add(same('activation', 'softmax'), 'Softmax');
add(prelu, 'PReLU');
add(flatten, 'Flatten');
add(reshape, 'Reshape');
add(permute, 'Permute');
add(repeatVector, 'RepeatVector');
add(concatenate, 'Concatenate');
for (const name of ['Add', 'Multiply', 'Average', 'Maximum', 'Minimum', 'Subtract']) {
  add(elementwise(name.toLowerCase()), name);
}
add(dot, 'Dot');
add(plainAttention('attention'), 'Attention');
add(plainAttention('additive-attention'), 'AdditiveAttention');
add(multiHead, 'MultiHeadAttention');
add(groupedQuery, 'GroupedQueryAttention', 'GroupQueryAttention');
add(textVectorization, 'TextVectorization');
add(lookup('string-lookup'), 'StringLookup');
add(lookup('integer-lookup'), 'IntegerLookup');
add(categoryEncoding, 'CategoryEncoding');
add(binning('hashing'), 'Hashing');
add(binning('discretization'), 'Discretization');
add(same('preprocessing', 'rescaling'), 'Rescaling');
add(resizing, 'Resizing', 'CenterCrop', 'RandomCrop');
add(melSpectrogram, 'MelSpectrogram');
for (const name of ['Brightness', 'Contrast', 'Flip', 'Rotation', 'Translation', 'Zoom']) {
  add(same('preprocessing', `random-${name.toLowerCase()}`), `Random${name}`);
}
add(lambda, 'Lambda', 'Operation', 'TFOpLambda', 'SlicingOpLambda', 'TensorFlowOpLayer');
add(sequential, 'Sequential');
add(functional, 'Functional', 'Model');

/** Is this a layer class of Keras that the builder understands? */
export function isKnownClass(className: string): boolean {
  return TABLE.has(className);
}

/** The classes the builder understands. */
export function knownClasses(): readonly string[] {
  return [...TABLE.keys()];
}

/** Builds one layer at one call. */
export const buildAt: BuildAt = (site: Site): LayerRun => {
  if (site.spec.opaque) return unknownLayer(site);
  if (site.spec.ownWeights) return ownLayer(site);
  const build =
    TABLE.get(site.spec.className) ??
    (site.spec.graph ? functional : site.spec.outputOf ? lambda : unknownLayer);
  const run = build(site);
  // Models are not layers of their own: what is in them is looked at one by one.
  return build === sequential || build === functional ? run : atHome(run, site);
};

function unknownLayer(site: Site): LayerRun {
  const reason =
    site.spec.opaque ?? message('{0} is no layer of Keras; its weights cannot be read', site.spec.className);
  const outputs = site.spec.outputOf?.(site.inputs) ?? [undefined];
  return {
    layers: [{ kind: 'unknown', reason, dependsOn: site.spec.dependsOn ?? [], ...site.base(outputs[0]) }],
    outputs,
  };
}
