import { type Dim, type Layer, type NormLayer, type Shape, constant, message, mul } from '../../../model';
import { type LayerRun, type Site, weightless } from '../site';

const FIELDS = { scale: 'scale', offset: 'center' };

/** `BatchNormalization`: two learnt vectors and two moving statistics. */
export function batchNorm(site: Site): LayerRun {
  const features = site.weightAxis(axisOf(site), site.raw[0], 'features');
  const layer: NormLayer = {
    kind: 'batch-norm',
    ...site.base(site.input, FIELDS),
    features,
    scale: site.flag('scale', true),
    offset: site.flag('center', true),
    trackStatistics: true,
  };
  const layers: Layer[] = [layer];
  if (site.bool('renorm', false)) {
    // tf.keras' batch renormalisation keeps three more moving vectors.
    layers.push(statistic(site, 'renorm', [constant(3), features]));
  }
  return { layers, outputs: [site.raw[0]] };
}

/** Weights that no gradient reaches. */
function statistic(site: Site, name: string, shape: Shape): Layer {
  return { kind: 'parameter', ...site.base(undefined), path: `${site.path}.${name}`, frozen: true, shape };
}

function axisOf(site: Site): number {
  return site.axes('axis', [-1])?.[0] ?? -1;
}

/** `LayerNormalization`, `RMSNormalization`: over one axis or several. */
export function layerNorm(kind: 'layer-norm' | 'rms-norm'): (site: Site) => LayerRun {
  return (site) => {
    const axes = site.axes('axis', [-1]) ?? [-1];
    const rms = kind === 'rms-norm' || site.bool('rms_scaling', false) === true;
    const layer: NormLayer = {
      kind,
      ...site.base(site.input, FIELDS),
      features: mul(...axes.map((a) => site.weightAxis(a, site.raw[0], 'features'))),
      scale: kind === 'rms-norm' ? constant(1) : site.flag('scale', true),
      offset: rms ? constant(0) : site.flag('center', true),
    };
    return { layers: [layer], outputs: [site.raw[0]] };
  };
}

export function groupNorm(site: Site): LayerRun {
  const layer: NormLayer = {
    kind: 'group-norm',
    ...site.base(site.input, FIELDS),
    features: site.weightAxis(axisOf(site), site.raw[0], 'features'),
    scale: site.flag('scale', true),
    offset: site.flag('center', true),
  };
  return { layers: [layer], outputs: [site.raw[0]] };
}

/** `Normalization`: statistics measured by `adapt`, none when they are given. */
export function normalization(site: Site): LayerRun {
  if (site.has('mean')) return weightless(site, 'preprocessing', 'normalization', site.input);
  const axes = site.has('axis') || site.get('axis') === undefined ? site.axes('axis', [-1]) : [];
  if (!axes) {
    return {
      layers: [
        {
          kind: 'unknown',
          reason: message('the axes of {0} cannot be read', site.path),
          dependsOn: [],
          ...site.base(site.input),
        },
      ],
      outputs: [site.input],
    };
  }
  const kept: readonly Dim[] = axes.map((a) => site.weightAxis(a, site.raw[0], 'features'));
  return {
    layers: [
      { kind: 'other', op: 'normalization', ...site.base(site.input) },
      statistic(site, 'mean', kept),
      statistic(site, 'variance', kept),
      statistic(site, 'count', []),
    ],
    outputs: [site.input],
  };
}

/** `SpectralNormalization(layer)`: one more vector that never trains. */
export function spectralNorm(site: Site): LayerRun {
  const inner = site.layer('layer');
  if (!inner) return weightless(site, 'other', 'spectral-normalization', undefined);
  const run = site.build(
    site.inner(inner, site.path, site.inputs, {
      ...site.around,
      wrappers: [...(site.around.wrappers ?? []), site.spec.className],
    }),
  );
  const width = kernelWidth(run.layers[0]);
  const u: Layer = width
    ? statistic(site, 'vector_u', [constant(1), width])
    : {
        kind: 'unknown',
        reason: message('the vector that {0} adds cannot be sized', site.path),
        dependsOn: [],
        ...site.base(undefined),
        path: `${site.path}.vector_u`,
      };
  return { layers: [...run.layers, u], outputs: run.outputs };
}

/** The last axis of the weight that is normalised: Keras takes `kernel`, else `embeddings`. */
function kernelWidth(layer: Layer | undefined): Dim | undefined {
  switch (layer?.kind) {
    case 'dense':
      return layer.outputSize;
    case 'conv':
      return layer.outputChannels;
    case 'conv-transpose':
      return layer.inputChannels;
    case 'embedding':
      return layer.embeddingSize;
    default:
      return undefined;
  }
}
