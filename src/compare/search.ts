/**
 * The integer n ≥ `from` whose value is nearest to `target`; the smaller of two that are equally near. `value` must not
 * fall as n grows. Doubles until it passes the target, then halves the gap: about 2·log₂ n evaluations.
 */
export function nearest(value: (n: number) => bigint, target: bigint, from = 1): number {
  let low = from;
  if (value(low) >= target) return low;
  let high = low * 2;
  while (value(high) < target) {
    low = high;
    high *= 2;
    // Beyond exact integers no size means anything; a value that stops growing ends here too.
    if (!Number.isSafeInteger(high)) return firstOf(value, low, from);
  }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (value(middle) < target) low = middle;
    else high = middle;
  }
  // value(low) < target ≤ value(high), and of equals the first one is `high` already.
  return target - value(low) <= value(high) - target ? firstOf(value, low, from) : high;
}

/** The smallest n with the same value: flat stretches come with sizes that are halved or rounded. */
function firstOf(value: (n: number) => bigint, n: number, from: number): number {
  const wanted = value(n);
  let low = from;
  let high = n;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (value(middle) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
