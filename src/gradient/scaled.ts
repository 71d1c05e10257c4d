/**
 * Values times a power of two that is kept apart, one power for each step: gradients fall far below what
 * float32 and float64 can hold, and powers of two cost no digits.
 */
export interface ScaledSteps {
  /** [T × rows × cols] */
  readonly values: Float32Array;
  /** One per step. A step of zeros has the exponent -Infinity. */
  readonly exponents: Float64Array;
}

export const LOG10_2 = Math.log10(2);

/** Exponents this far apart no longer meet in float64. */
const OUT_OF_REACH = 1000;

/** 2 to the power of a difference of exponents; 0 when the first is -Infinity. */
export function powerOfTwo(exponent: number): number {
  return exponent < -OUT_OF_REACH ? 0 : 2 ** exponent;
}

/** Adds two of the same form; `cols` is how long a step is. */
export function addScaled(a: ScaledSteps, b: ScaledSteps): ScaledSteps {
  const steps = a.exponents.length;
  const size = a.values.length / steps;
  const values = new Float32Array(a.values.length);
  const exponents = new Float64Array(steps);
  for (let t = 0; t < steps; t++) {
    const e = Math.max(a.exponents[t]!, b.exponents[t]!);
    exponents[t] = e;
    if (e === -Infinity) continue;
    const fa = powerOfTwo(a.exponents[t]! - e);
    const fb = powerOfTwo(b.exponents[t]! - e);
    for (let k = t * size; k < (t + 1) * size; k++) values[k] = a.values[k]! * fa + b.values[k]! * fb;
  }
  return { values, exponents };
}

/** The other way round in time. */
export function reversed(steps: ScaledSteps): ScaledSteps {
  return {
    values: reversedSteps(steps.values, steps.exponents.length),
    exponents: steps.exponents.slice().reverse(),
  };
}

/** The steps of a [T × …] array in reverse order. */
export function reversedSteps(values: Float32Array, steps: number): Float32Array {
  const size = values.length / steps;
  const out = new Float32Array(values.length);
  for (let t = 0; t < steps; t++) out.set(values.subarray(t * size, (t + 1) * size), (steps - 1 - t) * size);
  return out;
}
