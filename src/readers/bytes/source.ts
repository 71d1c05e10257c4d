import { truncated } from './error';

/** Bytes at rest, read by range: a file, an archive's entry, memory. */
export interface ByteSource {
  /** For messages: a file name, or the entry's path inside an archive. */
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  /**
   * Exactly `length` bytes from `offset`. Rejects with a ReadError when the range is not inside the source;
   * so nothing is allocated for sizes that a file merely claims.
   */
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** A source over bytes in memory. */
export function memorySource(name: string, bytes: Uint8Array): ByteSource {
  return {
    name,
    size: bytes.length,
    async read(offset, length) {
      checkRange(name, bytes.length, offset, length);
      return bytes.subarray(offset, offset + length);
    },
  };
}

/** A window on another source: `length` bytes from `start`. */
export function sliceSource(source: ByteSource, start: number, length: number, name: string): ByteSource {
  checkRange(name, source.size, start, length);
  return {
    name,
    size: length,
    async read(offset, count) {
      checkRange(name, length, offset, count);
      return source.read(start + offset, count);
    },
  };
}

/** Throws unless the range lies inside `size` bytes (negative, fractional and unsafe numbers do not). */
export function checkRange(name: string, size: number, offset: number, length: number): void {
  if (!Number.isSafeInteger(offset) || !Number.isSafeInteger(length) || offset < 0 || length < 0) {
    throw truncated(name);
  }
  if (offset > size || length > size - offset) throw truncated(name);
}

const PAGE = 65536;
const MAX_PAGES = 128;

/**
 * The same bytes through a small cache of 64 KB pages (8 MB at most), so that walking a header in small steps costs few reads.
 * Reads longer than a page go straight through.
 */
export function pagedSource(source: ByteSource): ByteSource {
  const pages = new Map<number, Uint8Array>();
  const page = async (index: number): Promise<Uint8Array> => {
    const known = pages.get(index);
    if (known) {
      pages.delete(index);
      pages.set(index, known);
      return known;
    }
    const start = index * PAGE;
    const bytes = await source.read(start, Math.min(PAGE, source.size - start));
    pages.set(index, bytes);
    if (pages.size > MAX_PAGES) pages.delete(pages.keys().next().value!);
    return bytes;
  };
  return {
    name: source.name,
    size: source.size,
    async read(offset, length) {
      checkRange(source.name, source.size, offset, length);
      if (length === 0) return new Uint8Array(0);
      const first = Math.floor(offset / PAGE);
      const last = Math.floor((offset + length - 1) / PAGE);
      if (first === last) {
        const start = offset - first * PAGE;
        return (await page(first)).subarray(start, start + length);
      }
      return source.read(offset, length);
    },
  };
}
