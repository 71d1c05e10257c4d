import { BATCH, type Shape, constant, message } from '../../../model';
import type { LayerRun, Site } from '../site';
import { channelsFirst, convLength, paddingOf } from './windows';

/** `ConvLSTM1D/2D/3D`: inputs (batch, time, …space, channels). */
export function convLstm(site: Site): LayerRun {
  const rank = Number(site.spec.className.at(-2));
  const first = channelsFirst(site);
  const shape = site.input?.length === rank + 3 ? site.input : undefined;
  if (site.input && !shape) {
    site.ctx.problem({
      code: 'shape-rank',
      severity: 'error',
      message: message('{0} takes inputs of {1} axes, not {2}', site.typeName, rank + 3, site.input.length),
      source: site.around.callSource ?? site.spec.source,
    });
  }
  const filters = site.dim('filters');
  const kernelSize = site.dims('kernel_size', rank);
  const strides = site.dims('strides', rank, 1);
  const dilation = site.dims('dilation_rate', rank, 1);
  const padding = paddingOf(site);
  const batch = shape?.[0] ?? BATCH;
  const steps = shape?.[1];
  const space = shape
    ?.slice(first ? 3 : 2, first ? undefined : -1)
    .map((d, i) => convLength(d, kernelSize[i]!, strides[i]!, dilation[i]!, padding));
  const frame: Shape | undefined = space && (first ? [batch, filters, ...space] : [batch, ...space, filters]);
  const returnSequences = site.bool('return_sequences', false);
  const sequence = frame && steps ? [batch, steps, ...frame.slice(1)] : undefined;
  const output = returnSequences === undefined ? undefined : returnSequences ? sequence : frame;
  const layer = {
    kind: 'conv-lstm' as const,
    ...site.base(
      output,
      {
        filters: 'filters',
        kernelSize: 'kernel_size',
        bias: 'use_bias',
        returnSequences: 'return_sequences',
      },
      { ...(steps ? { steps } : {}), batch },
    ),
    inputChannels: site.weightAxis(first ? 2 : -1, shape),
    filters,
    kernelSize,
    directions: constant(1),
    bias: site.flag('use_bias', true),
    ...(returnSequences === undefined ? {} : { returnSequences }),
  };
  const outputs = site.bool('return_state', false) ? [output, frame, frame] : [output];
  return { layers: [layer], outputs };
}
