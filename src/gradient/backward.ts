import type { Cell, CellSizes } from './cell';
import type { Pace } from './pace';
import { LOG10_2, type ScaledSteps, powerOfTwo } from './scaled';

/** What comes from above: the loss on the last state, the loss on every state, and the layers above. */
export interface Upstream {
  /** ∂L/∂h of the last step (or of every step), [R], the same for every sequence. */
  readonly direct?: { readonly vector: Float64Array; readonly every: boolean };
  /** From the layer above, in the order in which this direction runs, [T × B × R]. */
  readonly above?: ScaledSteps;
}

export interface BackwardResult {
  /** In the order in which this direction runs. */
  readonly log10Norms: Float64Array;
  readonly log10CellNorms?: Float64Array;
  /** Exponents of two that belong to the steps of `cell.gates`. */
  readonly exponents: Float64Array;
  /** ln of the norm of ∂L/∂(h, c) for each sequence, [T × B]. */
  readonly sequenceNorms: Float64Array;
}

/** Below or above these powers of two the mantissas are scaled back to about 1. */
const KEEP_WITHIN = 12;

/**
 * Backpropagation through time. The gradient is kept near 1 and its power of two apart: each step scales by an exact
 * power of two, so nothing is lost where float32 autograd would print 0.
 */
export async function backward(
  cell: Cell,
  { steps, batch, output }: CellSizes,
  upstream: Upstream,
  pace: Pace,
): Promise<BackwardResult> {
  const n = batch * output;
  let dh = new Float64Array(n);
  let previous = new Float64Array(n);
  let exponent = -Infinity;
  const log10Norms = new Float64Array(steps);
  const log10CellNorms = cell.carry ? new Float64Array(steps) : undefined;
  const exponents = new Float64Array(steps);
  const sequenceNorms = new Float64Array(steps * batch);

  for (let s = steps - 1; s >= 0; s--) {
    const { direct, above } = upstream;
    if (above) exponent = addAbove(dh, cell.carry, exponent, above, s);
    if (direct && (direct.every || s === steps - 1)) {
      exponent = rescale(dh, cell.carry, exponent, Math.max(exponent, 0));
      const scale = powerOfTwo(-exponent);
      for (let k = 0; k < n; k++) dh[k]! += direct.vector[k % output]! * scale;
    }
    exponent = normalise(dh, cell.carry, exponent);
    exponents[s] = exponent;
    log10Norms[s] =
      Math.log10(sequenceSums(dh, cell.carry, batch, sequenceNorms, s, exponent)) + exponent * LOG10_2;
    cell.backward(s, dh, previous);
    if (log10CellNorms) log10CellNorms[s] = Math.log10(cell.cellNorm!) + exponent * LOG10_2;
    [dh, previous] = [previous, dh];
    const rest = pace.step();
    if (rest) await rest;
  }
  return { log10Norms, log10CellNorms, exponents, sequenceNorms };
}

/** Brings `dh` and the carried part to the power `to`. */
function rescale(dh: Float64Array, carry: Float64Array | undefined, from: number, to: number): number {
  if (from === to) return to;
  const factor = powerOfTwo(from - to);
  for (let k = 0; k < dh.length; k++) dh[k]! *= factor;
  if (carry) for (let k = 0; k < carry.length; k++) carry[k]! *= factor;
  return to;
}

function addAbove(
  dh: Float64Array,
  carry: Float64Array | undefined,
  exponent: number,
  above: ScaledSteps,
  s: number,
): number {
  const own = above.exponents[s]!;
  const common = rescale(dh, carry, exponent, Math.max(exponent, own));
  if (own === -Infinity) return common;
  const factor = powerOfTwo(own - common);
  const at = s * dh.length;
  for (let k = 0; k < dh.length; k++) dh[k]! += above.values[at + k]! * factor;
  return common;
}

function normalise(dh: Float64Array, carry: Float64Array | undefined, exponent: number): number {
  const largest = Math.max(largestOf(dh), carry ? largestOf(carry) : 0);
  if (largest === 0) return -Infinity;
  const shift = Math.floor(Math.log2(largest));
  return Math.abs(shift) > KEEP_WITHIN ? rescale(dh, carry, exponent, exponent + shift) : exponent;
}

function largestOf(values: Float64Array): number {
  let largest = 0;
  for (const x of values) if (Math.abs(x) > largest) largest = Math.abs(x);
  return largest;
}

/** The Frobenius norm of `dh`; on the way notes each sequence's norm of (dh, carry). */
function sequenceSums(
  dh: Float64Array,
  carry: Float64Array | undefined,
  batch: number,
  out: Float64Array,
  s: number,
  exponent: number,
): number {
  let total = 0;
  for (let b = 0; b < batch; b++) {
    const own = sumOfSquares(dh, b, batch);
    total += own;
    const joint = carry ? own + sumOfSquares(carry, b, batch) : own;
    out[s * batch + b] = 0.5 * Math.log(joint) + exponent * Math.LN2;
  }
  return Math.sqrt(total);
}

function sumOfSquares(values: Float64Array, b: number, batch: number): number {
  const size = values.length / batch;
  let sum = 0;
  for (let k = b * size; k < (b + 1) * size; k++) sum += values[k]! * values[k]!;
  return sum;
}
