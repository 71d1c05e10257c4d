import { type Message, message } from '../../model';
import {
  type ByteSource,
  Cursor,
  ReadError,
  type ZipArchive,
  entryDataOffset,
  malformed,
  openEntry,
  openZip,
} from '../bytes';
import { bytesPerValue } from '../weights/dtypes';
import { type PickleResult, readPickle } from './pickle';
import { type ScriptBuffers, scriptBuffers } from './script-buffers';
import { PyList, type PyStorage, type PyValue, storagesIn } from './values';

/** A checkpoint whose pickle has been followed; storages are found on demand. */
export interface OpenedCheckpoint {
  readonly container: 'zip' | 'legacy';
  readonly pickle: PickleResult;
  readonly torchScript: boolean;
  /** Of TorchScript's classes. */
  readonly buffers?: ScriptBuffers;
  /** Where a storage's bytes lie in the file; `length` as the file really has it. Undefined: it is not there. */
  locate(storage: PyStorage): Promise<{ offset: number; length: number } | undefined>;
}

const MAX_PICKLE_BYTES = 64 * 1024 * 1024;
/** PyTorch stores its pickles; a repacked archive may have deflated them. */
const MAX_INFLATED = 16 * 1024 * 1024;
const FIRST_CHUNK = 1024 * 1024;
const LEGACY_MAGIC = 0x1950a86a20f9469cfc6cn;

/** The zip format (PyTorch 1.6 and later, TorchScript). @throws ReadError */
export async function openZipCheckpoint(source: ByteSource): Promise<OpenedCheckpoint> {
  const zip = await openZip(source);
  const pickleName = [...zip.entries.keys()].find(
    (name) => name === 'data.pkl' || name.endsWith('/data.pkl'),
  );
  if (pickleName === undefined) {
    throw new ReadError(
      'not-a-checkpoint',
      message('Not read, because the archive holds no {0}: it is not a PyTorch checkpoint.', 'data.pkl'),
    );
  }
  const root = pickleName.slice(0, -'data.pkl'.length);
  const entry = await openEntry(zip, zip.entries.get(pickleName)!, MAX_INFLATED);
  if (entry.size > MAX_PICKLE_BYTES) {
    throw new ReadError(
      'too-large',
      message('Not read, because {0} is larger than {1}.', pickleName, MAX_PICKLE_BYTES),
    );
  }
  const pickle = readPickle(await entry.read(0, entry.size), 0, pickleName);
  const torchScript = [...zip.entries.keys()].some((name) => name.startsWith(`${root}code/`));
  return {
    container: 'zip',
    pickle,
    torchScript,
    ...(torchScript ? { buffers: await scriptBuffers(zip, root) } : {}),
    locate: (storage) => locateEntry(zip, `${root}data/${storage.key}`),
  };
}

async function locateEntry(zip: ZipArchive, name: string) {
  const entry = zip.entries.get(name);
  if (!entry || entry.method !== 0 || entry.encrypted) return undefined;
  const offset = await entryDataOffset(zip, entry);
  if (entry.compressedSize > zip.source.size - offset) return undefined;
  return { offset, length: entry.compressedSize };
}

/**
 * The format before 1.6 (and `_use_new_zipfile_serialization=False`): five pickles in a row (magic number, protocol, system, object, storage keys), then
 * each storage as a count and its bytes, in the order of the keys.
 * @throws ReadError
 */
export async function openLegacyCheckpoint(source: ByteSource): Promise<OpenedCheckpoint> {
  const pickles = await readPickles(source, 5);
  const [magic, , , object, keys] = pickles;
  if (magic!.value !== LEGACY_MAGIC) throw notACheckpoint();
  const order = keyOrder(keys!.value);
  let offsets: Map<string, number> | undefined;
  return {
    container: 'legacy',
    pickle: object!,
    torchScript: false,
    async locate(storage) {
      offsets ??= await legacyOffsets(source, keys!.end, order, storagesIn(object!.value));
      const offset = offsets.get(storage.key);
      const size = storage.dtype === undefined ? undefined : bytesPerValue(storage.dtype);
      if (offset === undefined || size === undefined) return undefined;
      const count = new Cursor(await source.read(offset - 8, 8), 'a storage').size64();
      return count * size <= source.size - offset ? { offset, length: count * size } : undefined;
    },
  };
}

/** A pickle that is not PyTorch's, or not only: one object, no storages. @throws ReadError */
export function notACheckpoint(): ReadError {
  const reason: Message = message('Not read, because it is a pickle but not a PyTorch checkpoint.');
  return new ReadError('not-a-checkpoint', reason);
}

/** Reads pickles from the start of a file whose length says nothing about theirs: more bytes are fetched when they are cut short. */
async function readPickles(source: ByteSource, count: number): Promise<PickleResult[]> {
  for (let length = FIRST_CHUNK; ; length *= 4) {
    const available = Math.min(length, source.size, MAX_PICKLE_BYTES);
    const bytes = await source.read(0, available);
    try {
      const results: PickleResult[] = [];
      let at = 0;
      for (let i = 0; i < count; i++) {
        results.push(readPickle(bytes, at, 'the checkpoint'));
        at = results[i]!.end;
        if (i === 0 && results[0]!.value !== LEGACY_MAGIC) throw notACheckpoint();
      }
      return results;
    } catch (error) {
      const more = available < source.size && available < MAX_PICKLE_BYTES;
      if (!(error instanceof ReadError) || error.code !== 'truncated-file' || !more) throw error;
    }
  }
}

function keyOrder(value: PyValue): string[] {
  if (!(value instanceof PyList)) throw malformed('a checkpoint without its list of storages');
  return value.items.filter((key): key is string => typeof key === 'string');
}

async function legacyOffsets(
  source: ByteSource,
  start: number,
  order: readonly string[],
  storages: ReadonlyMap<string, PyStorage>,
): Promise<Map<string, number>> {
  const offsets = new Map<string, number>();
  let at = start;
  for (const key of order) {
    const dtype = storages.get(key)?.dtype;
    const size = dtype === undefined ? undefined : bytesPerValue(dtype);
    // Without its type the length of this storage is unknown, and with it where the next ones start.
    if (size === undefined || at + 8 > source.size) break;
    const count = new Cursor(await source.read(at, 8), 'a storage').size64();
    offsets.set(key, at + 8);
    at += 8 + count * size;
    if (!Number.isSafeInteger(at) || at > source.size) break;
  }
  return offsets;
}
