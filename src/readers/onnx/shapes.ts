import { type Dim, add, constant, constantOf, equalDims, floorDiv, mul, sub } from '../../model';
import { type Node, intOf } from './graph';
import type { PartShape, Scope } from './scope';

type Infer = (
  node: Node,
  inputs: readonly (PartShape | undefined)[],
  scope: Scope,
) => readonly (PartShape | undefined)[];

/**
 * The shapes of a node's outputs from its inputs', for the operators that stand between recurrent layers and the graph's inputs. What is
 * not covered gives undefined: nothing is guessed.
 */
export function inferShapes(node: Node, scope: Scope): readonly (PartShape | undefined)[] {
  const infer = Object.hasOwn(RULES, node.opType) ? RULES[node.opType] : undefined;
  if (!infer) return [];
  return infer(
    node,
    node.inputs.map((name) => (name === '' ? undefined : scope.shape(name))),
    scope,
  );
}

const same: Infer = (_, [x]) => [x];

const broadcast: Infer = (_, inputs) => {
  if (inputs.some((s) => s === undefined)) return [undefined];
  const rank = Math.max(...inputs.map((s) => s!.length));
  const axis = (i: number): Dim | undefined => {
    const sizes = inputs.filter((s) => i >= rank - s!.length).map((s) => s![i - rank + s!.length]);
    return sizes.reduce(joinDims);
  };
  return [Array.from({ length: rank }, (_unused, i) => axis(i))];
};

function joinDims(a: Dim | undefined, b: Dim | undefined): Dim | undefined {
  if (a !== undefined && constantOf(a) === 1n) return b;
  if (b !== undefined && constantOf(b) === 1n) return a;
  return a !== undefined && b !== undefined && equalDims(a, b) ? a : undefined;
}

/** `axis` counted from the front, or undefined when it is out of range. */
function axisOf(axis: number, rank: number): number | undefined {
  const at = axis < 0 ? axis + rank : axis;
  return at >= 0 && at < rank ? at : undefined;
}

const transpose: Infer = (node, [x]) => {
  if (!x) return [undefined];
  const perm = node.attributes.get('perm')?.ints ?? x.map((_, i) => x.length - 1 - i);
  return [perm.length === x.length ? perm.map((p) => x[p]) : undefined];
};

const squeeze: Infer = (node, [x], scope) => {
  const axes = node.attributes.get('axes')?.ints ?? scope.integers(node.inputs[1]);
  if (!x || !axes) return [undefined];
  const gone = new Set(axes.map((a) => axisOf(a, x.length)));
  return [x.filter((_, i) => !gone.has(i))];
};

const unsqueeze: Infer = (node, [x], scope) => {
  const axes = node.attributes.get('axes')?.ints ?? scope.integers(node.inputs[1]);
  if (!x || !axes) return [undefined];
  const rank = x.length + axes.length;
  const added = new Set(axes.map((a) => axisOf(a, rank)));
  const rest = [...x];
  return [Array.from({ length: rank }, (_, i) => (added.has(i) ? constant(1) : rest.shift()))];
};

const reshape: Infer = (node, [x], scope) => {
  const target = scope.integers(node.inputs[1]) ?? node.attributes.get('shape')?.ints;
  if (!target) return [undefined];
  const dims = target.map((n, i) => (n > 0 ? constant(n) : n === 0 ? x?.[i] : undefined));
  const open = target.indexOf(-1);
  if (open >= 0 && x?.every((d) => d !== undefined)) {
    // Axes that a 0 copies cancel out; what is left is divided by the other sizes.
    const left = x.filter((_, i) => target[i] !== 0) as Dim[];
    const divisor = target.filter((n) => n > 0).reduce((n, d) => n * d, 1);
    if (Number.isSafeInteger(divisor)) dims[open] = floorDiv(mul(...left), divisor);
  }
  return [dims];
};

const flatten: Infer = (node, [x]) => {
  const axis = x && axisOf(intOf(node, 'axis', 1), x.length + 1);
  if (!x || axis === undefined || x.some((d) => d === undefined)) return [undefined];
  return [[mul(...(x.slice(0, axis) as Dim[])), mul(...(x.slice(axis) as Dim[]))]];
};

const concat: Infer = (node, inputs) => {
  const first = inputs[0];
  const axis = first && axisOf(intOf(node, 'axis', 0), first.length);
  if (!first || axis === undefined) return [undefined];
  const parts = inputs.map((s) => s?.[axis]);
  return [
    first.map((d, i) => (i !== axis ? d : parts.every((p) => p !== undefined) ? add(...parts) : undefined)),
  ];
};

const gather: Infer = (node, [data, indices]) => {
  const axis = data && axisOf(intOf(node, 'axis', 0), data.length);
  if (!data || !indices || axis === undefined) return [undefined];
  return [[...data.slice(0, axis), ...indices, ...data.slice(axis + 1)]];
};

const slice: Infer = (node, [x], scope) => {
  const axes = node.attributes.get('axes')?.ints ?? scope.integers(node.inputs[3]);
  if (!x) return [undefined];
  if (!axes) return [x.map(() => undefined)];
  const cut = new Set(axes.map((a) => axisOf(a, x.length)));
  return [x.map((d, i) => (cut.has(i) ? undefined : d))];
};

const matMul: Infer = (_, [a, b]) => {
  if (!a || !b || a.length < 2 || b.length < 2) return [undefined];
  const lead = a.length >= b.length ? a.slice(0, -2) : b.slice(0, -2);
  return [[...lead, a.at(-2), b.at(-1)]];
};

const gemm: Infer = (node, [a, b]) => {
  if (a?.length !== 2 || b?.length !== 2) return [undefined];
  return [[intOf(node, 'transA', 0) ? a[1] : a[0], intOf(node, 'transB', 0) ? b[0] : b[1]]];
};

const conv: Infer = (node, [x, w]) => {
  if (!x || !w || x.length !== w.length || x.length < 3) return [undefined];
  const spatial = x.slice(2).map((size, i) => {
    const kernel = w[i + 2];
    const pads = node.attributes.get('pads')?.ints;
    const stride = node.attributes.get('strides')?.ints?.[i] ?? 1;
    const dilation = node.attributes.get('dilations')?.ints?.[i] ?? 1;
    const auto = node.attributes.get('auto_pad')?.s ?? 'NOTSET';
    if (!size || !kernel || stride < 1 || auto.startsWith('SAME')) return undefined;
    const padding = auto === 'VALID' ? 0 : (pads?.[i] ?? 0) + (pads?.[i + x.length - 2] ?? 0);
    const reach = add(mul(dilation, sub(kernel, 1)), 1);
    return add(floorDiv(sub(add(size, padding), reach), stride), 1);
  });
  return [[x[0], w[0], ...spatial]];
};

const globalPool: Infer = (_, [x]) => [x?.map((d, i) => (i < 2 ? d : constant(1)))];

const reduce: Infer = (node, [x], scope) => {
  const axes = node.attributes.get('axes')?.ints ?? scope.integers(node.inputs[1]);
  if (!x || !axes) return [undefined];
  const gone = new Set(axes.map((a) => axisOf(a, x.length)));
  const keep = intOf(node, 'keepdims', 1) !== 0;
  return [x.map((d, i) => (gone.has(i) ? constant(1) : d)).filter((_, i) => keep || !gone.has(i))];
};

/** Y [T, D, B, H] and the last states [D, B, H]; with layout 1 the batch comes first in all of them. */
const recurrent: Infer = (node, [x]) => {
  const hidden = node.attributes.get('hidden_size')?.i;
  const size = hidden === undefined ? undefined : constant(hidden);
  const directions = constant(node.attributes.get('direction')?.s === 'bidirectional' ? 2 : 1);
  const first = intOf(node, 'layout', 0) === 1;
  const [steps, batch] = first ? [x?.[1], x?.[0]] : [x?.[0], x?.[1]];
  const state = first ? [batch, directions, size] : [directions, batch, size];
  return [first ? [batch, steps, directions, size] : [steps, directions, batch, size], state, state];
};

const RULES: Readonly<Record<string, Infer>> = {
  ...Object.fromEntries(
    [
      'Identity',
      'Cast',
      'Dropout',
      'Relu',
      'Tanh',
      'Sigmoid',
      'Softmax',
      'LogSoftmax',
      'Clip',
      'LeakyRelu',
      'Elu',
      'Selu',
      'Gelu',
      'Erf',
      'Neg',
      'Exp',
      'Log',
      'Sqrt',
      'Abs',
      'LayerNormalization',
      'BatchNormalization',
      'InstanceNormalization',
      'GroupNormalization',
      'PRelu',
      'Softplus',
      'HardSigmoid',
      'Reciprocal',
      'Floor',
      'Ceil',
      'Not',
      'DequantizeLinear',
      'QuantizeLinear',
    ].map((op) => [op, same]),
  ),
  ...Object.fromEntries(
    ['Add', 'Sub', 'Mul', 'Div', 'Pow', 'Max', 'Min', 'Where', 'Equal', 'Less', 'Greater'].map((op) => [
      op,
      broadcast,
    ]),
  ),
  ...Object.fromEntries(
    ['ReduceMean', 'ReduceSum', 'ReduceMax', 'ReduceMin', 'ReduceL2'].map((op) => [op, reduce]),
  ),
  Transpose: transpose,
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
  Reshape: reshape,
  Flatten: flatten,
  Concat: concat,
  Gather: gather,
  Slice: slice,
  MatMul: matMul,
  Gemm: gemm,
  Conv: conv,
  GlobalAveragePool: globalPool,
  GlobalMaxPool: globalPool,
  LSTM: recurrent,
  GRU: recurrent,
  RNN: recurrent,
};
