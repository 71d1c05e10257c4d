import { add, constant, mul, valueOf, type Dim, type Shape } from '../../../../model';
import type { Host } from '../../evaluate/host';
import { bool, int, tuple } from '../../evaluate/make';
import { NONE, type Arguments, type TensorValue, type Value } from '../../evaluate/values';
import { bind } from '../signature';
import { pooled, flattened } from './weightless';
import { axisOf, infoOf, isOpen, settle, sizesOf, tensorArgument, unknownShape } from './shapes';
import { tensorMethod } from './tensors';

type Fn = (args: Arguments, host: Host) => Value;

const create: Fn = (args, host) => {
  const size = args.keywords.get('size')?.value ?? args.keywords.get('shape')?.value;
  const sizes = size ? (host.items(size) ?? []).map((v) => host.dim(v)) : sizesOf(host, args);
  return sizes?.every((d) => d !== undefined) && sizes.length > 0
    ? host.tensor(sizes as Shape)
    : unknownShape(host, whyOf(args, host));
};

function whyOf(args: Arguments, host: Host) {
  const unknown = args.positional
    .flatMap((a) => [...(host.items(a.value) ?? [a.value])])
    .find((v) => v.kind === 'unknown');
  return unknown?.kind === 'unknown' ? unknown.reason : undefined;
}

const like: Fn = (args, host) => {
  const input = tensorArgument(args, 0, 'input');
  return input?.shape ? host.tensor(input.shape) : unknownShape(host, input?.why);
};

/** `torch.tensor([[…]])`: the shape of the nested lists. */
const literal: Fn = (args, host) => {
  const shape: Dim[] = [];
  let value = args.positional[0]?.value ?? args.keywords.get('data')?.value ?? NONE;
  if (value.kind === 'tensor') return value;
  for (let depth = 0; depth < 8 && (value.kind === 'list' || value.kind === 'tuple'); depth++) {
    const items = host.items(value);
    if (!items) return unknownShape(host);
    shape.push(constant(items.length));
    if (items.length === 0) break;
    value = items[0]!;
  }
  return value.kind === 'unknown' || value.kind === 'union'
    ? unknownShape(host, value.kind === 'unknown' ? value.reason : undefined)
    : host.tensor(shape);
};

const cat: Fn = (args, host) => {
  const list =
    args.positional[0]?.value ?? args.keywords.get('tensors')?.value ?? args.keywords.get('x')?.value ?? NONE;
  const parts = list.kind === 'list' || list.kind === 'tuple' ? list.items : host.items(list);
  if (!parts || parts.length === 0) return unknownShape(host);
  const tensors = parts.map((p) => (p.kind === 'repeat' ? p.value : p));
  const model = tensors.find((t) => t.kind === 'tensor' && t.shape !== undefined) ?? tensors[0]!;
  const shape = model.kind === 'tensor' ? model.shape : undefined;
  const axis =
    args.positional[1]?.value ??
    args.keywords.get('dim')?.value ??
    args.keywords.get('axis')?.value ??
    int(0);
  const at = shape && axisOf(host, axis, shape.length);
  if (at === undefined || !shape) return unknownShape(host, model.kind === 'tensor' ? model.why : undefined);
  let total: Dim = constant(0);
  for (const [i, part] of parts.entries()) {
    const tensor = tensors[i]!;
    if (isOpen(tensor)) settleBeside(tensor, shape, at, host);
    const size = tensor.kind === 'tensor' ? tensor.shape?.[at] : undefined;
    if (!size) return unknownShape(host, tensor.kind === 'tensor' ? tensor.why : undefined);
    total = add(total, part.kind === 'repeat' ? mul(size, part.count) : size);
  }
  return host.tensor(shape.map((d, i) => (i === at ? total : d)));
};

/** What is joined on its last axis has the other axes of what it is joined with. */
function settleBeside(tensor: TensorValue, shape: Shape, at: number, host: Host): void {
  const features = infoOf(tensor).input?.features;
  if (features && at === shape.length - 1) settle(host, tensor, [...shape.slice(0, -1), features]);
}

const stack: Fn = (args, host) => {
  const list = args.positional[0]?.value ?? args.keywords.get('x')?.value ?? NONE;
  const parts = list.kind === 'list' || list.kind === 'tuple' ? list.items : host.items(list);
  if (!parts || parts.length === 0) return unknownShape(host);
  const first = parts[0]!.kind === 'repeat' ? parts[0]!.value : parts[0]!;
  const shape = first.kind === 'tensor' ? first.shape : undefined;
  const at =
    shape &&
    axisOf(
      host,
      args.positional[1]?.value ??
        args.keywords.get('dim')?.value ??
        args.keywords.get('axis')?.value ??
        int(0),
      shape.length + 1,
    );
  if (at === undefined || !shape) return unknownShape(host, first.kind === 'tensor' ? first.why : undefined);
  const count = parts.reduce<Dim>((n, p) => add(n, p.kind === 'repeat' ? p.count : 1), constant(0));
  return host.tensor([...shape.slice(0, at), count, ...shape.slice(at)]);
};

/** A packed sequence is followed as its padded tensor. */
const pack: Fn = (args, host) => {
  const read = bind(
    ['input', 'lengths', ['batch_first', bool(false)], ['enforce_sorted', bool(true)]],
    args,
    host,
  );
  const input = read.value('input');
  const first = host.truth(read.value('batch_first') ?? NONE);
  if (input?.kind !== 'tensor' || typeof first !== 'boolean') return unknownShape(host);
  return host.tensor(input.shape, input.why, {
    ...(isOpen(input) && { input: { parent: input, back: (s: Shape) => s, sizes: new Map() } }),
    packed: { batchFirst: first },
  });
};

const unpack: Fn = (args, host) => {
  const read = bind(
    ['sequence', ['batch_first', bool(false)], ['padding_value', int(0)], ['total_length', NONE]],
    args,
    host,
  );
  const input = read.value('sequence');
  const first = host.truth(read.value('batch_first') ?? NONE);
  if (input?.kind !== 'tensor' || !input.shape || input.shape.length < 2)
    return tuple([unknownShape(host), unknownShape(host)]);
  const packed = infoOf(input).packed;
  const shape =
    packed && packed.batchFirst !== first
      ? [input.shape[1]!, input.shape[0]!, ...input.shape.slice(2)]
      : input.shape;
  return tuple([host.tensor(shape), unknownShape(host)]);
};

/** `F.linear`, `F.conv1d` … use weights that are counted where they are made; only the shape goes on. */
const linear: Fn = (args, host) => {
  const [input, weight] = [tensorArgument(args, 0, 'input'), tensorArgument(args, 1, 'weight')];
  if (!input?.shape || !weight?.shape) return unknownShape(host, input?.why);
  return host.tensor([...input.shape.slice(0, -1), weight.shape[0]!]);
};

const embedding: Fn = (args, host) => {
  const [input, weight] = [tensorArgument(args, 0, 'input'), tensorArgument(args, 1, 'weight')];
  return input?.shape && weight?.shape
    ? host.tensor([...input.shape, weight.shape[1]!])
    : unknownShape(host, input?.why);
};

const oneHot: Fn = (args, host) => {
  const input = tensorArgument(args, 0, 'tensor');
  const classes = host.dim(args.positional[1]?.value ?? args.keywords.get('num_classes')?.value ?? NONE);
  return input?.shape && classes && valueOf(classes) !== -1
    ? host.tensor([...input.shape, classes])
    : unknownShape(host, input?.why);
};

function pool(rank: number): Fn {
  return (args, host) => {
    const input = tensorArgument(args, 0, 'input');
    return input?.shape
      ? pooled(input, { ...args, positional: args.positional.slice(1) }, rank, host)
      : unknownShape(host, input?.why);
  };
}

const arange: Fn = (args, host) => {
  const [a, b] = args.positional.map((p) => host.dim(p.value));
  if (args.positional.length === 1 && a) return host.tensor([a]);
  return args.positional.length === 2 && a && b ? host.tensor([add(b, mul(-1, a))]) : unknownShape(host);
};

const KEEPS = [
  'relu',
  'relu_',
  'tanh',
  'sigmoid',
  'leaky_relu',
  'elu',
  'selu',
  'gelu',
  'silu',
  'softplus',
  'hardtanh',
  'logsigmoid',
  'dropout',
  'dropout2d',
  'dropout3d',
  'alpha_dropout',
  'softmax',
  'log_softmax',
  'gumbel_softmax',
  'normalize',
  'layer_norm',
  'batch_norm',
  'instance_norm',
  'group_norm',
  'exp',
  'log',
  'abs',
  'sqrt',
  'clamp',
  'cumsum',
  'flip',
  'triu',
  'tril',
  'prelu',
  'mish',
  'softsign',
  'log1p',
  'neg',
  'square',
  'cos',
  'sin',
  'relu6',
  'hardswish',
  'from_numpy',
  'lerp',
  'as_tensor',
  'masked_fill',
  'where',
  'Variable',
];
const CREATES = [
  'zeros',
  'ones',
  'empty',
  'rand',
  'randn',
  'full',
  'Tensor',
  'FloatTensor',
  'LongTensor',
  'IntTensor',
  'BoolTensor',
  'ByteTensor',
  'DoubleTensor',
  'HalfTensor',
];
const FROM_METHODS = [
  'transpose',
  'permute',
  'reshape',
  'squeeze',
  'unsqueeze',
  'mean',
  'sum',
  'max',
  'min',
  'argmax',
  'chunk',
  'split',
  'unbind',
  'matmul',
  'bmm',
  'mm',
  'mul',
  'add',
  'sub',
  'div',
  'logsumexp',
  'prod',
  'numel',
];

/** Functions by their last name: `torch.relu` and `F.relu` do the same to shapes. */
const FUNCTIONS: ReadonlyMap<string, Fn> = new Map<string, Fn>([
  ...KEEPS.map((name): [string, Fn] => [
    name,
    (args, host) =>
      tensorArgument(args, 0, 'input') ??
      (args.positional[0]?.value.kind === 'object'
        ? unknownShape(host)
        : unknownShape(host, whyOf(args, host))),
  ]),
  ...CREATES.map((name): [string, Fn] => [name, (args, host) => createOr(name, args, host)]),
  ...['zeros_like', 'ones_like', 'empty_like', 'rand_like', 'randn_like', 'full_like'].map(
    (name): [string, Fn] => [name, like],
  ),
  ...FROM_METHODS.map((name): [string, Fn] => [
    name,
    (args, host) => {
      const input = tensorArgument(args, 0, 'input');
      return input
        ? tensorMethod(name)!(input, { ...args, positional: args.positional.slice(1) }, host)
        : unknownShape(host);
    },
  ]),
  ['tensor', literal],
  ['cat', cat],
  ['concat', cat],
  ['concatenate', cat],
  ['stack', stack],
  [
    'flatten',
    (args, host) => {
      const input = tensorArgument(args, 0, 'input');
      return input?.shape
        ? flattened(
            input,
            args.positional[1]?.value ??
              args.keywords.get('start_dim')?.value ??
              args.keywords.get('start_axis')?.value ??
              int(0),
            args.positional[2]?.value ??
              args.keywords.get('end_dim')?.value ??
              args.keywords.get('stop_axis')?.value ??
              int(-1),
            host,
          )
        : unknownShape(host, input?.why);
    },
  ],
  ['pack_padded_sequence', pack],
  ['pad_packed_sequence', unpack],
  ['linear', linear],
  ['embedding', embedding],
  ['one_hot', oneHot],
  ['max_pool1d', pool(1)],
  ['max_pool2d', pool(2)],
  ['max_pool3d', pool(3)],
  ['avg_pool1d', (args, host) => pool(1)({ ...args, positional: args.positional.slice(0, 4) }, host)],
  ['avg_pool2d', (args, host) => pool(2)({ ...args, positional: args.positional.slice(0, 4) }, host)],
  ['arange', arange],
  [
    'eye',
    (args, host) => {
      const n = host.dim(args.positional[0]?.value ?? NONE);
      return n ? host.tensor([n, n]) : unknownShape(host);
    },
  ],
  [
    'randint',
    (args, host) => {
      const shape =
        args.positional.map((a) => a.value).find((v) => v.kind === 'tuple' || v.kind === 'list') ??
        args.keywords.get('size')?.value;
      const sizes = shape && host.items(shape)?.map((v) => host.dim(v));
      return sizes?.every((d) => d !== undefined) ? host.tensor(sizes) : unknownShape(host);
    },
  ],
]);

/** `torch.Tensor([..])` holds values, `torch.Tensor(3, 4)` is a shape; `full` has the shape first. */
function createOr(name: string, args: Arguments, host: Host): Value {
  const first = args.positional[0]?.value;
  if (name === 'full') return create({ ...args, positional: args.positional.slice(0, 1) }, host);
  if (name.endsWith('Tensor')) {
    if (first?.kind === 'list' || first?.kind === 'tuple') return literal(args, host);
    if (first?.kind === 'tensor') return first;
  }
  return create(args, host);
}

/** A function of `torch`, `torch.nn.functional` or `torch.nn.utils.rnn` that gives a tensor. */
export function torchFunction(name: string, args: Arguments, host: Host): Value | undefined {
  const fn = FUNCTIONS.get(name.slice(name.lastIndexOf('.') + 1));
  return fn?.(args, host);
}
