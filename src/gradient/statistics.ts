import type { FlowSpec, GateProfile } from '../model';
import type { Cell } from './cell';
import { GATES } from './shape';

/** A gate is saturated below a tenth or above nine tenths (Karpathy, Johnson, Fei-Fei 2015). */
const GATE_LOW = 0.1;
const GATE_HIGH = 0.9;
/** A candidate or hidden unit is saturated beyond this. */
const STATE_HIGH = 0.99;

/** Collects gate and state statistics step by step, averaged over everything it is shown. */
export class Statistics {
  private readonly means: Float64Array[];
  private readonly saturated: Float64Array[];
  private readonly states: Float64Array;
  private runs = 0;

  constructor(private readonly spec: FlowSpec) {
    const { steps } = spec;
    this.means = GATES[spec.cell].map(() => new Float64Array(steps));
    this.saturated = GATES[spec.cell].map(() => new Float64Array(steps));
    this.states = new Float64Array(steps);
  }

  /** Notes step s of a cell that has just taken it. */
  note(cell: Cell, s: number): void {
    if (s === 0) this.runs++;
    const { hiddenSize: hidden, batch } = this.spec;
    const gates = GATES[this.spec.cell];
    gates.forEach((name, g) => {
      const state = name === 'candidate' || name === 'hidden';
      let sum = 0;
      let count = 0;
      for (let b = 0; b < batch; b++) {
        const at = ((s * batch + b) * gates.length + g) * hidden;
        for (let k = at; k < at + hidden; k++) {
          const y = cell.gates[k]!;
          sum += y;
          if (state ? Math.abs(y) > STATE_HIGH : y < GATE_LOW || y > GATE_HIGH) count++;
        }
      }
      this.means[g]![s]! += sum / (batch * hidden);
      this.saturated[g]![s]! += count / (batch * hidden);
    });
    const size = cell.states.length / (this.spec.steps + 1);
    let count = 0;
    for (let k = (s + 1) * size; k < (s + 2) * size; k++) if (Math.abs(cell.states[k]!) > STATE_HIGH) count++;
    this.states[s]! += count / size;
  }

  gates(): readonly GateProfile[] {
    return GATES[this.spec.cell].map((gate, g) => ({
      gate,
      mean: this.average(this.means[g]!),
      saturated: this.average(this.saturated[g]!),
    }));
  }

  hiddenSaturation(): readonly number[] {
    return this.average(this.states);
  }

  private average(sums: Float64Array): readonly number[] {
    return Array.from(sums, (x) => x / this.runs);
  }
}
