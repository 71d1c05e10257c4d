import type { Dim } from '../../../model';
import { type LayerRun, type Site, weightless } from '../site';
import { around, checkedRank } from './conv';
import { channelsFirst, convLength, paddingOf } from './windows';

/** `MaxPooling…`, `AveragePooling…`: the stride is the window unless given. */
export function pooling(op: string, rank: number): (site: Site) => LayerRun {
  return (site) => {
    const first = channelsFirst(site);
    const shape = checkedRank(site, rank + 2);
    const size = site.dims('pool_size', rank, 2);
    const stride = site.has('strides') ? site.dims('strides', rank) : size;
    const one = site.dims('none', rank, 1);
    const padding = paddingOf(site);
    const space = spaceOf(shape, first)?.map((d, i) => convLength(d, size[i]!, stride[i]!, one[i]!, padding));
    const channels = shape?.at(first ? 1 : -1);
    return weightless(site, 'pooling', op, channels && around(shape, space, channels, first));
  };
}

/** `GlobalMaxPooling…`, `GlobalAveragePooling…`. */
export function globalPooling(op: string, rank: number): (site: Site) => LayerRun {
  return (site) => {
    const first = channelsFirst(site);
    const shape = checkedRank(site, rank + 2);
    const keep = site.bool('keepdims', false);
    const channels = shape?.at(first ? 1 : -1);
    if (!shape || !channels || keep === undefined) return weightless(site, 'pooling', op, undefined);
    const ones = site.dims('none', rank, 1);
    return weightless(
      site,
      'pooling',
      op,
      keep ? around(shape, ones, channels, first) : [shape[0]!, channels],
    );
  };
}

/** `AdaptiveAveragePooling…`, `AdaptiveMaxPooling…`. */
export function adaptivePooling(op: string, rank: number): (site: Site) => LayerRun {
  return (site) => {
    const first = channelsFirst(site);
    const shape = checkedRank(site, rank + 2);
    const channels = shape?.at(first ? 1 : -1);
    const size = site.dims('output_size', rank);
    return weightless(site, 'pooling', op, channels && around(shape, size, channels, first));
  };
}

function spaceOf(shape: readonly Dim[] | undefined, first: boolean): readonly Dim[] | undefined {
  return shape && (first ? shape.slice(2) : shape.slice(1, -1));
}
