import { type Framework, type Layer, constant, valueOf } from '../model';
import { elements, tensor, times } from './tensor';
import { builtTensors } from './tensors';
import type { WeightTensor } from './types';

/**
 * The tensors a layer brings to its model: what a file stores where there is one, else what its arguments create, with
 * `weight_norm` applied, another layer's (tied) tensors left out, frozen ones marked, all copies of a loop counted.
 * Undefined when the layer could not be read.
 */
export function layerTensors(layer: Layer): readonly WeightTensor[] | undefined {
  const tensors = layer.stored ? storedTensors(layer) : createdTensors(layer);
  if (tensors === undefined || strayName(layer) !== undefined) return undefined;
  const own = tensors.filter((t) => !Object.hasOwn(layer.tied ?? {}, t.name));
  const marked = own.map((t) => (isFrozen(layer, t.name) ? { ...t, trainable: false } : t));
  return times(layer.repeat ?? constant(1), marked);
}

/**
 * A tensor that the source ties or re-parametrises by name and that the layer, as far as it is known, does not list: an upper layer's in a stack of unknown
 * height, for one. What cannot be taken into account must not be left out in silence.
 */
export function strayName(layer: Layer): string | undefined {
  const built = new Set((layer.stored ?? builtTensors(layer) ?? []).map((t) => t.name));
  const normed = layer.stored ? [] : (layer.weightNorm ?? []).map((n) => n.tensor);
  return [...normed, ...Object.keys(layer.tied ?? {})].find((name) => !built.has(name));
}

function createdTensors(layer: Layer): readonly WeightTensor[] | undefined {
  const norms = layer.weightNorm ?? [];
  return builtTensors(layer)?.flatMap((t) => {
    const norm = norms.find((n) => n.tensor === t.name);
    return norm === undefined ? [t] : weightNormed(t, norm.dim ?? 0);
  });
}

/**
 * PyTorch's `weight_norm` splits a weight into a direction of its own shape and one magnitude per slice along `dim`;
 * −1 (`dim=None`) means one magnitude for the whole tensor.
 */
function weightNormed(t: WeightTensor, dim: number): readonly WeightTensor[] {
  const magnitude = dim === -1 ? [] : t.shape.map((size, axis) => (axis === dim ? size : constant(1)));
  const count = t.count === undefined ? {} : { count: t.count };
  return [
    { ...tensor(`${t.name}_g`, 'scale', magnitude), ...count },
    { ...t, name: `${t.name}_v` },
  ];
}

function isFrozen(layer: Layer, name: string): boolean {
  if (layer.frozen === undefined || typeof layer.frozen === 'boolean') return layer.frozen === true;
  return layer.frozen.includes(name);
}

/** Frameworks that count moving statistics among the parameters, so that stored ones which do not train count too. */
const COUNTS_STATISTICS: ReadonlySet<Framework> = new Set<Framework>([
  'keras',
  'keras2',
  'tfjs',
  'tf1',
  'paddle',
  'mindspore',
  'mxnet',
]);

/**
 * The tensors of a file. What they are for is told from the tensors the layer is made of: by name, else by the
 * number of values among those whose name the file does not have.
 */
function storedTensors(layer: Layer): readonly WeightTensor[] {
  const stored = layer.stored ?? [];
  const built = builtTensors(layer) ?? [];
  const unnamed = built.filter((t) => !stored.some((s) => sameName(s.name, t.name)));
  return stored.map((s) => {
    const size = s.shape.reduce((n, d) => n * d, 1);
    const named = built.find((t) => sameName(s.name, t.name));
    const at = named ? -1 : unnamed.findIndex((t) => valueOf(elements(t.shape)) === size);
    const match = named ?? (at < 0 ? undefined : unnamed.splice(at, 1)[0]);
    return {
      ...(match?.gates === undefined ? {} : { gates: match.gates, gateAxis: match.gateAxis ?? 0 }),
      name: s.name,
      shape: s.shape.map((d) => constant(d)),
      role: match?.role ?? 'other',
      trainable: s.trainable,
      counted: s.counted ?? match?.counted ?? (s.trainable || COUNTS_STATISTICS.has(layer.framework)),
    };
  });
}

/** Files often put the layer's own path before a tensor's name, or leave off what tells two directions apart. */
function sameName(stored: string, built: string): boolean {
  return stored === built || stored.endsWith(`/${built}`) || stored.endsWith(`.${built}`);
}
