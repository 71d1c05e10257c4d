/** To so many significant digits, without trailing zeros; what float32 leaves of a 0 is 0. */
export function round(value: number, digits: number): number {
  return Math.abs(value) < 1e-9 ? 0 : Number(value.toPrecision(digits));
}
