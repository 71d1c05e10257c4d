import { type ByteSource, malformed, tooLarge, truncated } from '../bytes';

/** A half-open stretch of the file. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** One field of a protobuf message; length-delimited ones are spans that were not read. */
export interface Field {
  readonly number: number;
  /** 0 varint, 1 eight bytes, 2 length-delimited, 5 four bytes. */
  readonly wire: number;
  /** Wire type 0: the value, signed. */
  readonly value: number;
  readonly span: Span;
}

const WINDOW = 65536;
/** A tag and a length, ten bytes each at most. */
const MAX_HEADER = 20;
const MAX_FIELDS = 8_000_000;
/** No text or list of sizes in a model graph is longer. */
const MAX_VALUE_BYTES = 16 * 1024 * 1024;

/** Walks protobuf messages in a file: field headers are read, contents are jumped over until someone asks for them. */
export class WireReader {
  private window: Uint8Array = new Uint8Array(0);
  private windowStart = 0;
  private fieldsSeen = 0;

  constructor(private readonly source: ByteSource) {}

  get whole(): Span {
    return { start: 0, end: this.source.size };
  }

  /** The fields of the message at `span`, in order. @throws ReadError when it is not well formed. */
  async fields(span: Span): Promise<Field[]> {
    const fields: Field[] = [];
    let at = span.start;
    while (at < span.end) {
      if (++this.fieldsSeen > MAX_FIELDS) throw tooLarge('the graph', MAX_FIELDS);
      await this.ensure(at, Math.min(MAX_HEADER, span.end - at));
      const tag = this.varint(at, span.end);
      const number = Math.floor(tag.value / 8);
      const wire = tag.value % 8;
      at = tag.next;
      if (number === 0) throw malformed('a field without a number');
      if (wire === 0) {
        const { value, next } = this.varint(at, span.end);
        fields.push({ number, wire, value, span: { start: at, end: next } });
        at = next;
      } else {
        const length = wire === 2 ? this.varint(at, span.end) : undefined;
        if (length) at = length.next;
        const size = length?.value ?? FIXED[wire];
        if (size === undefined) throw malformed(`a field of wire type ${wire}`);
        if (size < 0 || size > span.end - at) throw truncated(`field ${number}`);
        fields.push({ number, wire, value: 0, span: { start: at, end: at + size } });
        at += size;
      }
    }
    return fields;
  }

  async bytes(span: Span): Promise<Uint8Array> {
    const length = span.end - span.start;
    if (length > MAX_VALUE_BYTES) throw tooLarge('a value in the graph', MAX_VALUE_BYTES);
    if (length > WINDOW) return this.source.read(span.start, length);
    await this.ensure(span.start, length);
    const from = span.start - this.windowStart;
    return this.window.slice(from, from + length);
  }

  async text(span: Span): Promise<string> {
    return new TextDecoder().decode(await this.bytes(span));
  }

  /** A packed list of varints, or the single value of a field that is not packed. */
  async integers(field: Field, limit: number): Promise<number[]> {
    if (field.wire === 0) return [field.value];
    if (field.wire !== 2) throw malformed('a list of integers that is none');
    if (field.span.end - field.span.start > limit * 10) throw tooLarge('a list of integers', limit);
    const values: number[] = [];
    let at = field.span.start;
    while (at < field.span.end) {
      await this.ensure(at, Math.min(10, field.span.end - at));
      const { value, next } = this.varint(at, field.span.end);
      values.push(value);
      at = next;
    }
    return values;
  }

  async float32(field: Field): Promise<number> {
    const bytes = await this.bytes(field.span);
    return bytes.length === 4 ? new DataView(bytes.buffer, bytes.byteOffset).getFloat32(0, true) : NaN;
  }

  private async ensure(at: number, length: number): Promise<void> {
    if (at >= this.windowStart && at + length <= this.windowStart + this.window.length) return;
    this.window = await this.source.read(at, Math.min(Math.max(WINDOW, length), this.source.size - at));
    this.windowStart = at;
  }

  /** A varint that must end before `end`; negative values are ten bytes of two's complement. Values JavaScript cannot hold become NaN. */
  private varint(at: number, end: number): { value: number; next: number } {
    let low = 0;
    let scale = 1;
    for (let i = 0; i < 10; i++) {
      if (at + i >= end) throw truncated('a number');
      const byte = this.window[at + i - this.windowStart]!;
      if (i === 9) return this.bigVarint(at);
      low += (byte & 0x7f) * scale;
      if (byte < 0x80) return { value: Number.isSafeInteger(low) ? low : NaN, next: at + i + 1 };
      scale *= 128;
    }
    throw malformed('a number of more than ten bytes');
  }

  private bigVarint(at: number): { value: number; next: number } {
    let value = 0n;
    for (let i = 0; i < 10; i++) {
      value |= BigInt(this.window[at + i - this.windowStart]! & 0x7f) << BigInt(7 * i);
    }
    if (this.window[at + 9 - this.windowStart]! >= 0x80) throw malformed('a number of more than ten bytes');
    const signed = Number(BigInt.asIntN(64, value));
    return { value: Number.isSafeInteger(signed) ? signed : NaN, next: at + 10 };
  }
}

const FIXED: Readonly<Record<number, number>> = { 1: 8, 5: 4 };
