import type { FlowProfile } from '../../model';

/** How a gradient fares on its way back, averaged over seeds (geometric mean of the norms). */
export interface FlowFigures {
  /** log10 norms for t = 1 … T. */
  readonly curve: readonly number[];
  /** Decades lost a step on the way back; negative when it grows. Null for a single step. */
  readonly decayPerStep: number | null;
  /** Steps after which half of it is left; null when it does not decay. */
  readonly halfLifeSteps: number | null;
  /** Steps back at which it is first as far below the last norm as the horizon says; null when never within T. */
  readonly horizonSteps: number | null;
  /** Steps back at which it is exactly 0 (a dead ReLU layer); null when never. */
  readonly zeroAfterSteps: number | null;
}

/** @param horizonDecades how many decades below the last step's norm count as gone */
export function figuresOf(profile: FlowProfile, horizonDecades: number): FlowFigures {
  const curve = meanCurve(profile);
  const last = curve.at(-1)!;
  const back = Array.from(curve, (n) => last - n).reverse();
  const zero = back.findIndex((drop) => drop === Infinity);
  const reach = (zero < 0 ? back.length : zero) - 1;
  const decayPerStep = reach >= 1 ? back[reach]! / reach : null;
  const horizon = back.findIndex((drop) => drop >= horizonDecades);
  return {
    curve,
    decayPerStep,
    halfLifeSteps: decayPerStep !== null && decayPerStep > 0 ? Math.log10(2) / decayPerStep : null,
    horizonSteps: horizon < 0 ? null : horizon,
    zeroAfterSteps: zero < 0 ? null : zero,
  };
}

function meanCurve({ seeds }: FlowProfile): readonly number[] {
  const [first] = seeds;
  return first!.log10Norms.map((_, t) => seeds.reduce((sum, s) => sum + s.log10Norms[t]!, 0) / seeds.length);
}
