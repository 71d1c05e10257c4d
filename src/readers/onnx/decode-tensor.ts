import { type Message, type StoredTensor, message } from '../../model';
import type { ByteSource } from '../bytes';
import type { SavedReaderContext } from '../saved';
import { bytesPerValue, isIndexType, valuesIn } from '../weights/dtypes';
import type { TensorInfo } from './graph';
import type { Field, Span, WireReader } from './wire';

const DTYPES: Readonly<Record<number, string>> = {
  1: 'float32',
  2: 'uint8',
  3: 'int8',
  4: 'uint16',
  5: 'int16',
  6: 'int32',
  7: 'int64',
  8: 'string',
  9: 'bool',
  10: 'float16',
  11: 'float64',
  12: 'uint32',
  13: 'uint64',
  14: 'complex64',
  15: 'complex128',
  16: 'bfloat16',
  17: 'float8_e4m3fn',
  18: 'float8_e4m3fnuz',
  19: 'float8_e5m2',
  20: 'float8_e5m2fnuz',
  21: 'uint4',
  22: 'int4',
  23: 'float4e2m1',
};
/** Shapes and axes are short; longer integer tensors are data. */
const MAX_INTEGERS = 64;
const MAX_RANK = 256;
const EXTERNAL = 1;
const RAW_DATA = 9;
/** `float_data` and `double_data` lie in the file as the values themselves. */
const PLAIN_DATA: Readonly<Record<number, string>> = { 4: 'float32', 10: 'float64' };
const INTEGER_DATA = [5, 7, 11];

/** Decodes TensorProto messages and looks up files of external data, each once. */
export class TensorDecoder {
  private readonly external = new Map<string, Promise<ByteSource | undefined>>();
  /** Files of external data that were named and not found. */
  readonly missing = new Set<string>();

  constructor(
    private readonly wire: WireReader,
    private readonly context: SavedReaderContext,
  ) {}

  async decode(span: Span, fallbackName = ''): Promise<TensorInfo> {
    const fields = await this.wire.fields(span);
    const dims: number[] = [];
    let name = fallbackName;
    let code = 0;
    let location = 0;
    const entries: [string, string][] = [];
    const data: Field[] = [];
    for (const f of fields) {
      if (f.number === 1) dims.push(...(await this.wire.integers(f, MAX_RANK)));
      else if (f.number === 2 && f.wire === 0) code = f.value;
      else if (f.number === 8) name = await this.wire.text(f.span);
      else if (f.number === 14) location = f.value;
      else if (f.number === 13) entries.push(await this.entry(f.span));
      else if (
        f.number === RAW_DATA ||
        Object.hasOwn(PLAIN_DATA, f.number) ||
        INTEGER_DATA.includes(f.number)
      ) {
        data.push(f);
      }
    }
    const dtype = DTYPES[code] ?? 'undefined';
    const plain = { name, dims, dtype };
    const count = dims.every((d) => Number.isSafeInteger(d) && d >= 0) ? valuesIn(dims) : undefined;
    if (count === undefined || dims.length > MAX_RANK)
      return { ...plain, dims: [], invalid: impossible(name) };
    if (location === EXTERNAL)
      return { ...plain, ...(await this.externalBytes(new Map(entries), count, plain)) };
    return { ...plain, ...(await this.inlineData(data, count, plain)) };
  }

  private async inlineData(data: readonly Field[], count: number, t: { name: string; dtype: string }) {
    const size = bytesPerValue(t.dtype);
    const integers = await this.shortIntegers(data, count, t.dtype);
    const only = data.length === 1 && data[0]!.wire === 2 ? data[0]! : undefined;
    if (only && (only.number === RAW_DATA || PLAIN_DATA[only.number] === t.dtype) && size !== undefined) {
      const { start, end } = only.span;
      if (end - start !== count * size) return { invalid: impossible(t.name) };
      const bytes: StoredTensor['bytes'] = { file: this.context.file, offset: start, length: end - start };
      return { bytes, ...(integers ? { integers } : {}) };
    }
    // Packed integers (which also carry float16 and 8-bit types) take at least one byte each, unpacked fields one value each.
    const held = data.reduce((n, f) => n + (f.wire === 2 ? f.span.end - f.span.start : 1), 0);
    const perByte = size === undefined ? 2 : 1;
    if (count > held * perByte && t.dtype !== 'string') return { invalid: impossible(t.name) };
    return integers ? { integers } : {};
  }

  private async shortIntegers(
    data: readonly Field[],
    count: number,
    dtype: string,
  ): Promise<number[] | undefined> {
    if ((dtype !== 'int64' && dtype !== 'int32') || count > MAX_INTEGERS) return undefined;
    const raw = data.find((f) => f.number === RAW_DATA);
    if (!raw) {
      const values: number[] = [];
      for (const f of data.slice(0, MAX_INTEGERS))
        values.push(...(await this.wire.integers(f, MAX_INTEGERS)));
      return values.length === count ? values : undefined;
    }
    const width = dtype === 'int64' ? 8 : 4;
    if (raw.span.end - raw.span.start !== count * width) return undefined;
    const bytes = await this.wire.bytes(raw.span);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return Array.from({ length: count }, (_, i) =>
      width === 8 ? Number(view.getBigInt64(8 * i, true)) : view.getInt32(4 * i, true),
    );
  }

  private async entry(span: Span): Promise<[string, string]> {
    let [key, value] = ['', ''];
    for (const f of await this.wire.fields(span)) {
      if (f.number === 1) key = await this.wire.text(f.span);
      if (f.number === 2) value = await this.wire.text(f.span);
    }
    return [key, value];
  }

  /** External data is `location` (a relative path), `offset` and `length`, all as text. */
  private async externalBytes(
    entries: ReadonlyMap<string, string>,
    count: number,
    t: { name: string; dtype: string },
  ): Promise<Partial<TensorInfo>> {
    const location = entries.get('location') ?? '';
    const size = bytesPerValue(t.dtype);
    const offset = Number(entries.get('offset') ?? 0);
    const length = entries.has('length')
      ? Number(entries.get('length'))
      : size === undefined
        ? NaN
        : count * size;
    if (size !== undefined && length !== count * size) return { invalid: impossible(t.name) };
    let source = this.external.get(location);
    if (!source) {
      source = this.context.sibling?.(location) ?? Promise.resolve(undefined);
      this.external.set(location, source);
    }
    const file = await source;
    if (!file) {
      if (this.missing.size < 100) this.missing.add(location);
      return {};
    }
    if (!Number.isSafeInteger(offset) || offset < 0 || !(length <= file.size - offset)) {
      return { invalid: impossible(t.name) };
    }
    return isIndexType(t.dtype) ? {} : { bytes: { file: location, offset, length } };
  }
}

function impossible(name: string): Message {
  return message('What the file says of the tensor {0} contradicts itself or the size of the file.', name);
}
