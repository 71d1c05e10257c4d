import { type Layer, constant } from '../../model';
import { type Around, type Building, type Part, callOf, dimsFact, holdsWeights } from './context';
import { type Node, type TensorInfo, intOf } from './graph';
import type { Scope } from './scope';

type Recognise = (node: Node, scope: Scope, building: Building, around: Around) => Layer | undefined;

/** A layer around the recurrent ones, when the node is one and its weights are constants of the right rank. */
export function otherLayer(node: Node, scope: Scope, building: Building, around: Around): Layer | undefined {
  const recognise = Object.hasOwn(RECOGNISERS, node.opType) ? RECOGNISERS[node.opType] : undefined;
  return node.domain === '' ? recognise?.(node, scope, building, around) : undefined;
}

/** The input at `position` as a constant that holds weights. */
function weight(scope: Scope, node: Node, position: number, rank?: number): TensorInfo | undefined {
  const name = node.inputs[position] ?? '';
  const tensor = name === '' ? undefined : scope.constant(name);
  if (!tensor || tensor.invalid || !holdsWeights(tensor)) return undefined;
  return rank === undefined || tensor.dims.length === rank ? tensor : undefined;
}

function parts(...list: readonly [string, TensorInfo | undefined, boolean?][]): Part[] {
  return list.flatMap(([role, tensor, trainable]) =>
    tensor ? [{ role, tensors: [tensor], trainable }] : [],
  );
}

const gemm: Recognise = (node, scope, building, around) => {
  const w = weight(scope, node, 1, 2);
  if (!w || intOf(node, 'transA', 0) !== 0) return undefined;
  const [outputs, inputs] = intOf(node, 'transB', 0) ? [w.dims[0]!, w.dims[1]!] : [w.dims[1]!, w.dims[0]!];
  const c = weight(scope, node, 2);
  // A bias that is broadcast in another way than one value per output stays a loose constant.
  const bias = c && c.dims.at(-1) === outputs && c.dims.slice(0, -1).every((d) => d === 1) ? c : undefined;
  return {
    ...building.base(node, 'Gemm', parts(['weight', w], ['bias', bias]), around, callOf(scope, node, around)),
    kind: 'dense',
    inputSize: constant(inputs),
    outputSize: constant(outputs),
    bias: constant(bias ? 1 : 0),
    facts: { inputSize: dimsFact(building, w), outputSize: dimsFact(building, w) },
  };
};

/** `MatMul` by a constant matrix, with the `Add` of a constant vector that alone follows it. */
const matMul: Recognise = (node, scope, building, around) => {
  const w = weight(scope, node, 1, 2);
  if (!w) return undefined;
  const after = scope.consumers.get(node.outputs[0] ?? '') ?? [];
  const sum = after.length === 1 && after[0]!.opType === 'Add' ? after[0]! : undefined;
  const bias =
    sum && [weight(scope, sum, 0, 1), weight(scope, sum, 1, 1)].find((t) => t?.dims[0] === w.dims[1]);
  return {
    ...building.base(
      node,
      bias ? 'MatMul + Add' : 'MatMul',
      parts(['weight', w], ['bias', bias]),
      around,
      callOf(scope, node, around),
    ),
    kind: 'dense',
    inputSize: constant(w.dims[0]!),
    outputSize: constant(w.dims[1]!),
    bias: constant(bias ? 1 : 0),
    facts: { inputSize: dimsFact(building, w), outputSize: dimsFact(building, w) },
  };
};

/** `Gather` along the first axis of a constant matrix. */
const gather: Recognise = (node, scope, building, around) => {
  const w = weight(scope, node, 0, 2);
  if (!w || intOf(node, 'axis', 0) !== 0) return undefined;
  const call = callOf(scope, { ...node, inputs: [node.inputs[1] ?? ''] }, around);
  return {
    ...building.base(node, 'Gather', parts(['weight', w]), around, call),
    kind: 'embedding',
    vocabularySize: constant(w.dims[0]!),
    embeddingSize: constant(w.dims[1]!),
    facts: { vocabularySize: dimsFact(building, w), embeddingSize: dimsFact(building, w) },
  };
};

/** W is [outputs, inputs / group, kernel …]; transposed: [inputs, outputs / group, kernel …]. */
const conv: Recognise = (node, scope, building, around) => {
  const w = weight(scope, node, 1);
  if (!w || w.dims.length < 3 || w.dims.length > 5) return undefined;
  const transposed = node.opType === 'ConvTranspose';
  const groups = Math.max(1, intOf(node, 'group', 1));
  const [first, second] = [w.dims[0]!, w.dims[1]! * groups];
  const spatial = w.dims.slice(2);
  const ints = (name: string, otherwise: number) =>
    spatial.map((_, i) => constant(node.attributes.get(name)?.ints?.[i] ?? otherwise));
  const bias = weight(scope, node, 2, 1);
  return {
    ...building.base(
      node,
      node.opType,
      parts(['weight', w], ['bias', bias]),
      around,
      callOf(scope, node, around),
    ),
    kind: transposed ? 'conv-transpose' : 'conv',
    inputChannels: constant(transposed ? first : second),
    outputChannels: constant(transposed ? second : first),
    kernelSize: spatial.map((n) => constant(n)),
    stride: ints('strides', 1),
    padding: paddingOf(node, spatial.length),
    dilation: ints('dilations', 1),
    groups: constant(groups),
    bias: constant(bias ? 1 : 0),
    channelsFirst: true,
    facts: { inputChannels: dimsFact(building, w), outputChannels: dimsFact(building, w) },
  };
};

/** Uneven amounts on the two sides are told by the call's output shape; here stands the smaller side. */
function paddingOf(node: Node, rank: number) {
  const auto = node.attributes.get('auto_pad')?.s ?? 'NOTSET';
  if (auto.startsWith('SAME')) return 'same';
  const pads = node.attributes.get('pads')?.ints;
  if (auto === 'VALID' || !pads) return 'valid';
  return Array.from({ length: rank }, (_, i) => constant(Math.min(pads[i] ?? 0, pads[i + rank] ?? 0)));
}

const NORMS = {
  BatchNormalization: 'batch-norm',
  LayerNormalization: 'layer-norm',
  InstanceNormalization: 'instance-norm',
  GroupNormalization: 'group-norm',
} as const;

const norm: Recognise = (node, scope, building, around) => {
  const kind = NORMS[node.opType as keyof typeof NORMS];
  const scale = weight(scope, node, 1);
  if (!scale) return undefined;
  const offset = weight(scope, node, 2);
  const statistics = kind === 'batch-norm';
  const [mean, variance] = statistics ? [weight(scope, node, 3), weight(scope, node, 4)] : [];
  const all = parts(
    ['scale', scale],
    ['B', offset],
    ['input_mean', mean, false],
    ['input_var', variance, false],
  );
  return {
    ...building.base(node, node.opType, all, around, callOf(scope, node, around)),
    kind,
    features: constant(scale.dims.reduce((n, d) => n * d, 1)),
    scale: constant(1),
    offset: constant(offset ? 1 : 0),
    ...(statistics ? { trackStatistics: true } : {}),
    facts: { features: dimsFact(building, scale) },
  };
};

const RECOGNISERS: Readonly<Record<string, Recognise>> = {
  Gemm: gemm,
  MatMul: matMul,
  Gather: gather,
  Conv: conv,
  ConvTranspose: conv,
  ...Object.fromEntries(Object.keys(NORMS).map((op) => [op, norm])),
};
