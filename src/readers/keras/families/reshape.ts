import { type Dim, type Shape, add, constant, floorDiv, mul, sub, valueOf } from '../../../model';
import { type ConfigValue, isList } from '../spec';
import { type LayerRun, type Site, weightless } from '../site';
import { around, checkedRank } from './conv';
import { channelsFirst } from './windows';

const reshaped = (site: Site, op: string, output: Shape | undefined) =>
  weightless(site, 'reshape', op, output);

export function flatten(site: Site): LayerRun {
  const shape = site.input;
  const output = shape && [shape[0]!, mul(...shape.slice(1))];
  return reshaped(site, 'flatten', output);
}

/** `Reshape`: one axis may be -1. */
export function reshape(site: Site): LayerRun {
  const target = site.list('target_shape');
  if (!target) return reshaped(site, 'reshape', undefined);
  const output = reshapeTo(site.input?.slice(1), target);
  return reshaped(site, 'reshape', output && [site.input![0]!, ...output]);
}

/** The shape after filling one -1 in `target`; undefined when that needs an input that is not known. */
export function reshapeTo(input: Shape | undefined, target: readonly Dim[]): Shape | undefined {
  const free = target.findIndex((d) => valueOf(d) === -1);
  if (free < 0) return input && target;
  if (!input) return undefined;
  const rest = mul(...target.filter((_, i) => i !== free));
  if (valueOf(rest) === 0) return undefined;
  return target.map((d, i) => (i === free ? floorDiv(mul(...input), rest) : d));
}

export function permute(site: Site): LayerRun {
  const dims = site.axes('dims', []);
  const shape = site.input;
  const picked = shape && dims?.map((d) => shape[d]);
  const fine = picked && picked.length === shape.length - 1 && picked.every((d) => d !== undefined);
  return reshaped(site, 'permute', fine ? [shape[0]!, ...(picked as Dim[])] : undefined);
}

export function repeatVector(site: Site): LayerRun {
  const shape = checkedRank(site, 2);
  return reshaped(site, 'repeat', shape && [shape[0]!, site.dim('n'), shape[1]!]);
}

/** Amounts before and after each axis: `2`, `(1, 2)` or `((1, 2), (3, 4))`. */
function sides(site: Site, field: string, rank: number, fallback: number): readonly (readonly [Dim, Dim])[] {
  const value = site.get(field);
  const pair = (v: ConfigValue | undefined, i: number): readonly [Dim, Dim] => {
    if (isList(v)) return [site.toDim(v[0], `${field}[${i}]`), site.toDim(v[1], `${field}[${i}]`)];
    const d = v === undefined || v === null ? constant(fallback) : site.toDim(v, `${field}[${i}]`);
    return [d, d];
  };
  // Along one axis a pair means before and after; along several, one amount per axis.
  if (isList(value) && rank > 1) return Array.from({ length: rank }, (_, i) => pair(value[i], i));
  if (isList(value) && value.length === 1) return [pair(value[0], 0)];
  return Array.from({ length: rank }, (_, i) => pair(value, i));
}

export function zeroPadding(rank: number): (site: Site) => LayerRun {
  return (site) => {
    const amounts = sides(site, 'padding', rank, 1);
    return resized(site, rank, 'zero-padding', (d, i) => add(d, ...amounts[i]!));
  };
}

export function cropping(rank: number): (site: Site) => LayerRun {
  return (site) => {
    const amounts = sides(site, 'cropping', rank, rank === 1 ? 1 : 0);
    return resized(site, rank, 'cropping', (d, i) => sub(d, add(...amounts[i]!)));
  };
}

export function upSampling(rank: number): (site: Site) => LayerRun {
  return (site) => {
    const size = site.dims('size', rank, 2);
    return resized(site, rank, 'up-sampling', (d, i) => mul(d, size[i]!));
  };
}

function resized(site: Site, rank: number, op: string, change: (d: Dim, axis: number) => Dim): LayerRun {
  const first = channelsFirst(site);
  const shape = checkedRank(site, rank + 2);
  const space = shape && (first ? shape.slice(2) : shape.slice(1, -1));
  const channels = shape?.at(first ? 1 : -1);
  return reshaped(site, op, channels && around(shape, space?.map(change), channels, first));
}
