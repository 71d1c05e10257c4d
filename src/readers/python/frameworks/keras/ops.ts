import { type Dim, type Shape, constant, valueOf } from '../../../../model';
import { broadcastShapes, concatShapes, reshapeShape } from '../../../keras';
import type { Host } from '../../evaluate/host';
import { int } from '../../evaluate/make';
import type { Arguments, TensorValue, Value } from '../../evaluate/values';
import { inGraph, operation } from './calls';
import { type TensorData, kerasOf } from './data';
import { numberOf, shapeOf } from './shapes';
import { tensorsIn } from './values';

/** Functions that keep the shape of their first tensor. */
const SAME = new Set([
  'relu', 'tanh', 'sigmoid', 'softmax', 'log_softmax', 'gelu', 'elu', 'selu', 'silu', 'swish', 'leaky_relu', 'softplus', 'exp', 'log', 'sqrt', 'square', 'abs', 'sign', 'cast', 'identity',
  'stop_gradient', 'clip', 'clip_by_value', 'dropout', 'round', 'floor', 'negative', 'l2_normalize', 'normalize', 'zeros_like', 'ones_like', 'sin', 'cos', 'reverse', 'flip', 'cumsum', 'convert_to_tensor',
  'ensure_shape', 'not_equal', 'equal', 'greater', 'less', 'rsqrt', 'erf', 'hard_sigmoid', 'print', 'nan_to_num', 'logical_not', 'roll', 'reverse_sequence', 'standardize',
]); // prettier-ignore
const ELEMENTWISE = new Set([
  'add',
  'subtract',
  'multiply',
  'divide',
  'maximum',
  'minimum',
  'pow',
  'power',
  'where',
  'logical_and',
  'logical_or',
  'true_divide',
  'add_n',
  'mod',
  'floormod',
]);
const REDUCE = new Set([
  'reduce_sum',
  'reduce_mean',
  'reduce_max',
  'reduce_min',
  'reduce_prod',
  'sum',
  'mean',
  'max',
  'min',
  'prod',
  'argmax',
  'argmin',
  'any',
  'all',
  'std',
  'var',
  'reduce_std',
  'logsumexp',
  'reduce_logsumexp',
  'norm',
  'l1',
  'l2',
  'amax',
]);
const MAKERS = new Set([
  'zeros',
  'ones',
  'constant',
  'random.normal',
  'random.uniform',
  'fill',
  'random_normal',
  'random_uniform',
  'empty',
  'full',
  'truncated_normal',
  'random.truncated_normal',
]);

/** A function on tensors: `tf.concat`, `keras.ops.mean`, `K.sum`. */
export function tensorFunction(name: string, args: Arguments, host: Host): Value | undefined {
  const op = opName(name);
  if (op === undefined) return undefined;
  if (MAKERS.has(op)) return made(args, host);
  const tensors = [...args.positional, ...args.keywords.values()].flatMap((a) => tensorsIn(a.value));
  if (tensors.length === 0) return undefined;
  if (op === 'shape') return shapeFunction(tensors[0]!, host);
  const rule = ruleOf(op, args, host);
  // Tensors of no graph need no node.
  if (!inGraph(tensors)) {
    const shapes = rule?.(tensors.map((t) => t.shape)) ?? [undefined];
    const plain = shapes.map((s) => constantTensor(s, host));
    return plain.length === 1 ? plain[0]! : { kind: 'list', items: plain };
  }
  const operands = [...args.positional, ...args.keywords.values()].map((a) => a.value);
  const outputs = operation(op, tensors, rule, args.site, host, operands);
  return outputs.length === 1 ? outputs[0]! : { kind: 'list', items: outputs };
}

function opName(name: string): string | undefined {
  for (const prefix of [
    'keras.ops.',
    'keras.backend.',
    'keras.activations.',
    'tensorflow.nn.',
    'tensorflow.math.',
    'tensorflow.linalg.',
    'tensorflow.image.',
    'tensorflow.signal.',
    'tensorflow.compat.v1.',
    'keras.layers.',
    'keras.random.',
    'keras.src.ops.',
    'tensorflow.',
  ]) {
    if (name.startsWith(prefix)) return name.slice(prefix.length);
  }
  return undefined;
}

type Rule = (shapes: readonly (Shape | undefined)[]) => readonly (Shape | undefined)[];

function argument(args: Arguments, at: number, ...names: readonly string[]): Value | undefined {
  return (
    names.map((n) => args.keywords.get(n)?.value).find((v) => v !== undefined) ?? args.positional[at]?.value
  );
}

function ruleOf(op: string, args: Arguments, host: Host): Rule | undefined {
  if (SAME.has(op)) return ([first]) => [first];
  if (ELEMENTWISE.has(op)) return (shapes) => [elementwise(shapes)];
  if (REDUCE.has(op)) return reduceRule(args, host);
  switch (op) {
    case 'concat':
    case 'concatenate': {
      const axis = numberOf(argument(args, 1, 'axis'), host) ?? -1;
      return (shapes) => [concatShapes(shapes, axis)];
    }
    case 'stack': {
      const axis = numberOf(argument(args, 1, 'axis'), host) ?? 0;
      return (shapes) => [shapes[0] && insert(shapes[0], axis, constant(shapes.length))];
    }
    case 'expand_dims': {
      const axis = numberOf(argument(args, 1, 'axis'), host);
      return ([s]) => [axis === undefined ? undefined : s && insert(s, axis, constant(1))];
    }
    case 'squeeze': {
      const axis = numberOf(argument(args, 1, 'axis'), host);
      return ([s]) => [
        axis === undefined ? undefined : s?.filter((_, i) => i !== (axis < 0 ? axis + s.length : axis)),
      ];
    }
    case 'reshape': {
      const target = shapeOf(argument(args, 1, 'shape', 'newshape'), host);
      return ([s]) => [target && reshapeShape(s, target)];
    }
    case 'transpose':
    case 'permute_dimensions': {
      const order = host
        .items(argument(args, 1, 'perm', 'axes', 'pattern') ?? int(0))
        ?.map((v) => numberOf(v, host));
      return ([s]) => {
        const picked = s && order?.map((i) => (i === undefined ? undefined : s[i]));
        return [picked?.every((d) => d !== undefined) ? (picked as Dim[]) : undefined];
      };
    }
    case 'matmul': {
      const flipped = argument(args, 99, 'transpose_b')?.kind === 'bool';
      return ([a, b]) => [matmulShape(a, b, flipped)];
    }
    case 'batch_dot':
      return undefined;
    case 'split': {
      const parts = numberOf(argument(args, 1, 'num_or_size_splits', 'indices_or_sections'), host);
      const axis = numberOf(argument(args, 2, 'axis'), host) ?? 0;
      return parts === undefined || parts > 64 ? undefined : ([s]) => split(s, parts, axis);
    }
    case 'unstack': {
      const axis = numberOf(argument(args, 99, 'axis'), host) ?? 0;
      const given = numberOf(argument(args, 1, 'num'), host);
      return ([s]) => {
        const at = s && (axis < 0 ? axis + s.length : axis);
        const n = given ?? (s && at !== undefined && s[at] ? valueOf(s[at]) : undefined);
        const rest = s?.filter((_, i) => i !== at);
        return n === undefined || n > 256 ? [undefined] : Array.from({ length: n }, () => rest);
      };
    }
    case 'one_hot': {
      const depth = host.dim(argument(args, 1, 'depth', 'num_classes') ?? { kind: 'none' });
      return ([s]) => [s && depth && [...s, depth]];
    }
    case 'tile':
    case 'repeat':
      return undefined;
    default:
      return undefined;
  }
}

export function elementwise(shapes: readonly (Shape | undefined)[]): Shape | undefined {
  const result = broadcastShapes(shapes);
  return result === 'clash' ? undefined : result;
}

/** `a @ b`. */
export function matmulShape(a: Shape | undefined, b: Shape | undefined, flipped = false): Shape | undefined {
  const last = b?.at(flipped ? -2 : -1);
  return a && last && a.length >= 1 ? [...a.slice(0, -1), last] : undefined;
}

function insert(shape: Shape, axis: number, dim: Dim): Shape {
  const at = axis < 0 ? axis + shape.length + 1 : axis;
  return [...shape.slice(0, at), dim, ...shape.slice(at)];
}

function split(shape: Shape | undefined, parts: number, axis: number): readonly (Shape | undefined)[] {
  const at = shape && (axis < 0 ? axis + shape.length : axis);
  const size = shape && at !== undefined && shape[at] ? valueOf(shape[at]) : undefined;
  const piece =
    shape && size !== undefined && size % parts === 0
      ? shape.map((d, i) => (i === at ? constant(size / parts) : d))
      : undefined;
  return Array.from({ length: parts }, () => piece);
}

function reduceRule(args: Arguments, host: Host): Rule | undefined {
  const given = argument(args, 1, 'axis');
  const keep = argument(args, 99, 'keepdims', 'keep_dims');
  const keeps = keep === undefined ? false : host.truth(keep);
  const values = given && (given.kind === 'list' || given.kind === 'tuple' ? host.items(given) : [given]);
  const axes = values?.map((v) => numberOf(v, host));
  if (!axes || axes.some((a) => a === undefined) || typeof keeps !== 'boolean') return undefined;
  return ([s]) => {
    if (!s) return [undefined];
    const gone = new Set(axes.map((a) => (a! < 0 ? a! + s.length : a!)));
    return [keeps ? s.map((d, i) => (gone.has(i) ? constant(1) : d)) : s.filter((_, i) => !gone.has(i))];
  };
}

/** `tf.zeros((2, 3))`: a tensor of no graph. */
function made(args: Arguments, host: Host): Value {
  return constantTensor(shapeOf(argument(args, 0, 'shape', 'dims'), host), host);
}

/** A tensor of no graph. */
function constantTensor(shape: Shape | undefined, host: Host): TensorValue {
  return host.tensor(shape, undefined, { keras: { index: 0, constant: true } } satisfies TensorData);
}

/** `tf.shape(x)`: sizes one can compute with, open ones as they are. */
function shapeFunction(tensor: TensorValue, host: Host): Value {
  if (!tensor.shape) return host.tensor(undefined);
  return { kind: 'tuple', items: tensor.shape.map((d) => int(d)) };
}

/** `a + b` with a tensor of a graph on at least one side. */
export function tensorOperator(op: string, left: Value, right: Value, host: Host): Value | undefined {
  const tensors = [left, right].filter((v): v is TensorValue => v.kind === 'tensor');
  if (!inGraph(tensors)) return undefined;
  const site = kerasOf(tensors.find((t) => kerasOf(t)))!.node?.site ?? {
    text: host.main.text,
    from: 0,
    to: 0,
  };
  const rule: Rule = op === '@' ? ([a, b]) => [matmulShape(a, b)] : (shapes) => [elementwise(shapes)];
  return operation(OPERATORS[op] ?? 'operator', tensors, rule, site, host, [left, right])[0];
}

const OPERATORS: Readonly<Record<string, string>> = {
  '+': 'add',
  '-': 'subtract',
  '*': 'multiply',
  '/': 'divide',
  '@': 'matmul',
  '**': 'power',
};
