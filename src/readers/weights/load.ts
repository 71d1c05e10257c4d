import { type StoredTensor, message } from '../../model';
import { type ByteSource, ReadError, tooLarge } from '../bytes';
import { bytesPerValue, valuesIn } from './dtypes';

/** A recurrent kernel of 8192 units is 1 GB in float32; nothing that is analysed comes near. */
const MAX_BYTES = 512 * 1024 * 1024;

/**
 * A tensor's values as float32, row-major, read by range from the file that `stored.bytes` names (`source` must be that file).
 * @throws ReadError `no-bytes` when the values do not lie contiguously and uncompressed in the file, `unsupported-dtype` for
 * types that are not read, `truncated-file` when the file is shorter than it said.
 */
export async function loadTensor(source: ByteSource, stored: StoredTensor): Promise<Float32Array> {
  if (!stored.bytes) {
    throw new ReadError(
      'no-bytes',
      message(
        'The values of {0} do not lie in one plain piece in the file, so they are not loaded.',
        stored.name,
      ),
      stored.name,
    );
  }
  const count = valuesIn(stored.shape);
  const size = bytesPerValue(stored.dtype);
  const convert = Object.hasOwn(CONVERT, stored.dtype) ? CONVERT[stored.dtype] : undefined;
  if (!convert || size === undefined) {
    throw new ReadError(
      'unsupported-dtype',
      message('The values of {0} are of type {1}, which is not read.', stored.name, stored.dtype),
      stored.name,
    );
  }
  if (count === undefined || count * 4 > MAX_BYTES) throw tooLarge(stored.name, MAX_BYTES);
  if (count * size !== stored.bytes.length) {
    throw new ReadError(
      'tensor-out-of-range',
      message(
        'What the file says of the tensor {0} contradicts itself or the size of the file.',
        stored.name,
      ),
      stored.name,
    );
  }
  const bytes = await source.read(stored.bytes.offset, stored.bytes.length);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const values = new Float32Array(count);
  for (let i = 0; i < count; i++) values[i] = convert(view, i * size);
  return values;
}

/** All little-endian, as every format read here has it. */
const CONVERT: Readonly<Record<string, (view: DataView, at: number) => number>> = {
  float32: (view, at) => view.getFloat32(at, true),
  float64: (view, at) => view.getFloat64(at, true),
  float16: (view, at) => halfToNumber(view.getUint16(at, true)),
  bfloat16: (view, at) => bfloatToNumber(view.getUint16(at, true)),
};

/** IEEE 754 binary16: 1 sign, 5 exponent, 10 fraction bits. */
export function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const SCRATCH = new DataView(new ArrayBuffer(4));

/** bfloat16 is the upper half of a float32. */
function bfloatToNumber(bits: number): number {
  SCRATCH.setUint32(0, bits * 65536);
  return SCRATCH.getFloat32(0);
}
