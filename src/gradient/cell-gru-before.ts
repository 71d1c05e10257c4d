import { type Squash, gate, gateSlope, squash, squashSlope } from './activations';
import { type Cell, type CellSizes, type RecurrentPart, columns, transposed } from './cell';
import type { Weights } from './initialise';
import type { Factor, Products } from './products';

/**
 * GRU with the reset gate before the recurrent product: r, z = σ(·), n = φ(x·Kn + (r·h)·Un), h = (1 − z)·n + z·h.
 * `gates` holds x·K + b on entry, in the order r, z, n. Two products a step, as the second needs the first.
 */
export class GruBeforeCell implements Cell {
  readonly states: Float32Array;
  /** r·h at each step. */
  private readonly reset: Float32Array;
  private readonly gateFactor: Factor;
  private readonly gateBack: Factor;
  private readonly candidateFactor: Factor;
  private readonly candidateBack: Factor;

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
    this.reset = new Float32Array(steps * batch * hidden);
    const both = columns(weights.recurrent, 3 * hidden, 0, 2 * hidden);
    const candidate = columns(weights.recurrent, 3 * hidden, 2 * hidden, 3 * hidden);
    this.gateFactor = products.factor(both, hidden, 2 * hidden);
    this.gateBack = products.factor(transposed(both, hidden, 2 * hidden), 2 * hidden, hidden);
    this.candidateFactor = products.factor(candidate, hidden, hidden);
    this.candidateBack = products.factor(transposed(candidate, hidden, hidden), hidden, hidden);
  }

  forward(s: number): void {
    const { gates, states, reset, f, hardSlope } = this;
    const { batch, hidden } = this.sizes;
    const n = batch * hidden;
    const rec = this.products.times(states.subarray(s * n, (s + 1) * n), this.gateFactor);
    for (let b = 0; b < batch; b++) {
      for (let k = 0; k < hidden; k++) {
        const q = b * 2 * hidden + k;
        const j = (s * batch + b) * 3 * hidden + k;
        const before = s * n + b * hidden + k;
        const r = gate(hardSlope, gates[j]! + rec[q]!);
        gates[j] = r;
        gates[j + hidden] = gate(hardSlope, gates[j + hidden]! + rec[q + hidden]!);
        reset[before] = r * states[before]!;
      }
    }
    const inner = this.products.times(reset.subarray(s * n, (s + 1) * n), this.candidateFactor);
    for (let b = 0; b < batch; b++) {
      for (let k = 0; k < hidden; k++) {
        const j = (s * batch + b) * 3 * hidden + k;
        const before = s * n + b * hidden + k;
        const z = gates[j + hidden]!;
        const c = squash(f, gates[j + 2 * hidden]! + inner[b * hidden + k]!);
        gates[j + 2 * hidden] = c;
        states[before + n] = (1 - z) * c + z * states[before]!;
      }
    }
  }

  backward(s: number, dh: Float64Array, dhPrevious: Float64Array): void {
    const { gates, states, f, hardSlope } = this;
    const { batch, hidden } = this.sizes;
    const n = batch * hidden;
    const dCandidate = new Float32Array(n);
    for (let b = 0; b < batch; b++) {
      for (let k = 0; k < hidden; k++) {
        const j = (s * batch + b) * 3 * hidden + k;
        const row = b * hidden + k;
        const z = gates[j + hidden]!;
        const c = gates[j + 2 * hidden]!;
        const d = dh[row]!;
        dCandidate[row] = d * (1 - z) * squashSlope(f, c);
        gates[j + 2 * hidden] = dCandidate[row]!;
        gates[j + hidden] = d * (states[s * n + row]! - c) * gateSlope(hardSlope, z);
        dhPrevious[row] = d * z;
      }
    }
    const dReset = this.products.times(dCandidate, this.candidateBack);
    const through = new Float32Array(2 * n);
    for (let b = 0; b < batch; b++) {
      for (let k = 0; k < hidden; k++) {
        const j = (s * batch + b) * 3 * hidden + k;
        const row = b * hidden + k;
        const r = gates[j]!;
        gates[j] = dReset[row]! * states[s * n + row]! * gateSlope(hardSlope, r);
        dhPrevious[row]! += dReset[row]! * r;
        through[b * 2 * hidden + k] = gates[j]!;
        through[b * 2 * hidden + hidden + k] = gates[j + hidden]!;
      }
    }
    const rest = this.products.times(through, this.gateBack);
    for (let k = 0; k < n; k++) dhPrevious[k]! += rest[k]!;
  }

  recurrentParts(): readonly RecurrentPart[] {
    const left = this.states.subarray(0, this.reset.length);
    return [
      { left, right: this.gates, gates: ['reset', 'update', undefined], tensor: 'recurrent kernel' },
      {
        left: this.reset,
        right: this.gates,
        gates: [undefined, undefined, 'candidate'],
        tensor: 'recurrent kernel',
      },
    ];
  }
}
