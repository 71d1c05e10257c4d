import type { CellKind, Distribution, Framework } from '../model';
import type { Fans } from './distributions';
import type { DirectionShape } from './shape';

/** What a framework does when the source names no initialiser. */
export interface FrameworkDefaults {
  kernel(shape: DirectionShape): Distribution;
  recurrent(shape: DirectionShape): Distribution;
  bias(shape: DirectionShape, cell: CellKind): Distribution;
  /** LSTM projection; only where the framework has one. */
  projection?(shape: DirectionShape): Distribution;
  /** How many bias vectors are drawn and added. */
  readonly biases: 1 | 2;
  /** Whether the recurrent kernel is drawn gate by gate or as one matrix with the gates side by side. */
  readonly recurrentByGate: boolean;
  /** The same for the kernel: matters for variance scaling. */
  kernelFans(shape: DirectionShape): Fans;
  /** Gates whose bias starts elsewhere, by the gate's place; 0 for those that do not. */
  gateBias(cell: CellKind): readonly number[] | undefined;
  /** Whether LSTM's gate bias is added at run time to whatever the bias is, instead of being its first value. */
  readonly addsGateBias: boolean;
  /** Whether variance scaling widens a truncated normal. */
  readonly widenTruncated: boolean;
}

const zeros: Distribution = { kind: 'constant', value: 0 };
const orthogonal: Distribution = { kind: 'orthogonal', gain: 1 };
const glorotUniform: Distribution = {
  kind: 'variance-scaling',
  scale: 1,
  mode: 'fan-average',
  shape: 'uniform',
};
const glorotNormal: Distribution = { ...glorotUniform, shape: 'truncated-normal' };
const lecunNormal: Distribution = { ...glorotNormal, mode: 'fan-in' };

/** Uniform in ±1/√H, whatever the tensor. */
function uniformByHidden({ hiddenSize }: DirectionShape): Distribution {
  const limit = 1 / Math.sqrt(hiddenSize);
  return { kind: 'uniform', low: -limit, high: limit };
}

const jointFans = (s: DirectionShape): Fans => ({ fanIn: s.inputSize, fanOut: s.gates * s.hiddenSize });
const gateFans = (s: DirectionShape): Fans => ({ fanIn: s.inputSize, fanOut: s.hiddenSize });

/** PyTorch, PaddlePaddle, MindSpore: every tensor uniform in ±1/√H, two bias vectors included. */
const byHidden: FrameworkDefaults = {
  kernel: uniformByHidden,
  recurrent: uniformByHidden,
  bias: uniformByHidden,
  projection: uniformByHidden,
  biases: 2,
  recurrentByGate: false,
  kernelFans: jointFans,
  gateBias: () => undefined,
  addsGateBias: false,
  widenTruncated: true,
};

/** Keras: Glorot uniform, one orthogonal matrix over all gates, zero biases but LSTM's forget gate at 1. */
const keras: FrameworkDefaults = {
  kernel: () => glorotUniform,
  recurrent: () => orthogonal,
  bias: () => zeros,
  biases: 1,
  recurrentByGate: false,
  kernelFans: jointFans,
  gateBias: (cell) => (cell === 'lstm' ? [0, 1, 0, 0] : undefined),
  addsGateBias: false,
  widenTruncated: true,
};

/** Flax: LeCun normal, zero biases, an orthogonal matrix for each gate (linen, and nnx but for its fused cells). */
const flax: FrameworkDefaults = {
  ...keras,
  kernel: () => lecunNormal,
  recurrentByGate: true,
  kernelFans: gateFans,
  gateBias: () => undefined,
};

/** MXNet's `initialize()`: every weight uniform in ±0.07, biases 0. */
const mxnet: FrameworkDefaults = {
  ...byHidden,
  kernel: () => ({ kind: 'uniform', low: -0.07, high: 0.07 }),
  recurrent: () => ({ kind: 'uniform', low: -0.07, high: 0.07 }),
  projection: () => ({ kind: 'uniform', low: -0.07, high: 0.07 }),
  bias: () => zeros,
};

/** TF 1 cells: Glorot uniform over [x, h] stacked; 1 added to LSTM's forget gate, GRU's gates start at bias 1. */
const tf1: FrameworkDefaults = {
  ...keras,
  kernel: (s) => glorotOverBoth(s),
  recurrent: (s) => glorotOverBoth(s),
  projection: () => glorotUniform,
  gateBias: (cell) => (cell === 'lstm' ? [0, 1, 0, 0] : cell === 'gru' ? [1, 1, 0] : undefined),
  addsGateBias: true,
};

function glorotOverBoth(s: DirectionShape): Distribution {
  // GRU's gates are one matrix of 2H columns, its candidate one of H: the candidate's share is drawn wider (`widenTf1Candidate`).
  const columns = s.gates === 3 ? 2 * s.hiddenSize : s.gates * s.hiddenSize;
  const limit = Math.sqrt(6 / (s.inputSize + s.outputSize + columns));
  return { kind: 'uniform', low: -limit, high: limit };
}

/** Haiku: truncated normals by fan-in; LSTM's one matrix spans [x, h] and 1 is added to its forget gate. */
const haiku: FrameworkDefaults = {
  ...keras,
  kernel: (s) => haikuWeight(s, s.inputSize),
  recurrent: (s) => haikuWeight(s, s.outputSize),
  addsGateBias: true,
};

function haikuWeight(s: DirectionShape, own: number): Distribution {
  const fanIn = s.gates === 4 ? s.inputSize + s.outputSize : own;
  // hk.GRU asks for variance scaling, which widens; hk.Linear uses the plain truncated normal.
  const widen = s.gates === 3 ? 1 / 0.87962566103423978 : 1;
  return { kind: 'truncated-normal', mean: 0, std: widen / Math.sqrt(fanIn) };
}

/** Undefined for a format that carries weights instead of initialisers. */
export const FRAMEWORK_DEFAULTS: Readonly<Record<Framework, FrameworkDefaults | undefined>> = {
  pytorch: byHidden,
  paddle: byHidden,
  mindspore: byHidden,
  equinox: { ...byHidden, biases: 1 },
  keras,
  keras2: keras,
  // Its LSTM opens the forget gate only when `unitForgetBias` is given.
  tfjs: { ...keras, kernel: () => glorotNormal, widenTruncated: false, gateBias: () => undefined },
  'flax-linen': flax,
  // nnx.GRUCell has one recurrent matrix for its three gates; nnx.LSTMCell has one for each.
  'flax-nnx': flax,
  mxnet,
  tf1,
  haiku,
  onnx: undefined,
};

/** Whether the recurrent kernel is drawn gate by gate. */
export function recurrentByGate(framework: Framework, cell: CellKind): boolean {
  if (framework === 'flax-nnx' && cell === 'gru') return false;
  return FRAMEWORK_DEFAULTS[framework]?.recurrentByGate ?? false;
}
