import {
  type DenseLayer,
  type EmbeddingLayer,
  type Framework,
  type NormLayer,
  type ParameterLayer,
} from '../../model';
import { tensor, times } from '../tensor';
import type { WeightTensor } from '../types';

/** Frameworks in which matrices hold output rows (`weight`), against input rows (`kernel`). */
const ROWS_FIRST: ReadonlySet<Framework> = new Set<Framework>([
  'pytorch',
  'mindspore',
  'mxnet',
  'equinox',
  'onnx',
]);

/** True where a dense weight is stored as (output, input). */
export function rowsFirst(framework: Framework): boolean {
  return ROWS_FIRST.has(framework);
}

/** What the framework calls a layer's matrix. */
export function kernelName(framework: Framework): string {
  if (rowsFirst(framework) || framework === 'paddle') return 'weight';
  return framework === 'haiku' ? 'w' : 'kernel';
}

/** What the framework calls a layer's offset vector. */
export function biasName(framework: Framework): string {
  return framework === 'haiku' ? 'b' : 'bias';
}

/** One row per word: V·E values. */
export function embeddingTensors(layer: EmbeddingLayer): readonly WeightTensor[] {
  const name = EMBEDDING_NAMES[layer.framework] ?? 'weight';
  return [tensor(name, 'embedding', [layer.vocabularySize, layer.embeddingSize])];
}

const EMBEDDING_NAMES: Partial<Record<Framework, string>> = {
  keras: 'embeddings',
  keras2: 'embeddings',
  tfjs: 'embeddings',
  tf1: 'embeddings',
  haiku: 'embeddings',
  mindspore: 'embedding_table',
  'flax-linen': 'embedding',
  'flax-nnx': 'embedding',
};

/** A matrix I×O and O biases; a bilinear layer has one I×I₂ matrix per output. */
export function denseTensors(layer: DenseLayer): readonly WeightTensor[] {
  const { inputSize: i, outputSize: o, secondInputSize: second, framework } = layer;
  const shape = second !== undefined ? [o, i, second] : rowsFirst(framework) ? [o, i] : [i, o];
  return [
    tensor(kernelName(framework), 'kernel', shape),
    ...times(layer.bias, [tensor(biasName(framework), 'bias', [o])]),
  ];
}

interface NormNames {
  readonly scale: string;
  readonly offset: string;
  readonly statistics: readonly string[];
  /** Whether the framework counts the moving statistics among its parameters. */
  readonly counted: boolean;
}

const KERAS_NORM: NormNames = {
  scale: 'gamma',
  offset: 'beta',
  statistics: ['moving_mean', 'moving_variance'],
  counted: true,
};
const TORCH_NORM: NormNames = {
  scale: 'weight',
  offset: 'bias',
  statistics: ['running_mean', 'running_var'],
  counted: false,
};
const FLAX_NORM: NormNames = { scale: 'scale', offset: 'bias', statistics: ['mean', 'var'], counted: false };

const NORM_NAMES: Readonly<Record<Framework, NormNames>> = {
  pytorch: TORCH_NORM,
  equinox: { ...TORCH_NORM, statistics: ['mean', 'var'] },
  onnx: { scale: 'scale', offset: 'B', statistics: ['input_mean', 'input_var'], counted: false },
  paddle: { ...TORCH_NORM, statistics: ['_mean', '_variance'], counted: true },
  mindspore: {
    scale: 'gamma',
    offset: 'beta',
    statistics: ['mean', 'variance'],
    counted: true,
  },
  mxnet: { scale: 'gamma', offset: 'beta', statistics: ['running_mean', 'running_var'], counted: true },
  keras: KERAS_NORM,
  keras2: KERAS_NORM,
  tfjs: KERAS_NORM,
  tf1: KERAS_NORM,
  'flax-linen': FLAX_NORM,
  'flax-nnx': FLAX_NORM,
  haiku: { scale: 'scale', offset: 'offset', statistics: ['mean_ema', 'var_ema'], counted: false },
};

/**
 * Scale and offset vectors, and batch norm's moving statistics: Keras counts those as parameters that do not train,
 * the others keep them apart from the parameters.
 */
export function normTensors(layer: NormLayer): readonly WeightTensor[] {
  const names = namesOf(layer);
  const features = [layer.features];
  const keepsStatistics = layer.trackStatistics ?? layer.kind === 'batch-norm';
  const statistics = keepsStatistics
    ? names.statistics.map((name) =>
        tensor(name, 'statistic', features, { trainable: false, counted: names.counted }),
      )
    : [];
  return [
    ...times(layer.scale, [tensor(names.scale, 'scale', features)]),
    ...times(layer.offset, [tensor(names.offset, 'bias', features)]),
    ...statistics,
  ];
}

function namesOf(layer: NormLayer): NormNames {
  const names = NORM_NAMES[layer.framework];
  // Keras calls this one layer's gamma a scale.
  return layer.kind === 'rms-norm' && layer.framework === 'keras' ? { ...names, scale: 'scale' } : names;
}

/** A free weight: one tensor of the given shape. */
export function parameterTensors(layer: ParameterLayer): readonly WeightTensor[] {
  return [tensor(layer.path.split('.').at(-1) ?? layer.path, 'other', layer.shape)];
}
