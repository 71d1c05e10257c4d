import type { Distribution } from '../model';
import { orthogonal } from './orthogonal';
import type { Stream } from './random';

/** How many values feed one unit and how many units one value feeds, for variance scaling. */
export interface Fans {
  readonly fanIn: number;
  readonly fanOut: number;
}

/** A normal cut off at ±2σ has this share of σ left; most frameworks widen σ to make up for it. */
const TRUNCATED_STD = 0.87962566103423978;

/**
 * Draws a matrix, row-major.
 * @param widenTruncated whether variance scaling makes up for the cut of a truncated normal (TensorFlow.js does not)
 */
export function drawMatrix(
  d: Distribution,
  stream: Stream,
  rows: number,
  cols: number,
  fans: Fans,
  widenTruncated = true,
): Float64Array {
  const each = (f: (i: number) => number): Float64Array =>
    Float64Array.from({ length: rows * cols }, (_, i) => f(i));
  switch (d.kind) {
    case 'uniform':
      return each((i) => d.low + (d.high - d.low) * stream.uniform(i));
    case 'normal':
      return each((i) => d.mean + d.std * stream.normal(i));
    case 'truncated-normal':
      return each((i) => d.mean + d.std * stream.truncatedNormal(i));
    case 'constant':
      return each(() => d.value);
    case 'orthogonal':
      return orthogonal(stream, rows, cols).map((x) => x * d.gain);
    case 'identity':
      return each((i) => (Math.floor(i / cols) === i % cols ? d.gain : 0));
    case 'variance-scaling': {
      const variance = d.scale / fanOf(d.mode, fans);
      const std = Math.sqrt(variance);
      if (d.shape === 'uniform') {
        const limit = Math.sqrt(3 * variance);
        return each((i) => limit * (2 * stream.uniform(i) - 1));
      }
      if (d.shape === 'normal') return each((i) => std * stream.normal(i));
      const widened = widenTruncated ? std / TRUNCATED_STD : std;
      return each((i) => widened * stream.truncatedNormal(i));
    }
  }
}

function fanOf(mode: 'fan-in' | 'fan-out' | 'fan-average', { fanIn, fanOut }: Fans): number {
  const n = mode === 'fan-in' ? fanIn : mode === 'fan-out' ? fanOut : (fanIn + fanOut) / 2;
  return Math.max(1, n);
}
