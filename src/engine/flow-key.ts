import type { FlowSpec } from '../model';

/** The same for two specs exactly when they describe the same run. Numbers of trained weights and of a series go in as a digest. */
export function flowKey(spec: FlowSpec): string {
  return JSON.stringify(spec, (_, value: unknown) => {
    if (value instanceof Float32Array) return digest(value);
    return Array.isArray(value) && value.length > LONG && value.every((x) => typeof x === 'number')
      ? digest(Float64Array.from(value))
      : value;
  });
}

const LONG = 64;

/** Two FNV-1a hashes of 32 bits with different starts, and the length. */
function digest(values: Float32Array | Float64Array): string {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.byteLength / 4);
  let a = 0x811c9dc5;
  let b = 0x2f0b4a27;
  for (const word of words) {
    a = Math.imul(a ^ word, 0x01000193);
    b = Math.imul(b ^ ((word >>> 16) | (word << 16)), 0x01000193);
    // FNV's product moves bits up only; this brings them down again.
    a ^= a >>> 15;
    b ^= b >>> 13;
  }
  return `${values.length}:${(a >>> 0).toString(16)}:${(b >>> 0).toString(16)}`;
}
