import { ceilDiv, constant, message } from '../../../../model';
import type { Host } from '../../evaluate/host';
import { str, tuple } from '../../evaluate/make';
import { NONE, type Arguments, type Value } from '../../evaluate/values';
import { windows } from '../pytorch/conv-shapes';
import { torchFunction } from '../pytorch/functions';
import {
  axisOf,
  freshAxis,
  isOpen,
  openView,
  settle,
  shapeOf,
  tensorArgument,
  unknownShape,
} from '../pytorch/shapes';
import { bind } from '../signature';

/** JAX functions under the names that do the same to shapes in PyTorch. */
const LIKE: Readonly<Record<string, string>> = {
  max: 'mean',
  min: 'mean',
  expand_dims: 'unsqueeze',
  concatenate: 'cat',
  swapaxes: 'transpose',
  swish: 'silu',
  hard_tanh: 'hardtanh',
  dot: 'matmul',
};

/** Functions of `jax`, `jax.numpy` and `jax.nn` (and what linen re-exports) as far as they decide shapes. */
export function jaxFunction(name: string, args: Arguments, host: Host): Value | undefined {
  const last = name.slice(name.lastIndexOf('.') + 1);
  if (name.startsWith('jax.random.')) return random(last, args, host);
  if (name.includes('.initializers.')) return undefined;
  switch (last) {
    case 'jit':
    case 'named_scope':
      return args.positional[0]?.value;
    case 'stop_gradient':
      return args.positional[0]?.value;
    case 'take':
      return taken(args, host);
    case 'flip':
      return tensorArgument(args, 0, 'm');
    case 'flip_sequences':
      return tensorArgument(args, 0, 'inputs');
    case 'split': {
      // Here a number is how many parts there shall be.
      const parts = args.positional[1]?.value ?? args.keywords.get('indices_or_sections')?.value;
      return parts && host.dim(parts) ? torchFunction('jax.chunk', args, host) : unknownShape(host);
    }
    case 'max_pool':
    case 'avg_pool':
    case 'min_pool':
      return pooled(args, host);
    case 'moveaxis':
      return unknownShape(host);
    case 'expand_dims':
      return expandDims(args, host);
    default: {
      const made = torchFunction(`jax.${LIKE[last] ?? last}`, args, host);
      return made ?? (name.startsWith('jax.numpy.') ? unknownShape(host, lost(last)) : undefined);
    }
  }
}

/** `jnp.take(matrix, ids, axis=0)`: a row for each id. */
function taken(args: Arguments, host: Host): Value {
  const [matrix, ids] = [tensorArgument(args, 0, 'a'), tensorArgument(args, 1, 'indices')];
  const axis = args.positional[2]?.value ?? args.keywords.get('axis')?.value;
  if (isOpen(ids)) settle(host, ids, [freshAxis(), freshAxis()]);
  return matrix?.shape && ids?.shape && axis && axisOf(host, axis, matrix.shape.length) === 0
    ? host.tensor([...ids.shape, ...matrix.shape.slice(1)])
    : unknownShape(host, matrix?.why);
}

/** Pooling over the axes between batch and channels; without strides the window moves by one. */
function pooled(args: Arguments, host: Host): Value {
  const shape = tensorArgument(args, 0, 'inputs')?.shape;
  const read = bind(['inputs', 'window_shape', ['strides', NONE], ['padding', str('VALID')]], args, host);
  const window = shapeOf(read.value('window_shape') ?? NONE, host);
  const given = read.value('strides') ?? NONE;
  const strides = given.kind === 'none' ? window?.map(() => constant(1)) : shapeOf(given, host);
  const scheme = read.value('padding');
  if (!shape || !window || !strides || scheme?.kind !== 'str' || shape.length !== window.length + 2)
    return unknownShape(host);
  const spatial = shape
    .slice(1, -1)
    .map((size, i) =>
      scheme.value.toUpperCase() === 'SAME'
        ? ceilDiv(size, strides[i]!)
        : windows(size, window[i]!, constant(0), strides[i]!),
    );
  return host.tensor([shape[0]!, ...spatial, shape.at(-1)!]);
}

function lost(name: string) {
  return message('What `{0}` does to shapes is not known here.', name);
}

function expandDims(args: Arguments, host: Host): Value {
  const input = tensorArgument(args, 0, 'a');
  const axis = args.positional[1]?.value ?? args.keywords.get('axis')?.value;
  if (isOpen(input))
    return openView(input, host, (s) => {
      const at = axisOf(host, axis, s.length);
      return at === undefined ? undefined : s.filter((_, i) => i !== at);
    });
  return torchFunction('jax.unsqueeze', args, host) ?? unknownShape(host);
}

/** Keys are data; draws have the shape they are asked for. */
function random(name: string, args: Arguments, host: Host): Value {
  if (name === 'split') {
    const key = unknownShape(host, message('It is a random key.'));
    const count = args.positional[1] ? host.dim(args.positional[1].value) : undefined;
    return count ? { kind: 'list', items: [{ kind: 'repeat', value: key, count }] } : tuple([key, key]);
  }
  const shape = args.keywords.get('shape')?.value ?? args.positional[1]?.value ?? NONE;
  const dims = shape.kind === 'tuple' || shape.kind === 'list' ? shapeOf(shape, host) : undefined;
  return dims ? host.tensor(dims) : unknownShape(host, message('It is a random key.'));
}
