import { malformed, truncated } from './error';

const UTF8 = new TextDecoder('utf-8');

/** A place in bytes that moves forward as it reads, little-endian, and throws a ReadError instead of passing the end. */
export class Cursor {
  position: number;
  readonly end: number;
  private readonly view: DataView;

  constructor(
    readonly bytes: Uint8Array,
    /** For messages. */
    readonly what: string,
    start = 0,
  ) {
    this.position = start;
    this.end = bytes.length;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get remaining(): number {
    return this.end - this.position;
  }

  /** Moves past `length` bytes and returns where they start. */
  take(length: number): number {
    if (!(length >= 0) || length > this.remaining) throw truncated(this.what);
    const start = this.position;
    this.position += length;
    return start;
  }

  u8(): number {
    return this.bytes[this.take(1)]!;
  }

  u16(): number {
    return this.view.getUint16(this.take(2), true);
  }

  u32(): number {
    return this.view.getUint32(this.take(4), true);
  }

  i32(): number {
    return this.view.getInt32(this.take(4), true);
  }

  /** An unsigned 64-bit integer that must be one JavaScript holds exactly: larger ones cannot be a size of anything. */
  size64(): number {
    const value = this.view.getBigUint64(this.take(8), true);
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw malformed(`${this.what}: impossible size ${value}`);
    return Number(value);
  }

  bigUint64(): bigint {
    return this.view.getBigUint64(this.take(8), true);
  }

  /** An unsigned integer of 1 to 8 bytes. */
  uint(width: number): number {
    if (width === 8) return this.size64();
    let value = 0;
    const start = this.take(width);
    for (let i = width - 1; i >= 0; i--) value = value * 256 + this.bytes[start + i]!;
    return value;
  }

  f64BigEndian(): number {
    return this.view.getFloat64(this.take(8), false);
  }

  slice(length: number): Uint8Array {
    const start = this.take(length);
    return this.bytes.subarray(start, start + length);
  }

  text(length: number): string {
    return UTF8.decode(this.slice(length));
  }

  /** Up to and past the next newline, which is not part of the result. */
  line(): string {
    const at = this.bytes.indexOf(10, this.position);
    if (at < 0) throw truncated(this.what);
    const text = UTF8.decode(this.bytes.subarray(this.position, at));
    this.position = at + 1;
    return text;
  }
}
