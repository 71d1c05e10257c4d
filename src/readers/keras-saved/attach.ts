import { type Layer, type StoredTensor, isRecurrent, valueOf } from '../../model';
import type { Unit } from './units';

/** A tensor of a weights file. */
export interface FileTensor {
  /** Segments below the layer: `['forward_lstm', 'lstm_cell', 'kernel']`, or `['cell', 'vars', '0']`. */
  readonly segments: readonly string[];
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly bytes?: StoredTensor['bytes'];
}

/** Weights by position, as Keras 3 files number them. */
const BY_POSITION: Partial<Record<Layer['kind'], readonly string[]>> = {
  rnn: ['kernel', 'recurrent_kernel', 'bias'],
  gru: ['kernel', 'recurrent_kernel', 'bias'],
  lstm: ['kernel', 'recurrent_kernel', 'bias'],
  'rnn-cell': ['kernel', 'recurrent_kernel', 'bias'],
  'gru-cell': ['kernel', 'recurrent_kernel', 'bias'],
  'lstm-cell': ['kernel', 'recurrent_kernel', 'bias'],
  'conv-lstm': ['kernel', 'recurrent_kernel', 'bias'],
  dense: ['kernel', 'bias'],
  conv: ['kernel', 'bias'],
  'conv-transpose': ['kernel', 'bias'],
  embedding: ['embeddings'],
};
const ORDER = [
  'kernel',
  'recurrent_kernel',
  'bias',
  'embeddings',
  'gamma',
  'beta',
  'moving_mean',
  'moving_variance',
];

/**
 * Gives layers the tensors the file keeps for them. `tensorsOf` finds a unit's. Where a unit became several layers (stacked cells), each takes the
 * tensors below its own name; where that does not settle every tensor, none of the unit's layers gets any and the configuration counts.
 * @returns the layers, and the units whose tensors could not be told apart.
 */
export function attachWeights(
  layers: readonly Layer[],
  units: readonly Unit[],
  tensorsOf: (unit: Unit) => readonly FileTensor[],
): { readonly layers: readonly Layer[]; readonly unsettled: readonly string[] } {
  const attached = new Map<Layer, readonly FileTensor[]>();
  const unsettled: string[] = [];
  for (const unit of units) {
    const tensors = tensorsOf(unit).filter((t) => !t.segments.some((s) => s.startsWith('seed_generator')));
    const own = layers.filter((l) => l.path === unit.path || l.path.startsWith(`${unit.path}.`));
    const weighty = own.length === 1 ? own : own.filter((l) => l.kind !== 'input');
    if (tensors.length === 0) continue;
    if (weighty.length === 1) attached.set(weighty[0]!, tensors);
    else {
      const shares = splitByName(unit, weighty, tensors) ?? splitInOrder(weighty, tensors);
      if (shares) for (const [layer, share] of shares) attached.set(layer, share);
      else unsettled.push(unit.path);
    }
  }
  return {
    layers: layers.map((layer) => {
      const tensors = attached.get(layer);
      return tensors ? { ...layer, stored: storedOf(layer, tensors) } : layer;
    }),
    unsettled,
  };
}

function splitByName(unit: Unit, layers: readonly Layer[], tensors: readonly FileTensor[]) {
  const shares = new Map<Layer, FileTensor[]>();
  for (const tensor of tensors) {
    const owners = layers.filter((l) => tensor.segments.includes(l.path.slice(unit.path.length + 1)));
    if (owners.length !== 1) return undefined;
    const owner = owners[0]!;
    shares.set(owner, [...(shares.get(owner) ?? []), tensor]);
  }
  return shares;
}

/**
 * Cells whose tensors all have the same names (tf.js numbers them) follow each other in the file: kernel, recurrent kernel, bias.
 * Only when that uses up all tensors and every kernel has its cell's input size.
 */
function splitInOrder(layers: readonly Layer[], tensors: readonly FileTensor[]) {
  const shares = new Map<Layer, FileTensor[]>();
  let at = 0;
  for (const layer of layers) {
    if (!isRecurrent(layer)) return undefined;
    const count = 2 + (valueOf(layer.bias) ?? 1);
    const share = tensors.slice(at, at + count);
    if (share.length < count || share[0]!.shape[0] !== valueOf(layer.inputSize)) return undefined;
    const roles = ['kernel', 'recurrent_kernel', 'bias'];
    shares.set(
      layer,
      share.map((t, i) => ({ ...t, segments: [...t.segments.slice(0, -1), roles[i]!] })),
    );
    at += count;
  }
  return at === tensors.length ? shares : undefined;
}

function storedOf(layer: Layer, tensors: readonly FileTensor[]): StoredTensor[] {
  const named = tensors.map((tensor) => ({ tensor, name: tensorName(layer, tensor) }));
  const rank = (name: string) => {
    const at = ORDER.indexOf(name.slice(name.lastIndexOf('/') + 1));
    return (name.startsWith('backward/') ? 100 : 0) + (at < 0 ? ORDER.length : at);
  };
  return named
    .sort((a, b) => rank(a.name) - rank(b.name))
    .map(({ tensor, name }) => ({
      name,
      shape: tensor.shape,
      dtype: tensor.dtype,
      trainable: layer.frozen !== true && !name.startsWith('moving_'),
      counted: true,
      ...(tensor.bytes ? { bytes: tensor.bytes } : {}),
    }));
}

/** `kernel`, `forward/recurrent_kernel`: the last part, behind the direction when there are two. */
function tensorName(layer: Layer, { segments }: FileTensor): string {
  const last = segments.at(-1)!;
  const direction = segments.find((s) => s.startsWith('forward_') || s.startsWith('backward_'));
  const prefix = direction === undefined ? '' : `${direction.slice(0, direction.indexOf('_'))}/`;
  if (segments.at(-2) !== 'vars') return prefix + last.replace(/:0$/, '');
  const roles =
    layer.kind === 'batch-norm' || layer.kind === 'layer-norm' ? normRoles(layer) : BY_POSITION[layer.kind];
  // Inside a layer of several parts (attention) positions count per part.
  const part = segments
    .slice(0, -2)
    .filter((s) => s !== 'cell' && s !== 'layer' && s !== direction && s !== 'cells');
  return prefix + (roles?.[Number(last)] ?? [...part, last].join('/'));
}

function normRoles(
  layer: Extract<Layer, { kind: 'batch-norm' | 'layer-norm' | 'group-norm' | 'instance-norm' | 'rms-norm' }>,
) {
  const has = (dim: { terms: ReadonlyMap<string, unknown> }) => dim.terms.size > 0;
  return [
    ...(has(layer.scale) ? ['gamma'] : []),
    ...(has(layer.offset) ? ['beta'] : []),
    'moving_mean',
    'moving_variance',
  ];
}
