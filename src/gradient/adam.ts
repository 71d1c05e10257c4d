const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-8;

/** Adam (Kingma and Ba 2015) over one tensor, in place. */
export class Adam {
  private readonly first: Float64Array;
  private readonly second: Float64Array;
  private updates = 0;

  constructor(
    readonly values: Float32Array,
    private readonly rate: number,
  ) {
    this.first = new Float64Array(values.length);
    this.second = new Float64Array(values.length);
  }

  /** @param scale what the gradient is multiplied by first: gradient clipping */
  update(gradient: ArrayLike<number>, scale: number): void {
    this.updates++;
    const { first, second, values } = this;
    const rate = (this.rate * Math.sqrt(1 - BETA2 ** this.updates)) / (1 - BETA1 ** this.updates);
    for (let k = 0; k < values.length; k++) {
      const g = gradient[k]! * scale;
      first[k] = BETA1 * first[k]! + (1 - BETA1) * g;
      second[k] = BETA2 * second[k]! + (1 - BETA2) * g * g;
      values[k]! -= (rate * first[k]!) / (Math.sqrt(second[k]!) + EPSILON);
    }
  }
}
