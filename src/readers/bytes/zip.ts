import { message } from '../../model';
import { Cursor } from './cursor';
import { ReadError, malformed, tooLarge } from './error';
import { type ByteSource, memorySource, sliceSource } from './source';

export interface ZipEntry {
  readonly name: string;
  /** 0 stored, 8 deflated; others are not read. */
  readonly method: number;
  readonly encrypted: boolean;
  readonly compressedSize: number;
  /** As the directory claims; never used to allocate. */
  readonly claimedSize: number;
  /** Where the entry's local header starts. */
  readonly headerOffset: number;
}

export interface ZipArchive {
  readonly source: ByteSource;
  /** In the directory's order; of two entries with one name the last one stands. */
  readonly entries: ReadonlyMap<string, ZipEntry>;
}

const END_RECORD = 0x06054b50;
const END_RECORD_64 = 0x06064b50;
const END_LOCATOR_64 = 0x07064b50;
const DIRECTORY_ENTRY = 0x02014b50;
const LOCAL_HEADER = 0x04034b50;
const END_RECORD_SIZE = 22;
const MAX_COMMENT = 65535;
const MAX_DIRECTORY_BYTES = 64 * 1024 * 1024;
const MAX_ENTRIES = 500_000;

/**
 * Reads a zip's central directory (zip64 too); no entry is opened.
 * @throws ReadError when there is none.
 */
export async function openZip(source: ByteSource): Promise<ZipArchive> {
  const { offset, length, count } = await findDirectory(source);
  if (length > MAX_DIRECTORY_BYTES) throw tooLarge('the archive directory', MAX_DIRECTORY_BYTES);
  if (count > MAX_ENTRIES) throw tooLarge('the archive directory', MAX_ENTRIES);
  const cursor = new Cursor(await source.read(offset, length), 'the archive directory');
  const entries = new Map<string, ZipEntry>();
  for (let i = 0; i < count && cursor.remaining >= 46; i++) {
    const entry = readEntry(cursor);
    entries.set(entry.name, entry);
  }
  return { source, entries };
}

async function findDirectory(source: ByteSource): Promise<{ offset: number; length: number; count: number }> {
  const tailLength = Math.min(source.size, END_RECORD_SIZE + MAX_COMMENT);
  const tailStart = source.size - tailLength;
  const tail = await source.read(tailStart, tailLength);
  const view = new DataView(tail.buffer, tail.byteOffset, tail.byteLength);
  for (let at = tailLength - END_RECORD_SIZE; at >= 0; at--) {
    if (view.getUint32(at, true) !== END_RECORD) continue;
    const count = view.getUint16(at + 10, true);
    const length = view.getUint32(at + 12, true);
    const offset = view.getUint32(at + 16, true);
    if (count === 0xffff || length === 0xffffffff || offset === 0xffffffff) {
      return findDirectory64(source, tailStart + at);
    }
    return { offset, length, count };
  }
  throw malformed('an archive without a directory (was it copied to the end?)');
}

async function findDirectory64(source: ByteSource, endRecord: number) {
  if (endRecord < 20) throw malformed('an archive without a directory');
  const locator = new Cursor(await source.read(endRecord - 20, 20), 'the archive directory');
  if (locator.u32() !== END_LOCATOR_64) throw malformed('an archive without a directory');
  locator.take(4);
  const record = new Cursor(await source.read(locator.size64(), 56), 'the archive directory');
  if (record.u32() !== END_RECORD_64) throw malformed('an archive without a directory');
  record.take(28);
  const count = record.size64();
  const length = record.size64();
  return { count, length, offset: record.size64() };
}

function readEntry(cursor: Cursor): ZipEntry {
  if (cursor.u32() !== DIRECTORY_ENTRY) throw malformed('a broken archive directory');
  cursor.take(4);
  const flags = cursor.u16();
  const method = cursor.u16();
  cursor.take(8);
  let compressedSize = cursor.u32();
  let claimedSize = cursor.u32();
  const [nameLength, extraLength, commentLength] = [cursor.u16(), cursor.u16(), cursor.u16()];
  cursor.take(8);
  let headerOffset = cursor.u32();
  const name = cursor.text(nameLength);
  const extra = new Cursor(cursor.slice(extraLength), name);
  cursor.take(commentLength);
  while (extra.remaining >= 4) {
    const id = extra.u16();
    const block = new Cursor(extra.slice(Math.min(extra.u16(), extra.remaining)), name);
    if (id !== 1) continue;
    if (claimedSize === 0xffffffff) claimedSize = block.size64();
    if (compressedSize === 0xffffffff) compressedSize = block.size64();
    if (headerOffset === 0xffffffff) headerOffset = block.size64();
  }
  return { name, method, encrypted: (flags & 1) !== 0, compressedSize, claimedSize, headerOffset };
}

/** Where the entry's (possibly compressed) bytes start in the archive. */
export async function entryDataOffset(zip: ZipArchive, entry: ZipEntry): Promise<number> {
  const header = new Cursor(await zip.source.read(entry.headerOffset, 30), entry.name);
  if (header.u32() !== LOCAL_HEADER)
    throw malformed(`the archive entry ${entry.name} is not where it should be`);
  header.take(22);
  return entry.headerOffset + 30 + header.u16() + header.u16();
}

/**
 * An entry as a source of its own. Stored entries are read in place; deflated ones are inflated into memory,
 * at most `cap` bytes, whatever size the directory claims.
 */
export async function openEntry(zip: ZipArchive, entry: ZipEntry, cap: number): Promise<ByteSource> {
  if (entry.encrypted) {
    throw new ReadError('encrypted', message('Not read, because {0} is encrypted.', entry.name), entry.name);
  }
  const start = await entryDataOffset(zip, entry);
  const body = sliceSource(zip.source, start, entry.compressedSize, entry.name);
  if (entry.method === 0) return body;
  if (entry.method !== 8) {
    throw new ReadError(
      'unsupported-compression',
      message(
        'Not read, because {0} is packed in a way this reader lacks (zip method {1}).',
        entry.name,
        entry.method,
      ),
      entry.name,
    );
  }
  if (entry.compressedSize > cap) throw tooLarge(entry.name, cap);
  return memorySource(
    entry.name,
    await inflate(await body.read(0, body.size), 'deflate-raw', cap, entry.name),
  );
}

/** Inflates at most `cap` bytes; one byte more is an error, found without holding the rest. */
export async function inflate(
  bytes: Uint8Array,
  format: CompressionFormat,
  cap: number,
  what: string,
): Promise<Uint8Array> {
  const stream = new Blob([bytes as Uint8Array<ArrayBuffer>])
    .stream()
    .pipeThrough(new DecompressionStream(format));
  const reader = stream.getReader();
  const chunks: Uint8Array[] = [];
  let total = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      total += value.length;
      if (total > cap) throw tooLarge(what, cap);
      chunks.push(value);
    }
  } catch (error) {
    await reader.cancel().catch(() => undefined);
    if (error instanceof ReadError) throw error;
    throw malformed(`the archive entry ${what} does not inflate`);
  }
  const out = new Uint8Array(total);
  let at = 0;
  for (const chunk of chunks) {
    out.set(chunk, at);
    at += chunk.length;
  }
  return out;
}
