import { type ByteSource, Cursor, malformed, tooLarge } from '../bytes';

/** Header blocks, heaps and attribute values are small; data sets are not read here. */
const MAX_BLOCK = 32 * 1024 * 1024;
/** Reads allowed for one file: far above any model, low enough that a file that sends us in circles ends soon. */
const MAX_READS = 400_000;

/** Reads structures of an HDF5 file at addresses, with the file's own widths of addresses and lengths. */
export class Disk {
  private reads = 0;

  constructor(
    private readonly source: ByteSource,
    readonly base: number,
    readonly offsetSize: number,
    readonly lengthSize: number,
  ) {}

  /** `length` bytes at an address. @throws ReadError when they are not in the file. */
  async at(address: number, length: number, what: string): Promise<Cursor> {
    if (++this.reads > MAX_READS) throw tooLarge('the structure of the file', MAX_READS);
    if (length > MAX_BLOCK) throw tooLarge(what, MAX_BLOCK);
    return new Cursor(await this.source.read(this.base + address, length), what);
  }

  /** As {@link at}, or less when the file ends before. */
  async upTo(address: number, length: number, what: string): Promise<Cursor> {
    return this.at(address, Math.max(0, Math.min(length, this.source.size - this.base - address)), what);
  }

  /** Does a data set of `length` bytes fit at `address`? */
  holds(address: number, length: number): boolean {
    return length <= this.source.size - this.base - address;
  }

  /** An address; undefined for the file's "nowhere" (all ones). */
  address(cursor: Cursor): number | undefined {
    const bytes = cursor.slice(this.offsetSize);
    if (bytes.every((b) => b === 0xff)) return undefined;
    return new Cursor(bytes, cursor.what).uint(this.offsetSize);
  }

  requiredAddress(cursor: Cursor): number {
    const address = this.address(cursor);
    if (address === undefined) throw malformed(`${cursor.what} leads nowhere`);
    return address;
  }

  length(cursor: Cursor): number {
    return cursor.uint(this.lengthSize);
  }
}

/** Throws unless the next four bytes are `signature`. */
export function expectSignature(cursor: Cursor, signature: string): void {
  if (cursor.text(4) !== signature) throw malformed(`${cursor.what} is not where it should be`);
}
