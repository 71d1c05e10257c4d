import { type Dim, type DimLike, type Shape, add, constant, mul, valueOf } from '../model';
import type { WeightTensor } from './types';

/** Builds a {@link WeightTensor}; trainable and counted unless said otherwise. */
export function tensor(
  name: string,
  role: WeightTensor['role'],
  shape: readonly DimLike[],
  more: Partial<Pick<WeightTensor, 'gates' | 'gateAxis' | 'trainable' | 'counted' | 'count'>> = {},
): WeightTensor {
  return {
    name,
    role,
    shape: shape.map((d) => (typeof d === 'object' ? d : constant(d))),
    trainable: true,
    counted: true,
    ...more,
  };
}

/** How many values a shape holds; 1 for a scalar. */
export function elements(shape: Shape): Dim {
  return mul(...shape);
}

/** How many values a tensor holds, over all its copies. */
export function sizeOf(t: WeightTensor): Dim {
  return mul(t.count ?? 1, elements(t.shape));
}

/**
 * `tensors` where `count` of each exist: none of them when it is 0, each with its count when that is unknown
 * or more than one.
 */
export function times(count: DimLike, tensors: readonly WeightTensor[]): readonly WeightTensor[] {
  const n = valueOf(count);
  if (n === 0) return [];
  if (n === 1) return tensors;
  return tensors.map((t) => ({ ...t, count: mul(t.count ?? 1, count) }));
}

/** Sum of the sizes of the tensors that `which` picks. */
export function sumSizes(
  tensors: readonly WeightTensor[],
  which: (t: WeightTensor) => boolean = () => true,
): Dim {
  return add(...tensors.filter(which).map(sizeOf));
}
