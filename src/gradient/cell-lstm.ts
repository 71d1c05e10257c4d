import { type Squash, gate, gateSlope, squash, squashSlope } from './activations';
import { type Cell, type CellSizes, type RecurrentPart, transposed } from './cell';
import type { Weights } from './initialise';
import type { Factor, Products } from './products';
import { GATES } from './shape';

/**
 * i, f, o = σ(·), g = φ(·), c = f·c + i·g, h = o·φ(c), projected where there is a projection.
 * `gates` holds x·K + b on entry, side by side in the order i, f, g, o.
 */
export class LstmCell implements Cell {
  readonly states: Float32Array;
  readonly carry: Float64Array;
  cellNorm = 0;
  /** c before each step, and after the last. */
  private readonly cells: Float32Array;
  /** φ(c) after each step. */
  private readonly squashed: Float32Array;
  private readonly recurrent: Factor;
  private readonly back: Factor;
  private readonly projection?: { readonly out: Factor; readonly back: Factor };
  /** h before the projection, and the gradient that reaches the projection: for its weight gradient. */
  private readonly unprojected?: Float32Array;
  private readonly projected?: Float32Array;

  constructor(
    private readonly products: Products,
    private readonly sizes: CellSizes,
    private readonly f: Squash,
    private readonly hardSlope: number,
    weights: Weights,
    readonly gates: Float32Array,
  ) {
    const { steps, batch, hidden, output } = sizes;
    this.states = new Float32Array((steps + 1) * batch * output);
    this.cells = new Float32Array((steps + 1) * batch * hidden);
    this.squashed = new Float32Array(steps * batch * hidden);
    this.carry = new Float64Array(batch * hidden);
    this.recurrent = products.factor(weights.recurrent, output, 4 * hidden);
    this.back = products.factor(transposed(weights.recurrent, output, 4 * hidden), 4 * hidden, output);
    if (!weights.projection) return;
    this.projection = {
      out: products.factor(weights.projection, hidden, output),
      back: products.factor(transposed(weights.projection, hidden, output), output, hidden),
    };
    this.unprojected = new Float32Array(steps * batch * hidden);
    this.projected = new Float32Array(steps * batch * output);
  }

  forward(s: number): void {
    const { gates, cells, squashed, states, f, hardSlope } = this;
    const { batch, hidden, output } = this.sizes;
    const width = 4 * hidden;
    const rec = this.products.times(
      states.subarray(s * batch * output, (s + 1) * batch * output),
      this.recurrent,
    );
    const h = this.unprojected ?? states;
    const first = this.unprojected ? s * batch * hidden : (s + 1) * batch * hidden;
    for (let b = 0; b < batch; b++) {
      const r = b * width;
      const at = s * batch * width + r;
      const row = b * hidden;
      for (let k = 0; k < hidden; k++) {
        const j = at + k;
        const q = r + k;
        const i = gate(hardSlope, gates[j]! + rec[q]!);
        const forget = gate(hardSlope, gates[j + hidden]! + rec[q + hidden]!);
        const g = squash(f, gates[j + 2 * hidden]! + rec[q + 2 * hidden]!);
        const o = gate(hardSlope, gates[j + 3 * hidden]! + rec[q + 3 * hidden]!);
        const before = s * batch * hidden + row + k;
        const c = forget * cells[before]! + i * g;
        const out = squash(f, c);
        gates[j] = i;
        gates[j + hidden] = forget;
        gates[j + 2 * hidden] = g;
        gates[j + 3 * hidden] = o;
        cells[before + batch * hidden] = c;
        squashed[before] = out;
        h[first + row + k] = o * out;
      }
    }
    if (this.projection) {
      const projected = this.products.times(h.subarray(first, first + batch * hidden), this.projection.out);
      states.set(projected, (s + 1) * batch * output);
    }
  }

  backward(s: number, dh: Float64Array, dhPrevious: Float64Array): void {
    const { gates, cells, squashed, carry, f, hardSlope } = this;
    const { batch, hidden } = this.sizes;
    const width = 4 * hidden;
    const inner = this.throughProjection(s, dh);
    let sum = 0;
    for (let b = 0; b < batch; b++) {
      const at = (s * batch + b) * width;
      const row = b * hidden;
      for (let k = 0; k < hidden; k++) {
        const j = at + k;
        const before = s * batch * hidden + row + k;
        const i = gates[j]!;
        const forget = gates[j + hidden]!;
        const g = gates[j + 2 * hidden]!;
        const o = gates[j + 3 * hidden]!;
        const out = squashed[before]!;
        const d = inner[row + k]!;
        const dc = carry[row + k]! + d * o * squashSlope(f, out);
        sum += dc * dc;
        gates[j] = dc * g * gateSlope(hardSlope, i);
        gates[j + hidden] = dc * cells[before]! * gateSlope(hardSlope, forget);
        gates[j + 2 * hidden] = dc * i * squashSlope(f, g);
        gates[j + 3 * hidden] = d * out * gateSlope(hardSlope, o);
        carry[row + k] = dc * forget;
      }
    }
    this.cellNorm = Math.sqrt(sum);
    const first = s * batch * width;
    dhPrevious.set(this.products.times(gates.subarray(first, first + batch * width), this.back));
  }

  recurrentParts(): readonly RecurrentPart[] {
    const { steps, batch, output } = this.sizes;
    const left = this.states.subarray(0, steps * batch * output);
    const kernel: RecurrentPart = { left, right: this.gates, gates: GATES.lstm, tensor: 'recurrent kernel' };
    if (!this.unprojected || !this.projected) return [kernel];
    return [
      kernel,
      { left: this.unprojected, right: this.projected, gates: ['projection'], tensor: 'projection' },
    ];
  }

  private throughProjection(s: number, dh: Float64Array): ArrayLike<number> {
    if (!this.projection || !this.projected) return dh;
    const slice = this.projected.subarray(s * dh.length, (s + 1) * dh.length);
    slice.set(dh);
    return this.products.times(slice, this.projection.back);
  }
}
