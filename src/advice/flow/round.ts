/** To so many significant digits, without trailing zeros. */
export function round(value: number, digits: number): number {
  return Number(value.toPrecision(digits));
}
