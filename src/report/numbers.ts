/**
 * One way to write numbers, everywhere: the hover, the lens, the page, the terminal. Independent of the machine's locale,
 * so that two people who look at one model read the same text.
 */

/** Shown in place of a number that cannot be known. */
export const UNKNOWN = '?';

const MINUS = '\u2212';

/** An exact integer with thousands separated: `13,987,678`. */
export function formatCount(n: number | undefined): string {
  if (n === undefined) return UNKNOWN;
  const digits = String(Math.abs(Math.trunc(n))).replace(/\B(?=(\d{3})+$)/g, ',');
  return n < 0 ? MINUS + digits : digits;
}

/** Three significant digits and a unit: `14.0 M`, `7.30 M`, `941`. Counts below 1,000 are exact. */
export function formatCompact(n: number | undefined): string {
  return n === undefined ? UNKNOWN : scaled(n, 1000, ['', 'k', 'M', 'G', 'T', 'P']);
}

/** Binary units, as memory is bought: `53.4 MiB`. */
export function formatBytes(n: number | undefined): string {
  return n === undefined ? UNKNOWN : scaled(n, 1024, ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB']);
}

function scaled(n: number, base: number, units: readonly string[]): string {
  let value = Math.abs(n);
  let unit = 0;
  // 999.5 would round up to a four-digit number: it belongs to the next unit.
  while (value >= (unit === 0 ? base : base - 0.5) && unit < units.length - 1) {
    value /= base;
    unit++;
  }
  const text = unit === 0 ? formatCount(value) : value.toFixed(value < 9.995 ? 2 : value < 99.95 ? 1 : 0);
  return `${n < 0 ? MINUS : ''}${text}${units[unit] === '' ? '' : ` ${units[unit]}`}`;
}

/** A signed difference in per cent: `+33.2 %`, `−0.3 %`, `0.0 %`. */
export function formatPercent(percent: number | undefined): string {
  if (percent === undefined || !Number.isFinite(percent)) return UNKNOWN;
  const magnitude =
    Math.abs(percent) >= 999.5 ? formatCount(Math.round(Math.abs(percent))) : Math.abs(percent).toFixed(1);
  const zero = Number(magnitude.replace(/,/g, '')) === 0;
  return `${zero ? '' : percent < 0 ? MINUS : '+'}${magnitude} %`;
}

/** A share of a whole: `4.6 %`. */
export function formatShare(part: number | undefined, whole: number | undefined): string {
  if (part === undefined || whole === undefined || whole === 0) return UNKNOWN;
  const percent = (100 * part) / whole;
  return `${percent !== 0 && percent < 0.05 ? '<0.1' : percent.toFixed(1)} %`;
}

/** A value given as its base-10 logarithm, so that 1e-120 and smaller can be written: `2.4e-121`. */
export function formatLog10(log10: number): string {
  if (log10 === -Infinity) return '0';
  if (!Number.isFinite(log10)) return UNKNOWN;
  const exponent = Math.floor(log10);
  const mantissa = 10 ** (log10 - exponent);
  if (exponent >= -2 && exponent < 4) return Number((10 ** log10).toPrecision(3)).toString();
  return mantissa.toFixed(1) === '10.0' ? `1.0e${exponent + 1}` : `${mantissa.toFixed(1)}e${exponent}`;
}
