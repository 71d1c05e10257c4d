import {
  BATCH,
  constant,
  equalDims,
  floorDiv,
  message,
  mul,
  SEQ_LEN,
  symbolName,
  valueOf,
  type Dim,
  type Shape,
} from '../../../../model';
import type { Host } from '../../evaluate/host';
import { bool, builtin, int, tuple } from '../../evaluate/make';
import { NONE, type Arguments, type TensorValue, type Value } from '../../evaluate/values';
import { broadcast } from './tensor-items';
import {
  type TensorInfo,
  axisOf,
  infoOf,
  isOpen,
  numberOfElements,
  openSize,
  openView,
  reshaped,
  sizesOf,
  unknownShape,
  unknownSize,
} from './shapes';
import { noteMethod, partAt } from './starts';
import { flattened } from './weightless';

type Method = (self: TensorValue, args: Arguments, host: Host) => Value;

function arg(args: Arguments, i: number, ...names: readonly string[]): Value | undefined {
  return (args.positional[i] ?? names.map((n) => args.keywords.get(n)).find((a) => a !== undefined))?.value;
}

const same: Method = (self) => self;
const unknown: Method = (self, _, host) => unknownShape(host, self.why);

const transpose: Method = (self, args, host) => {
  // Everywhere but in PyTorch the new order of all axes is given.
  const listed = [undefined, 'list', 'tuple'].includes(args.positional[0]?.value.kind);
  if ((listed && !args.keywords.has('dim0')) || args.positional.length > 2) return permute(self, args, host);
  const [a, b] = [arg(args, 0, 'dim0'), arg(args, 1, 'dim1')];
  const swap = (shape: Shape): Shape | undefined => {
    const [i, j] = [axisOf(host, a, shape.length), axisOf(host, b, shape.length)];
    if (i === undefined || j === undefined) return undefined;
    const next = [...shape];
    [next[i], next[j]] = [shape[j]!, shape[i]!];
    return next;
  };
  if (isOpen(self)) return openView(self, host, swap);
  const next = self.shape && swap(self.shape);
  return next ? host.tensor(next) : unknownShape(host, self.why);
};

const permute: Method = (self, args, host) => {
  const dims = sizesOf(host, args)?.map((d) => valueOf(d));
  if (!dims || dims.some((d) => d === undefined)) return unknownShape(host, self.why);
  const order = dims.map((d) => (d! < 0 ? d! + dims.length : d!));
  if (isOpen(self)) {
    return openView(self, host, (shape) => {
      const back: Dim[] = [];
      order.forEach((from, to) => (back[from] = shape[to]!));
      return back;
    });
  }
  if (!self.shape || self.shape.length !== order.length) return unknownShape(host, self.why);
  return host.tensor(order.map((i) => self.shape![i]!));
};

const reshape: Method = (self, args, host) => {
  // In Paddle 0 keeps an axis as it is.
  const sizes = sizesOf(host, args)?.map((d, i) => (valueOf(d) === 0 ? (self.shape?.[i] ?? d) : d));
  if (!sizes) return unknownShape(host, self.why);
  if (!self.shape)
    return sizes.every((d) => valueOf(d) !== -1) ? host.tensor(sizes) : unknownShape(host, self.why);
  const shape = reshaped(self.shape, sizes);
  return shape ? host.tensor(shape) : partly(self, sizes, host);
};

/** `view(-1, n)` with a product that can't be divided exactly stays unknown. */
function partly(self: TensorValue, sizes: readonly Dim[], host: Host): TensorValue {
  void sizes;
  return unknownShape(host, self.why ?? message('The size behind `-1` can’t be worked out.'));
}

const squeeze: Method = (self, args, host) => {
  const shape = self.shape;
  if (isOpen(self)) {
    const at = valueOf(host.dim(arg(args, 0, 'dim', 'axis') ?? NONE) ?? constant(99)) ?? 99;
    if (at < 0 || at > 4) return unknownShape(host, self.why);
    return openView(self, host, (s) => [...s.slice(0, at), constant(1), ...s.slice(at)]);
  }
  if (!shape) return unknownShape(host, self.why);
  const given = arg(args, 0, 'dim', 'axis');
  if (!given) return host.tensor(shape.filter((d) => valueOf(d) !== 1));
  const at = axisOf(host, given, shape.length);
  if (at === undefined) return unknownShape(host);
  const length = shape[at]!;
  if (valueOf(length) !== undefined && valueOf(length) !== 1) return self;
  // Nobody squeezes an axis that is not meant to be 1, except by steps or batches of one.
  if ([SEQ_LEN, BATCH].some((d) => equalDims(length, d)) || symbolName(length)?.startsWith('$axis'))
    return unknownShape(host, message('Whether `squeeze` takes the axis away depends on its length.'));
  return host.tensor(shape.filter((_, i) => i !== at));
};

const unsqueeze: Method = (self, args, host) => {
  const given = arg(args, 0, 'dim', 'axis');
  if (isOpen(self)) {
    return openView(self, host, (shape) => {
      const at = axisOf(host, given, shape.length);
      return at === undefined ? undefined : shape.filter((_, i) => i !== at);
    });
  }
  const shape = self.shape;
  const at = shape && axisOf(host, given, shape.length + 1);
  return at === undefined || !shape
    ? unknownShape(host, self.why)
    : host.tensor([...shape.slice(0, at), constant(1), ...shape.slice(at)]);
};

/** `mean(dim)`, `sum(dim)` …: the axis goes, or stays with length one. */
function reduction(pair: boolean): Method {
  return (self, args, host) => {
    const given = arg(args, 0, 'dim', 'axis');
    const keep = arg(args, 1, 'keepdim', 'keepdims');
    const wrap = (t: TensorValue): Value => (pair && given ? tuple([t, host.tensor(t.shape, t.why)]) : t);
    if (!self.shape) return given ? wrap(unknownShape(host, self.why)) : host.tensor([]);
    if (!given || given.kind === 'none' || given.kind === 'tensor')
      return given?.kind === 'tensor' ? unknownShape(host) : host.tensor([]);
    const axes = (host.items(given) ?? [given]).map((v) => axisOf(host, v, self.shape!.length));
    if (axes.some((a) => a === undefined)) return wrap(unknownShape(host));
    const kept = keep !== undefined && host.truth(keep) === true;
    return wrap(
      host.tensor(self.shape.flatMap((d, i) => (axes.includes(i) ? (kept ? [constant(1)] : []) : [d]))),
    );
  };
}

const chunk: Method = (self, args, host) => {
  const n = valueOf(host.dim(arg(args, 0, 'chunks') ?? NONE) ?? constant(0)) ?? 0;
  const dim = arg(args, 1, 'dim', 'axis') ?? int(0);
  if (n < 1 || n > 64) return unknownShape(host);
  const at = self.shape && axisOf(host, dim, self.shape.length);
  const part = (_: unknown, k: number) => {
    if (at === undefined || !self.shape) return unknownShape(host, self.why);
    const rows = at === 0 ? partAt(self, k, n) : undefined;
    return host.tensor(
      self.shape.map((d, i) => (i === at ? floorDiv(d, n) : d)),
      undefined,
      rows && ({ rows } satisfies TensorInfo),
    );
  };
  return tuple(Array.from({ length: n }, part));
};

const split: Method = (self, args, host) => {
  const given = arg(args, 0, 'split_size_or_sections', 'split_size', 'num_or_sections') ?? NONE;
  if (isOpen(self)) return openSplit(self, args, host);
  const at = self.shape && axisOf(host, arg(args, 1, 'dim', 'axis') ?? int(0), self.shape.length);
  const sizes = (given.kind === 'list' || given.kind === 'tuple' ? host.items(given) : undefined)?.map((v) =>
    host.dim(v),
  );
  if (at === undefined || !self.shape) return unknownShape(host, self.why);
  if (sizes?.every((d) => d !== undefined))
    return tuple(sizes.map((size) => host.tensor(self.shape!.map((d, i) => (i === at ? size : d)))));
  const size = host.dim(given);
  const [total, each] = [valueOf(self.shape[at]!), size && valueOf(size)];
  if (!size || total === undefined || each === undefined || each < 1 || total / each > 64)
    return unknownShape(host);
  return tuple(
    Array.from({ length: Math.ceil(total / each) }, (_, k) =>
      host.tensor(self.shape!.map((d, i) => (i === at ? constant(Math.min(each, total - k * each)) : d))),
    ),
  );
};

/** `input.split(1, dim=1)`: steps of a model input. */
function openSplit(self: TensorValue, args: Arguments, host: Host): Value {
  const each = valueOf(
    host.dim(arg(args, 0, 'split_size_or_sections', 'split_size', 'num_or_sections') ?? NONE) ?? constant(0),
  );
  const axis = valueOf(host.dim(arg(args, 1, 'dim', 'axis') ?? int(0)) ?? constant(99));
  if (each !== 1 || axis === undefined || axis < 0 || axis > 3) return unknownShape(host, self.why);
  const count = openSize(self, axis);
  const part = openView(self, host, (shape) => shape.map((d, i) => (i === axis ? count : d)));
  return { kind: 'list', items: [{ kind: 'repeat', value: part, count }] };
}

const unbind: Method = (self, args, host) => {
  if (isOpen(self)) {
    const axis = valueOf(host.dim(arg(args, 0, 'dim') ?? int(0)) ?? constant(99));
    if (axis === undefined || axis < 0 || axis > 3) return unknownShape(host, self.why);
    const count = openSize(self, axis);
    const part = openView(self, host, (shape) => [...shape.slice(0, axis), count, ...shape.slice(axis)], {
      dropped: (infoOf(self).input?.dropped ?? 0) + 1,
    });
    return { kind: 'list', items: [{ kind: 'repeat', value: part, count }] };
  }
  const at = self.shape && axisOf(host, arg(args, 0, 'dim') ?? int(0), self.shape.length);
  if (at === undefined || !self.shape) return unknownShape(host, self.why);
  const rest = host.tensor(self.shape.filter((_, i) => i !== at));
  const n = valueOf(self.shape[at]!);
  if (n !== undefined && n <= 64) return tuple(Array.from({ length: n }, () => rest));
  return { kind: 'list', items: [{ kind: 'repeat', value: rest, count: self.shape[at]! }] };
};

const size: Method = (self, args, host) => {
  const given = arg(args, 0, 'dim', 'axis');
  const shape = self.shape;
  if (isOpen(self)) {
    if (!given) return shapeProxy(self, host);
    const axis = valueOf(host.dim(given) ?? constant(99));
    return axis !== undefined && Math.abs(axis) < 8
      ? int(openSize(self, axis))
      : unknownSize(host, self.why, 'size()');
  }
  if (!given) return shape ? tuple(shape.map((d) => int(d))) : unknownSize(host, self.why, 'size()');
  const at = shape && axisOf(host, given, shape.length);
  return at === undefined || !shape ? unknownSize(host, self.why, 'size()') : int(shape[at]!);
};

const expand: Method = (self, args, host) => {
  const sizes = sizesOf(host, args);
  if (!sizes) return unknownShape(host, self.why);
  const offset = sizes.length - (self.shape?.length ?? sizes.length);
  const result = sizes.map((d, i) => (valueOf(d) === -1 ? self.shape?.[i - offset] : d));
  return result.every((d) => d !== undefined) ? host.tensor(result) : unknownShape(host, self.why);
};

const repeat: Method = (self, args, host) => {
  const times = sizesOf(host, args);
  if (!times || !self.shape || times.length < self.shape.length) return unknownShape(host, self.why);
  const padded = [
    ...Array.from({ length: times.length - self.shape.length }, () => constant(1)),
    ...self.shape,
  ];
  return host.tensor(padded.map((d, i) => mul(d, times[i]!)));
};

const matmul: Method = (self, args, host) => {
  const other = args.positional[0]?.value;
  const right =
    other?.kind === 'tensor'
      ? other.shape
      : other?.kind === 'object' && other.draft?.kind === 'parameter'
        ? other.draft.shape
        : undefined;
  const left = self.shape;
  if (!left || !right || left.length === 0 || right.length === 0) return unknownShape(host, self.why);
  if (right.length === 1) return host.tensor(left.slice(0, -1));
  if (left.length === 1) return host.tensor([...right.slice(0, -2), right.at(-1)!]);
  const head = broadcast(left.slice(0, -2), right.slice(0, -2)) ?? left.slice(0, -2);
  return host.tensor([...head, left.at(-2)!, right.at(-1)!]);
};

const flatten: Method = (self, args, host) =>
  self.shape
    ? flattened(
        self,
        arg(args, 0, 'start_dim', 'start_axis') ?? int(0),
        arg(args, 1, 'end_dim', 'stop_axis') ?? int(-1),
        host,
      )
    : unknownShape(host, self.why);

const elementwise: Method = (self, args, host) => {
  const other = args.positional[0]?.value;
  if (other?.kind !== 'tensor') return self;
  const shape = self.shape && other.shape && broadcast(self.shape, other.shape);
  return shape ? host.tensor(shape) : unknownShape(host, self.why);
};

const newTensor: Method = (_, args, host) => {
  const sizes = sizesOf(host, args);
  return sizes ? host.tensor(sizes) : unknownShape(host);
};

/** `x.shape` of an open tensor: its items are sizes still to be settled. */
function shapeProxy(tensor: TensorValue, host: Host): Value {
  return host.object('pytorch', SHAPE, { text: host.main.text, from: 0, to: 0 }, undefined, { tensor });
}

export const SHAPE = 'torch.Size';

/** Methods that keep the shape. */
const KEEPS = [
  'to',
  'cuda',
  'cpu',
  'float',
  'double',
  'half',
  'long',
  'int',
  'bool',
  'type',
  'type_as',
  'contiguous',
  'detach',
  'clone',
  'requires_grad_',
  'relu',
  'relu_',
  'tanh',
  'sigmoid',
  'exp',
  'log',
  'sqrt',
  'abs',
  'softmax',
  'log_softmax',
  'fill_',
  'zero_',
  'uniform_',
  'normal_',
  'clamp',
  'clamp_',
  'masked_fill',
  'masked_fill_',
  'dropout',
  'neg',
  'pow',
  'cumsum',
  'flip',
  'roll',
  'byte',
  'data_ptr',
  'cos',
  'sin',
  'square',
  'rsqrt',
  'numpy',
  'xavier_uniform_',
  'copy_',
  'index_fill_',
  'scatter_',
  'bfloat16',
  'pin_memory',
  'retain_grad',
  'triu',
  'tril',
  'logical_not',
];

/** Methods that change a tensor's values and give the tensor. */
const IN_PLACE: ReadonlySet<string> = new Set(['log_', 'neg_', 'mul_', 'div_', 'add_', 'sub_', 'exp_']);

const METHODS: ReadonlyMap<string, Method> = new Map<string, Method>([
  ...KEEPS.map((name): [string, Method] => [name, same]),
  ['transpose', transpose],
  ['swapaxes', transpose],
  ['permute', permute],
  ['view', reshape],
  ['reshape', reshape],
  ['flatten', flatten],
  ['squeeze', squeeze],
  ['unsqueeze', unsqueeze],
  ['mean', reduction(false)],
  ['sum', reduction(false)],
  ['prod', reduction(false)],
  ['norm', unknown],
  ['argmax', reduction(false)],
  ['std', reduction(false)],
  ['logsumexp', reduction(false)],
  ['max', reduction(true)],
  ['min', reduction(true)],
  ['chunk', chunk],
  ['split', split],
  ['unbind', unbind],
  ['size', size],
  ['expand', expand],
  ['repeat', repeat],
  ['matmul', matmul],
  ['bmm', matmul],
  ['mm', matmul],
  ['mul', elementwise],
  ['add', elementwise],
  ['sub', elementwise],
  ['div', elementwise],
  ['new_zeros', newTensor],
  ['new_ones', newTensor],
  ['new_empty', newTensor],
  [
    'expand_as',
    (self, args, host) =>
      args.positional[0]?.value.kind === 'tensor' ? args.positional[0].value : unknown(self, args, host),
  ],
  [
    'view_as',
    (self, args, host) =>
      args.positional[0]?.value.kind === 'tensor' ? args.positional[0].value : unknown(self, args, host),
  ],
  ['dim', (self, _, host) => (self.shape ? int(self.shape.length) : unknownSize(host, self.why, 'dim'))],
  [
    'ndimension',
    (self, _, host) => (self.shape ? int(self.shape.length) : unknownSize(host, self.why, 'dim')),
  ],
  [
    'numel',
    (self, _, host) =>
      self.shape ? int(numberOfElements(self.shape)) : unknownSize(host, self.why, 'numel'),
  ],
  [
    'nelement',
    (self, _, host) =>
      self.shape ? int(numberOfElements(self.shape)) : unknownSize(host, self.why, 'numel'),
  ],
  ['item', (_, args, host) => host.unknown(message('It depends on the data.'), 'item()', args.site)],
  ['tolist', (_, args, host) => host.unknown(message('It depends on the data.'), 'tolist()', args.site)],
  [
    't',
    (self, _, host) => (self.shape ? host.tensor([...self.shape].reverse()) : unknownShape(host, self.why)),
  ],
]);

export function tensorMethod(name: string): Method | undefined {
  return METHODS.get(name);
}

export function tensorAttribute(self: TensorValue, name: string, host: Host): Value | undefined {
  switch (name) {
    case 'shape':
      if (isOpen(self)) return shapeProxy(self, host);
      return self.shape ? tuple(self.shape.map((d) => int(d))) : unknownSize(host, self.why, 'shape');
    case 'data':
    case 'grad':
      return self;
    case 'T':
      return self.shape ? host.tensor([...self.shape].reverse()) : unknownShape(host, self.why);
    case 'ndim':
      return self.shape ? int(self.shape.length) : unknownSize(host, self.why, 'ndim');
    case 'device':
    case 'dtype':
      return { kind: 'external', name: `torch.${name}` };
    case 'is_cuda':
    case 'batch_first':
      return bool(false);
    case 'batch_sizes':
      return unknownShape(host);
    default: {
      const method = METHODS.get(name) ?? (IN_PLACE.has(name) ? same : undefined);
      return builtin(name, (args) => {
        noteMethod(self, name, args, host);
        return method ? method(self, args, host) : unknownShape(host, self.why);
      });
    }
  }
}

/** `a + b`, `a @ b`, `a == b` with a tensor on one side. */
export function tensorOperator(op: string, left: Value, right: Value, host: Host): Value | undefined {
  const asTensor = (v: Value): TensorValue | undefined =>
    v.kind === 'tensor'
      ? v
      : v.kind === 'object' && v.draft?.kind === 'parameter'
        ? { kind: 'tensor', shape: v.draft.shape }
        : undefined;
  const [a, b] = [asTensor(left), asTensor(right)];
  if (!a && !b) return undefined;
  if (
    op === 'is' ||
    op === 'is not' ||
    ((op === '==' || op === '!=') && (left.kind === 'none' || right.kind === 'none'))
  ) {
    return bool(op === 'is not' || op === '!=');
  }
  if (op === 'in' || op === 'not in') return undefined;
  if (op === '@')
    return a && b
      ? matmul(
          a,
          { positional: [{ value: b, site: emptySite(host) }], keywords: new Map(), site: emptySite(host) },
          host,
        )
      : unknownShape(host);
  if (a && b) {
    if (a === b) return a;
    const shape = a.shape && b.shape && broadcast(a.shape, b.shape);
    return shape ? host.tensor(shape) : unknownShape(host, a.why ?? b.why);
  }
  const one = (a ?? b)!;
  return infoOf(one).owner ? host.tensor(one.shape) : one;
}

function emptySite(host: Host) {
  return { text: host.main.text, from: 0, to: 0 };
}
