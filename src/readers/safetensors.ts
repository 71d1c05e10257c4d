import { type Model, type Problem, type ReadResult, message } from '../model';
import {
  type ByteSource,
  Cursor,
  field,
  guarded,
  integers,
  isObject,
  malformed,
  parseJson,
  tooLarge,
} from './bytes';
import type { SavedReaderContext } from './saved';
import { recoverLayers } from './state-dict/recover';
import type { NamedTensor } from './state-dict/tensor';
import { bytesPerValue, valuesIn } from './weights/dtypes';

export const FORMAT = 'safetensors';
/** The format's own limit for its header. */
const MAX_HEADER_BYTES = 100_000_000;
const MAX_TENSORS = 500_000;
const MAX_RANK = 64;

const DTYPES: Readonly<Record<string, string>> = {
  F64: 'float64',
  F32: 'float32',
  F16: 'float16',
  BF16: 'bfloat16',
  F8_E4M3: 'float8_e4m3fn',
  F8_E5M2: 'float8_e5m2',
  I64: 'int64',
  I32: 'int32',
  I16: 'int16',
  I8: 'int8',
  U64: 'uint64',
  U32: 'uint32',
  U16: 'uint16',
  U8: 'uint8',
  BOOL: 'bool',
  C64: 'complex64',
};

/** Reads a safetensors file: an 8-byte length, a JSON header of names, types, shapes and places, then bytes that stay unread. */
export function readSafetensors(source: ByteSource, context: SavedReaderContext): Promise<ReadResult> {
  return guarded(FORMAT, context.file, async () => {
    const length = new Cursor(await source.read(0, 8), 'the header').size64();
    if (length > MAX_HEADER_BYTES) throw tooLarge('the header', MAX_HEADER_BYTES);
    const text = new TextDecoder().decode(await source.read(8, length));
    const header = parseJson(text, 'the header');
    if (!isObject(header)) throw malformed('the header is no object');
    const names = Object.keys(header).filter((name) => name !== '__metadata__');
    if (names.length > MAX_TENSORS) throw tooLarge('the list of tensors', MAX_TENSORS);
    const entries = names.map((name) =>
      tensorEntry(name, header[name], 8 + length, source.size, context.file),
    );
    const tensors = entries
      .map((e) => e.tensor)
      .sort((a, b) => (a.bytes?.offset ?? 0) - (b.bytes?.offset ?? 0));
    const problems = entries.map((e) => e.problem).filter((p) => p !== undefined);
    return { format: FORMAT, models: [toModel(tensors, context.file)], problems };
  });
}

function tensorEntry(name: string, entry: unknown, start: number, fileSize: number, file: string) {
  const shape = integers(field(entry, 'shape'));
  const code = field(entry, 'dtype');
  const dtype = typeof code === 'string' && Object.hasOwn(DTYPES, code) ? DTYPES[code] : undefined;
  const range = integers(field(entry, 'data_offsets'));
  const wrong = (): { tensor: NamedTensor; problem: Problem } => {
    const invalid = message(
      'What the file says of the tensor {0} contradicts itself or the size of the file.',
      name,
    );
    const problem: Problem = {
      code: 'tensor-out-of-range',
      severity: 'error',
      message: invalid,
      source: { file, member: name },
    };
    return { tensor: { name, shape: [], dtype: 'float32', invalid }, problem };
  };
  if (!shape || shape.length > MAX_RANK || range?.length !== 2 || typeof code !== 'string') return wrong();
  const [from, to] = range as [number, number];
  const count = valuesIn(shape);
  const size = dtype === undefined ? undefined : bytesPerValue(dtype);
  if (to < from || start + to > fileSize || count === undefined) return wrong();
  if (size !== undefined && count * size !== to - from) return wrong();
  const bytes = { file, offset: start + from, length: to - from };
  return { tensor: { name, shape, dtype: dtype ?? code.toLowerCase(), bytes }, problem: undefined };
}

function toModel(tensors: readonly NamedTensor[], file: string): Model {
  const callsUnknown = message('A checkpoint holds weights, not the forward pass that uses them.');
  return {
    name: file.slice(Math.max(file.lastIndexOf('/'), file.lastIndexOf('\\')) + 1),
    framework: 'pytorch',
    source: { file },
    form: 'saved',
    layers: recoverLayers(tensors, { file, framework: 'pytorch', callsUnknown }),
    unknowns: [],
    assumed: [],
  };
}
