import { type Squash, squash, squashSlope } from './activations';
import { type Cell, type CellSizes, type RecurrentPart, transposed } from './cell';
import type { Weights } from './initialise';
import type { Factor, Products } from './products';

/** h = f(x·K + h·U + b); `gates` holds x·K + b on entry. */
export class RnnCell implements Cell {
  readonly states: Float32Array;
  private readonly recurrent: Factor;
  private readonly back: Factor;

  constructor(
    private readonly products: Products,
    private readonly sizes: CellSizes,
    private readonly f: Squash,
    weights: Weights,
    readonly gates: Float32Array,
  ) {
    const { steps, batch, hidden } = sizes;
    this.states = new Float32Array((steps + 1) * batch * hidden);
    this.recurrent = products.factor(weights.recurrent, hidden, hidden);
    this.back = products.factor(transposed(weights.recurrent, hidden, hidden), hidden, hidden);
  }

  forward(s: number): void {
    const { states, gates, f } = this;
    const n = this.sizes.batch * this.sizes.hidden;
    const rec = this.products.times(states.subarray(s * n, (s + 1) * n), this.recurrent);
    const at = s * n;
    for (let k = 0; k < n; k++) {
      const h = squash(f, gates[at + k]! + rec[k]!);
      gates[at + k] = h;
      states[at + n + k] = h;
    }
  }

  backward(s: number, dh: Float64Array, dhPrevious: Float64Array): void {
    const { gates, f } = this;
    const n = dh.length;
    const at = s * n;
    for (let k = 0; k < n; k++) gates[at + k] = dh[k]! * squashSlope(f, gates[at + k]!);
    dhPrevious.set(this.products.times(gates.subarray(at, at + n), this.back));
  }

  recurrentParts(): readonly RecurrentPart[] {
    const left = this.states.subarray(0, this.gates.length);
    return [{ left, right: this.gates, gates: ['hidden'], tensor: 'recurrent kernel' }];
  }
}
