/** Bytes per value of the number types that saved models use, by lower-case name (`float32`, `int64` …). */
const BYTES: Readonly<Record<string, number>> = {
  float64: 8,
  float32: 4,
  float16: 2,
  bfloat16: 2,
  float8_e4m3fn: 1,
  float8_e5m2: 1,
  float8_e4m3fnuz: 1,
  float8_e5m2fnuz: 1,
  int64: 8,
  int32: 4,
  int16: 2,
  int8: 1,
  uint64: 8,
  uint32: 4,
  uint16: 2,
  uint8: 1,
  bool: 1,
  complex64: 8,
  complex128: 16,
  qint8: 1,
  quint8: 1,
  qint32: 4,
};

/** Bytes of one value; undefined for types that are not known or do not fill whole bytes. */
export function bytesPerValue(dtype: string): number | undefined {
  return Object.hasOwn(BYTES, dtype) ? BYTES[dtype] : undefined;
}

/** Types that hold indices, shapes and flags: no framework trains them. */
const INDEX_TYPES = new Set(['int64', 'int32', 'int16', 'uint64', 'uint32', 'uint16', 'bool', 'string']);

export function isIndexType(dtype: string): boolean {
  return INDEX_TYPES.has(dtype);
}

/** How many values a shape has; undefined when the product is too large for JavaScript to hold exactly. */
export function valuesIn(shape: readonly number[]): number | undefined {
  if (shape.includes(0)) return 0;
  const product = shape.reduce((n, d) => n * d, 1);
  return Number.isSafeInteger(product) ? product : undefined;
}
