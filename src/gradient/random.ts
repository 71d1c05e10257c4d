/**
 * Random numbers by counter: draw `i` of a stream is a hash of (key, i), so draws need no state, do not depend on the
 * order in which they are asked for, and another language can make the same ones (test/golden/gradient.py does).
 * The hash is two rounds of the 32-bit finaliser `x ^= x>>>16; x *= 0x7feb352d; x ^= x>>>15; x *= 0x846ca68b;
 * x ^= x>>>16` (Wellons, "hash prospector", bias 0.17), the key added between the rounds.
 */
function mix(x: number): number {
  x ^= x >>> 16;
  x = Math.imul(x, 0x7feb352d);
  x ^= x >>> 15;
  x = Math.imul(x, 0x846ca68b);
  return (x ^ (x >>> 16)) >>> 0;
}

const TWO_POW_32 = 4294967296;
/** 2³² over the golden ratio: sets the redraws of a value apart. */
const GOLDEN = 0x9e3779b9;

/** An endless sequence of numbers belonging to a seed and a name. */
export class Stream {
  private readonly key: number;

  constructor(
    private readonly seed: number,
    private readonly name: string,
  ) {
    let h = 0x811c9dc5; // FNV-1a over the name's character codes
    for (let i = 0; i < name.length; i++) h = Math.imul(h ^ name.charCodeAt(i), 0x01000193);
    this.key = mix((mix(seed | 0) + h) | 0);
  }

  /** The stream named `<name>.<part>`. */
  fork(part: number): Stream {
    return new Stream(this.seed, `${this.name}.${part}`);
  }

  /** Draw `i`, uniform in the open interval (0, 1). `attempt` counts the redraws of one value. */
  uniform(i: number, attempt = 0): number {
    return (mix((mix(i | 0) + this.key + Math.imul(attempt, GOLDEN)) | 0) + 0.5) / TWO_POW_32;
  }

  /** Draw `i`, standard normal (Box–Muller; draws 2k and 2k+1 share their uniforms). */
  normal(i: number, attempt = 0): number {
    const even = i & ~1;
    const radius = Math.sqrt(-2 * Math.log(this.uniform(even, attempt)));
    const angle = 2 * Math.PI * this.uniform(even + 1, attempt);
    return (i & 1) === 0 ? radius * Math.cos(angle) : radius * Math.sin(angle);
  }

  /** Draw `i`, standard normal cut off at ±2 (redrawn until inside). */
  truncatedNormal(i: number): number {
    for (let attempt = 0; ; attempt++) {
      const z = this.normal(i, attempt);
      if (Math.abs(z) <= 2) return z;
    }
  }

  /** Fills with standard normal draws 0 … n-1. */
  fillNormal(out: Float32Array | Float64Array): void {
    for (let i = 0; i < out.length; i += 2) {
      const radius = Math.sqrt(-2 * Math.log(this.uniform(i)));
      const angle = 2 * Math.PI * this.uniform(i + 1);
      out[i] = radius * Math.cos(angle);
      if (i + 1 < out.length) out[i + 1] = radius * Math.sin(angle);
    }
  }
}

/** A unit vector in a random direction. */
export function unitVector(stream: Stream, size: number): Float64Array {
  const v = new Float64Array(size);
  stream.fillNormal(v);
  let sum = 0;
  for (const x of v) sum += x * x;
  const norm = Math.sqrt(sum);
  return v.map((x) => x / norm);
}
