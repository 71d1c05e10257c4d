import { type Dim, type DimLike, add, constant, mul } from '../model';
import type { Work } from './types';

/** Elementwise operations by name, with how many of each. */
export type Ops = Readonly<Record<string, DimLike>>;

/** What goes into a {@link Work}; absent parts are 0. */
export interface WorkParts {
  /** Weight multiply-accumulates. */
  readonly macs?: DimLike;
  /** Multiply-accumulates of activations with activations (attention scores): FLOPs, but not weight MACs. */
  readonly activationMacs?: DimLike;
  /** Bias values added. */
  readonly bias?: DimLike;
  readonly ops?: Ops;
}

/** Puts a {@link Work} together so that its parts sum to its total. */
export function makeWork({ macs = 0, activationMacs = 0, bias = 0, ops = {} }: WorkParts): Work {
  const pointwiseByOp: Record<string, Dim> = {};
  for (const [op, n] of Object.entries(ops)) pointwiseByOp[op] = add(n);
  const products = mul(2, add(macs, activationMacs));
  return assemble(add(macs), products, add(bias), pointwiseByOp);
}

function assemble(macs: Dim, products: Dim, bias: Dim, byOp: Readonly<Record<string, Dim>>): Work {
  const present = Object.entries(byOp).filter(([, n]) => n.terms.size > 0);
  const pointwise = add(...present.map(([, n]) => n));
  return {
    macs,
    flops: {
      total: add(products, bias, pointwise),
      products,
      bias,
      pointwise,
      pointwiseByOp: Object.fromEntries(present),
    },
  };
}

/** No work at all. */
export const NO_WORK: Work = makeWork({});

/** Adds works part by part. */
export function addWork(works: readonly Work[]): Work {
  // Each sum is made at once: adding one by one would copy a long formula again for every work.
  const each = new Map<string, Dim[]>();
  for (const { flops } of works) {
    for (const [op, n] of Object.entries(flops.pointwiseByOp)) {
      const all = each.get(op);
      if (all) all.push(n);
      else each.set(op, [n]);
    }
  }
  const byOp = Object.fromEntries([...each].map(([op, all]) => [op, add(...all)]));
  return assemble(
    add(...works.map((w) => w.macs)),
    add(...works.map((w) => w.flops.products)),
    add(...works.map((w) => w.flops.bias)),
    byOp,
  );
}

/** Changes every number of a work in the same way. */
export function mapWork(work: Work, change: (d: Dim) => Dim): Work {
  const { flops } = work;
  const byOp = Object.fromEntries(Object.entries(flops.pointwiseByOp).map(([op, n]) => [op, change(n)]));
  return assemble(change(work.macs), change(flops.products), change(flops.bias), byOp);
}

/** The same work done `n` times. */
export function scaleWork(work: Work, n: DimLike): Work {
  return mapWork(work, (d) => mul(d, n));
}

/** Adds up operations by name. */
export function addOps(...all: readonly Ops[]): Ops {
  const sum: Record<string, Dim> = {};
  for (const ops of all) {
    for (const [op, n] of Object.entries(ops)) sum[op] = add(sum[op] ?? constant(0), n);
  }
  return sum;
}

/**
 * Elementwise work of an activation function on `n` values: one FLOP per value under the function's own name, so that
 * whoever weighs a sigmoid otherwise can do so. Softmax is an exponential, a sum and a division per value.
 */
export function activationOps(name: string | undefined, n: DimLike): Ops {
  switch (name) {
    case undefined:
    case 'linear':
    case 'identity':
    case 'None':
      return {};
    case 'softmax':
    case 'softmax2d':
    case 'softmin':
      return { exp: n, add: n, div: n };
    case 'log_softmax':
    case 'logsoftmax':
      return { exp: n, add: n, sub: n };
    default:
      return { [name]: n };
  }
}
