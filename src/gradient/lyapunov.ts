/** Steps at the loss's end that are left out: the gradient first has to turn into the direction that lasts. */
const TRANSIENT_SHARE = 0.25;
const FEWEST_STEPS = 8;

/**
 * The largest Lyapunov exponent of the hidden dynamics (natural log per step) as seen over this run: how fast the norm
 * of ∂L/∂(h, c) grows on its way back, averaged over sequences. The adjoint dynamics has the same exponents as the
 * tangent dynamics (Oseledets), so the backward pass gives it for nothing. Undefined for runs too short.
 * @param sequenceNorms ln of the norms, [T × B]
 */
export function lyapunovExponent(sequenceNorms: Float64Array, steps: number): number | undefined {
  const end = Math.floor((steps - 1) * (1 - TRANSIENT_SHARE));
  if (end < FEWEST_STEPS) return undefined;
  const batch = sequenceNorms.length / steps;
  let sum = 0;
  for (let b = 0; b < batch; b++) sum += sequenceNorms[b]! - sequenceNorms[end * batch + b]!;
  const exponent = sum / batch / end;
  return Number.isFinite(exponent) ? exponent : undefined;
}
