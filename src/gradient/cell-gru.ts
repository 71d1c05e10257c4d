import { type Squash, gate, gateSlope, squash, squashSlope } from './activations';
import { type Cell, type CellSizes, type RecurrentPart, transposed } from './cell';
import type { Weights } from './initialise';
import type { Factor, Products } from './products';

/**
 * GRU with the reset gate after the recurrent product: r, z = σ(·), n = φ(x·Kn + r·(h·Un + bn)), h = (1 − z)·n + z·h.
 * `gates` holds x·K + b on entry, in the order r, z, n.
 */
export class GruAfterCell implements Cell {
  readonly states: Float32Array;
  /** h·Un + bn after `forward`, its gradient after `backward`. */
  private readonly inner: Float32Array;
  private readonly recurrent: Factor;
  private readonly back: Factor;
  private readonly innerBias: Float32Array;

  constructor(
    private readonly products: Products,
    private readonly sizes: CellSizes,
    private readonly f: Squash,
    private readonly hardSlope: number,
    weights: Weights,
    readonly gates: Float32Array,
  ) {
    const { steps, batch, hidden } = sizes;
    this.states = new Float32Array((steps + 1) * batch * hidden);
    this.inner = new Float32Array(steps * batch * hidden);
    this.innerBias = weights.recurrentBias ?? new Float32Array(hidden);
    this.recurrent = products.factor(weights.recurrent, hidden, 3 * hidden);
    this.back = products.factor(transposed(weights.recurrent, hidden, 3 * hidden), 3 * hidden, hidden);
  }

  forward(s: number): void {
    const { gates, states, inner, innerBias, f, hardSlope } = this;
    const { batch, hidden } = this.sizes;
    const n = batch * hidden;
    const rec = this.products.times(states.subarray(s * n, (s + 1) * n), this.recurrent);
    for (let b = 0; b < batch; b++) {
      for (let k = 0; k < hidden; k++) {
        const q = b * 3 * hidden + k;
        const j = s * 3 * n + q;
        const before = s * n + b * hidden + k;
        const r = gate(hardSlope, gates[j]! + rec[q]!);
        const z = gate(hardSlope, gates[j + hidden]! + rec[q + hidden]!);
        const u = rec[q + 2 * hidden]! + innerBias[k]!;
        const c = squash(f, gates[j + 2 * hidden]! + r * u);
        gates[j] = r;
        gates[j + hidden] = z;
        gates[j + 2 * hidden] = c;
        inner[before] = u;
        states[before + n] = (1 - z) * c + z * states[before]!;
      }
    }
  }

  backward(s: number, dh: Float64Array, dhPrevious: Float64Array): void {
    const { gates, states, inner, f, hardSlope } = this;
    const { batch, hidden } = this.sizes;
    const n = batch * hidden;
    const through = new Float32Array(3 * n);
    for (let b = 0; b < batch; b++) {
      for (let k = 0; k < hidden; k++) {
        const q = b * 3 * hidden + k;
        const j = s * 3 * n + q;
        const row = b * hidden + k;
        const before = s * n + row;
        const r = gates[j]!;
        const z = gates[j + hidden]!;
        const c = gates[j + 2 * hidden]!;
        const d = dh[row]!;
        const dc = d * (1 - z) * squashSlope(f, c);
        const du = dc * r;
        const dr = dc * inner[before]! * gateSlope(hardSlope, r);
        const dz = d * (states[before]! - c) * gateSlope(hardSlope, z);
        gates[j] = dr;
        gates[j + hidden] = dz;
        gates[j + 2 * hidden] = dc;
        inner[before] = du;
        through[q] = dr;
        through[q + hidden] = dz;
        through[q + 2 * hidden] = du;
        dhPrevious[row] = d * z;
      }
    }
    const rest = this.products.times(through, this.back);
    for (let k = 0; k < n; k++) dhPrevious[k]! += rest[k]!;
  }

  /** Gradient of the candidate's recurrent bias, step by step: [T × B × H]. */
  get innerGradient(): Float32Array {
    return this.inner;
  }

  recurrentParts(): readonly RecurrentPart[] {
    const left = this.states.subarray(0, this.inner.length);
    return [
      { left, right: this.gates, gates: ['reset', 'update', undefined], tensor: 'recurrent kernel' },
      { left, right: this.inner, gates: ['candidate'], tensor: 'recurrent kernel' },
    ];
  }
}
