import { type Dim, add, mul } from '../model';
import type { Work } from './types';
import { type Ops, makeWork } from './work';

/**
 * Elementwise work that the backward pass does per forward operation, given that forward results are kept:
 * σ′ = δ·s·(1 − s) is two products and a difference, tanh′ = δ·(1 − t²) likewise, a product passes a gradient to both of its factors,
 * a sum passes it on as it is.
 */
const BACKWARD_OPS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  sigmoid: { mul: 2, sub: 1 },
  tanh: { mul: 2, sub: 1 },
  mul: { mul: 2 },
  div: { mul: 2 },
  exp: { mul: 1 },
  add: {},
  sub: {},
};

/** Any other activation: the derivative times the incoming gradient. */
const OTHER_BACKWARD: Readonly<Record<string, number>> = { mul: 1 };

/**
 * The backward pass after a forward one: every product y = W·x is done twice more (δ·xᵀ for the weights, Wᵀ·δ for the inputs;
 * the input gradient of the first layer is counted too), every bias value takes up one addition per use, and
 * elementwise operations follow {@link BACKWARD_OPS}.
 */
export function backwardOf(forward: Work): Work {
  const ops: Record<string, Dim> = {};
  for (const [op, n] of Object.entries(forward.flops.pointwiseByOp)) {
    for (const [name, each] of Object.entries(BACKWARD_OPS[op] ?? OTHER_BACKWARD)) {
      ops[name] = add(ops[name] ?? 0, mul(each, n));
    }
  }
  return withProducts(forward, ops);
}

function withProducts(forward: Work, ops: Ops): Work {
  const { products, bias } = forward.flops;
  // Products of activations (attention scores) are in `products` only.
  const macs = mul(2, forward.macs);
  const scores = add(products, mul(-2, forward.macs));
  return makeWork({ macs, activationMacs: scores, bias, ops });
}
