import { type Layer, constant } from '../../model';
import { type ModuleGroup, type RecoverOptions, layerBase } from './group';
import type { Recovered } from './recurrent';
import { isBuffer, sameShape } from './tensor';

/** Batch norm is known by the running statistics beside its scale. */
export function recoverBatchNorm(group: ModuleGroup, options: RecoverOptions): Recovered<Layer> | undefined {
  const mean = group.tensors.get('running_mean');
  if (mean?.shape.length !== 1) return undefined;
  const leaves = ['weight', 'bias', 'running_mean', 'running_var', 'num_batches_tracked'].filter((leaf) =>
    group.tensors.has(leaf),
  );
  const scale = group.tensors.get('weight');
  const offset = group.tensors.get('bias');
  if ((scale && !sameShape(scale.shape, mean.shape)) || (offset && !sameShape(offset.shape, mean.shape))) {
    return undefined;
  }
  return {
    leaves,
    layer: {
      ...layerBase(group, group.hint?.className ?? 'BatchNorm', leaves, options),
      kind: 'batch-norm',
      features: constant(mean.shape[0]!),
      scale: constant(scale ? 1 : 0),
      offset: constant(offset ? 1 : 0),
      trackStatistics: true,
    },
  };
}

/**
 * A 2-D `weight` with a `bias` as long as its rows is a dense layer. Without one it may as well be an embedding: the count is the
 * same, the kind is not known, and the layer says so. A module's own class settles it.
 */
export function recoverDense(group: ModuleGroup, options: RecoverOptions): Recovered<Layer> | undefined {
  const weight = group.tensors.get('weight');
  const bias = group.tensors.get('bias');
  if (weight?.shape.length !== 2 || isBuffer(weight)) return undefined;
  const [rows, columns] = weight.shape as [number, number];
  const className = group.hint?.className;
  const leaves = bias ? ['weight', 'bias'] : ['weight'];
  if (bias ? sameShape(bias.shape, [rows]) : className === 'Linear') {
    return {
      leaves,
      layer: {
        ...layerBase(group, className ?? 'Linear', leaves, options),
        kind: 'dense',
        inputSize: constant(columns),
        outputSize: constant(rows),
        bias: constant(bias ? 1 : 0),
      },
    };
  }
  if (!bias && (className === 'Embedding' || className === 'EmbeddingBag')) {
    return {
      leaves,
      layer: {
        ...layerBase(group, className, leaves, options),
        kind: 'embedding',
        vocabularySize: constant(rows),
        embeddingSize: constant(columns),
      },
    };
  }
  return undefined;
}

/** What tensors of a module tell when its kind stays open: weights that are counted, under the best description there is. */
export function recoverParameters(
  group: ModuleGroup,
  leaves: readonly string[],
  options: RecoverOptions,
): Layer[] {
  const weight = group.tensors.get('weight');
  if (weight && leaves.includes('weight') && !isBuffer(weight)) {
    const own = leaves.filter((leaf) => leaf === 'weight' || leaf === 'bias');
    const rest = leaves.filter((leaf) => leaf !== 'weight' && leaf !== 'bias');
    return [
      {
        ...layerBase(
          group,
          group.hint?.className ?? weightTypeName(weight.shape, own.length > 1),
          own,
          options,
        ),
        kind: 'parameter',
        shape: weight.shape.map((n) => constant(n)),
      },
      ...rest.map((leaf) => parameter(group, leaf, options)),
    ];
  }
  return leaves.map((leaf) => parameter(group, leaf, options));
}

function parameter(group: ModuleGroup, leaf: string, options: RecoverOptions): Layer {
  const tensor = group.tensors.get(leaf)!;
  const base = {
    ...layerBase(group, isBuffer(tensor) ? 'buffer' : 'Parameter', [leaf], options),
    path: tensor.name,
  };
  const source = { file: options.file, member: tensor.name };
  if (isBuffer(tensor)) return { ...base, source, kind: 'other', op: 'buffer' };
  return { ...base, source, kind: 'parameter', shape: tensor.shape.map((n) => constant(n)) };
}

/** Only what holds for every module with such a weight; the rank is all there is. */
function weightTypeName(shape: readonly number[], bias: boolean): string {
  switch (shape.length) {
    case 1:
      return bias ? 'LayerNorm or GroupNorm' : 'Norm or PReLU';
    case 2:
      return bias ? 'Parameter' : 'Linear or Embedding';
    case 3:
      return bias ? 'Conv1d, ConvTranspose1d or Bilinear' : 'Conv1d or ConvTranspose1d';
    case 4:
      return 'Conv2d or ConvTranspose2d';
    case 5:
      return 'Conv3d or ConvTranspose3d';
    default:
      return 'Parameter';
  }
}
