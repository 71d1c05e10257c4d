import { type Dim, type NormLayer, mul } from '../../model';
import { type Ops, addOps } from '../work';

/**
 * Elementwise work of a norm on `n` values, as in inference: batch norm shifts and scales by kept statistics; the others
 * also compute a mean and a variance (or a mean square) over the values. The few operations per vector are not counted.
 */
export function normOps(kind: NormLayer['kind'], n: Dim, scale: Dim, offset: Dim): Ops {
  const affine: Ops = { mul: mul(scale, n), add: mul(offset, n) };
  switch (kind) {
    case 'batch-norm':
      return addOps({ sub: n, mul: n }, affine);
    case 'layer-norm':
    case 'group-norm':
    case 'instance-norm':
      return addOps({ sub: n, mul: mul(2, n), add: mul(2, n) }, affine);
    case 'rms-norm':
      return addOps({ mul: mul(2, n), add: n }, affine);
  }
}
