/** Who builds the layer: decides how many biases, which gate order, which defaults. */
export type Framework =
  | 'pytorch'
  | 'keras'
  | 'keras2'
  | 'tfjs'
  | 'flax-linen'
  | 'flax-nnx'
  | 'paddle'
  | 'mindspore'
  | 'mxnet'
  | 'haiku'
  | 'equinox'
  | 'tf1'
  | 'onnx';

/** The framework's name as its users write it. */
export const FRAMEWORK_NAMES: Readonly<Record<Framework, string>> = {
  pytorch: 'PyTorch',
  keras: 'Keras',
  keras2: 'Keras 2',
  tfjs: 'TensorFlow.js',
  'flax-linen': 'Flax linen',
  'flax-nnx': 'Flax nnx',
  paddle: 'PaddlePaddle',
  mindspore: 'MindSpore',
  mxnet: 'MXNet',
  haiku: 'Haiku',
  equinox: 'Equinox',
  tf1: 'TensorFlow 1',
  onnx: 'ONNX',
};
