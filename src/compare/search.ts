/** Whole numbers whose values never fall as they grow. */
export type Rising = (n: number) => bigint;

/**
 * The integer n ≥ `from` whose value is nearest to `target`; the smaller of two that are equally near, and the smallest of a
 * flat stretch. Steps away from `hint` by doubling until the target is passed, then halves the gap: a good hint makes it a
 * handful of evaluations, a bad one about 2·log₂ n.
 */
export function nearest(value: Rising, target: bigint, from = 1, hint = from): number {
  const { low, high } = bracket(value, target, from, Math.max(from, hint));
  if (high === undefined) return firstOf(value, low, from);
  if (low === high) return high;
  let [below, above] = [low, high];
  while (above - below > 1) {
    const middle = Math.floor((below + above) / 2);
    if (value(middle) < target) below = middle;
    else above = middle;
  }
  // value(below) < target ≤ value(above), so that `above` is the first of its value already.
  return target - value(below) <= value(above) - target ? firstOf(value, below, from) : above;
}

/**
 * Numbers with value(low) < target ≤ value(high). Equal when already `from` reaches the target; without `high`
 * when nothing does (up to where integers are exact).
 */
function bracket(
  value: Rising,
  target: bigint,
  from: number,
  hint: number,
): { readonly low: number; readonly high: number | undefined } {
  let step = 1;
  if (value(hint) < target) {
    let low = hint;
    for (;;) {
      const next = low + step;
      if (!Number.isSafeInteger(next)) return { low, high: undefined };
      if (value(next) >= target) return { low, high: next };
      low = next;
      step *= 2;
    }
  }
  let high = hint;
  while (high > from) {
    const next = Math.max(from, high - step);
    if (value(next) < target) return { low: next, high };
    high = next;
    step *= 2;
  }
  return { low: from, high: from };
}

/** The smallest n with the same value: flat stretches come with sizes that are halved or rounded. */
function firstOf(value: Rising, n: number, from: number): number {
  const wanted = value(n);
  if (n === from || value(n - 1) < wanted) return n;
  let low = from;
  let high = n - 1;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (value(middle) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Where the parabola through three points reaches `target`: parameters and work of most models are quadratic in a hidden size,
 * so that this is the hint to search from. Falls back to the middle point.
 */
export function quadraticHint(points: readonly [Point, Point, Point], target: number): number {
  const [[x0, y0], [x1, y1], [x2, y2]] = points;
  const slope01 = (y1 - y0) / (x1 - x0);
  const slope12 = (y2 - y1) / (x2 - x1);
  const a = (slope12 - slope01) / (x2 - x0);
  const b = slope01 - a * (x0 + x1);
  const c = y0 - x0 * (slope01 - a * x1) - target;
  const root = a === 0 ? -c / b : (-b + Math.sqrt(b * b - 4 * a * c)) / (2 * a);
  return Number.isFinite(root) ? Math.max(1, Math.round(root)) : x1;
}

export type Point = readonly [x: number, y: number];
