import { type ConvLayer, type Dim, type Shape, constant, message, mul } from '../../../model';
import type { LayerRun, Site } from '../site';
import { channelsFirst, convLength, convTransposeLength, paddingOf } from './windows';

const FIELDS = {
  outputChannels: 'filters',
  kernelSize: 'kernel_size',
  stride: 'strides',
  padding: 'padding',
  dilation: 'dilation_rate',
  groups: 'groups',
  bias: 'use_bias',
  depthMultiplier: 'depth_multiplier',
};

/** `Conv1D/2D/3D` and the transposed, depthwise and separable ones. `rank` is the number of spatial axes. */
export function convolution(kind: ConvLayer['kind'], rank: number): (site: Site) => LayerRun {
  return (site) => {
    const first = channelsFirst(site);
    const shape = checkedRank(site, rank + 2);
    const space = shape && (first ? shape.slice(2) : shape.slice(1, -1));
    const kernelSize = site.dims('kernel_size', rank);
    const stride = site.dims('strides', rank, 1);
    const dilation = site.dims('dilation_rate', rank, 1);
    const padding = paddingOf(site);
    const inputChannels = site.weightAxis(first ? 1 : -1, shape);
    const hasMultiplier = kind === 'depthwise-conv' || kind === 'separable-conv';
    const depthMultiplier = hasMultiplier ? site.dimOr('depth_multiplier', 1) : undefined;
    const outputChannels =
      kind === 'depthwise-conv' ? mul(inputChannels, depthMultiplier!) : site.dim('filters');
    const outputPadding = site.has('output_padding') ? site.dims('output_padding', rank) : undefined;
    const length = (d: Dim, i: number) =>
      kind === 'conv-transpose'
        ? convTransposeLength(d, kernelSize[i]!, stride[i]!, dilation[i]!, padding, outputPadding?.[i])
        : convLength(d, kernelSize[i]!, stride[i]!, dilation[i]!, padding);
    const output = around(shape, space?.map(length), outputChannels, first);
    const layer: ConvLayer = {
      kind,
      ...site.base(output, FIELDS),
      inputChannels,
      outputChannels,
      kernelSize,
      stride,
      padding,
      dilation,
      groups: kind === 'conv' ? site.dimOr('groups', 1) : constant(1),
      ...(depthMultiplier ? { depthMultiplier } : {}),
      bias: site.flag('use_bias', true),
      channelsFirst: first,
      ...activation(site),
    };
    return { layers: [layer], outputs: [output] };
  };
}

/** Joins batch, space and channels in the layer's own order. */
export function around(
  shape: Shape | undefined,
  space: readonly Dim[] | undefined,
  channels: Dim,
  first: boolean,
): Shape | undefined {
  if (!shape || !space) return undefined;
  return first ? [shape[0]!, channels, ...space] : [shape[0]!, ...space, channels];
}

/** The input's shape if it has as many axes as the layer takes; a problem is noted if it has not. */
export function checkedRank(site: Site, rank: number): Shape | undefined {
  if (!site.input || site.input.length === rank) return site.input;
  site.ctx.problem({
    code: 'shape-rank',
    severity: 'error',
    message: message('{0} takes inputs of {1} axes, not {2}', site.typeName, rank, site.input.length),
    source: site.around.callSource ?? site.spec.source,
  });
  return undefined;
}

export function activation(site: Site): { activation?: string } {
  const text = site.text('activation');
  return text === undefined ? {} : { activation: text };
}
