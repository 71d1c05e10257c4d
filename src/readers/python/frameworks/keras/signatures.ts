/** Positional parameters of Keras' constructors, as far as anybody passes them by position. */
const RNN = 'units activation use_bias kernel_initializer recurrent_initializer bias_initializer';
const GATED =
  'units activation recurrent_activation use_bias kernel_initializer recurrent_initializer bias_initializer';
const CUDNN = 'units kernel_initializer recurrent_initializer bias_initializer';
const CONV = 'filters kernel_size strides padding data_format dilation_rate groups activation use_bias';
const TRANSPOSE =
  'filters kernel_size strides padding output_padding data_format dilation_rate activation use_bias';
const DEPTHWISE =
  'kernel_size strides padding depth_multiplier data_format dilation_rate activation use_bias';
const SEPARABLE =
  'filters kernel_size strides padding data_format dilation_rate depth_multiplier activation use_bias';
const POOL = 'pool_size strides padding data_format';
const CONV_LSTM =
  'filters kernel_size strides padding data_format dilation_rate activation recurrent_activation use_bias';

const TABLE: Readonly<Record<string, string>> = {
  SimpleRNN: RNN,
  SimpleRNNCell: RNN,
  LSTM: GATED,
  LSTMCell: GATED,
  GRU: GATED,
  GRUCell: GATED,
  CuDNNLSTM: CUDNN,
  CuDNNGRU: CUDNN,
  RNN: 'cell return_sequences return_state go_backwards stateful unroll',
  StackedRNNCells: 'cells',
  Bidirectional: 'layer merge_mode weights backward_layer',
  TimeDistributed: 'layer',
  SpectralNormalization: 'layer power_iterations',
  ConvLSTM1D: CONV_LSTM,
  ConvLSTM2D: CONV_LSTM,
  ConvLSTM3D: CONV_LSTM,
  Embedding: 'input_dim output_dim embeddings_initializer',
  Dense: 'units activation use_bias',
  EinsumDense: 'equation output_shape activation bias_axes',
  BatchNormalization: 'axis momentum epsilon center scale',
  LayerNormalization: 'axis epsilon center scale',
  RMSNormalization: 'axis epsilon',
  GroupNormalization: 'groups axis epsilon center scale',
  Normalization: 'axis mean variance invert',
  Dropout: 'rate noise_shape seed',
  AlphaDropout: 'rate',
  GaussianDropout: 'rate',
  GaussianNoise: 'stddev',
  Masking: 'mask_value',
  Activation: 'activation',
  ReLU: 'max_value',
  LeakyReLU: 'alpha',
  ELU: 'alpha',
  Softmax: 'axis',
  PReLU: 'alpha_initializer alpha_regularizer alpha_constraint shared_axes',
  Flatten: 'data_format',
  Reshape: 'target_shape',
  Permute: 'dims',
  RepeatVector: 'n',
  Concatenate: 'axis',
  Dot: 'axes normalize',
  Attention: 'use_scale score_mode dropout',
  AdditiveAttention: 'use_scale dropout',
  MultiHeadAttention: 'num_heads key_dim value_dim dropout use_bias output_shape',
  GroupQueryAttention: 'head_dim num_query_heads num_key_value_heads dropout use_bias',
  GroupedQueryAttention: 'head_dim num_query_heads num_key_value_heads dropout use_bias',
  TextVectorization:
    'max_tokens standardize split ngrams output_mode output_sequence_length pad_to_max_tokens vocabulary',
  StringLookup: 'max_tokens num_oov_indices mask_token oov_token vocabulary idf_weights invert output_mode',
  IntegerLookup:
    'max_tokens num_oov_indices mask_token oov_token vocabulary vocabulary_dtype idf_weights invert output_mode',
  CategoryEncoding: 'num_tokens output_mode',
  Hashing: 'num_bins mask_value salt output_mode',
  Discretization: 'bin_boundaries num_bins epsilon output_mode',
  Rescaling: 'scale offset',
  Resizing: 'height width',
  CenterCrop: 'height width',
  RandomCrop: 'height width',
  Lambda: 'function output_shape',
  ZeroPadding1D: 'padding',
  ZeroPadding2D: 'padding data_format',
  ZeroPadding3D: 'padding data_format',
  Cropping1D: 'cropping',
  Cropping2D: 'cropping data_format',
  Cropping3D: 'cropping data_format',
  UpSampling1D: 'size',
  UpSampling2D: 'size data_format',
  UpSampling3D: 'size data_format',
};

const FAMILIES: readonly (readonly [start: string, parameters: string])[] = [
  ['SeparableConv', SEPARABLE],
  ['DepthwiseConv', DEPTHWISE],
  ['Max', POOL],
  ['Average', POOL],
  ['Avg', POOL],
  ['Global', 'data_format keepdims'],
  ['Adaptive', 'output_size data_format'],
  ['SpatialDropout', 'rate'],
  ['Conv', CONV],
];

/** The positional parameters of a layer class, in order. */
export function signatureOf(className: string): readonly string[] {
  const own = Object.hasOwn(TABLE, className) ? TABLE[className] : undefined;
  if (own !== undefined) return own.split(' ');
  if (className.endsWith('Transpose')) return TRANSPOSE.split(' ');
  return FAMILIES.find(([start]) => className.startsWith(start))?.[1].split(' ') ?? [];
}
