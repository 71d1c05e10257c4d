import { Cursor, malformed } from '../bytes';
import { type Disk, expectSignature } from './disk';

const MAX_RECORDS = 200_000;

/**
 * Objects of a fractal heap by way of the B-tree of their names: how groups and attributes are kept once there are many
 * (files written with `libver="latest"`). `idAt` is where the heap id stands in a record. Trees of up to two levels are read.
 * @throws ReadError
 */
export async function denseObjects(
  disk: Disk,
  heapAddress: number,
  treeAddress: number,
  idAt: number,
): Promise<Cursor[]> {
  const heap = await FractalHeap.open(disk, heapAddress);
  const objects: Cursor[] = [];
  for (const record of await treeRecords(disk, treeAddress)) {
    objects.push(await heap.object(record.subarray(idAt)));
  }
  return objects;
}

async function treeRecords(disk: Disk, address: number): Promise<Uint8Array[]> {
  const header = await disk.at(address, 16 + disk.offsetSize + 2 + disk.lengthSize, 'an index');
  expectSignature(header, 'BTHD');
  header.take(2);
  const nodeSize = header.u32();
  const recordSize = header.u16();
  const depth = header.u16();
  header.take(2);
  const root = disk.address(header);
  const count = header.u16();
  if (root === undefined) return [];
  if (depth > 1 || recordSize === 0) throw malformed('an index deeper than this reader follows');
  const records: Uint8Array[] = [];
  if (depth === 0) {
    await leaf(disk, root, count, recordSize, records);
    return records;
  }
  const node = await disk.at(root, nodeSize, 'an index');
  expectSignature(node, 'BTIN');
  node.take(2);
  for (let i = 0; i < count; i++) records.push(node.slice(recordSize));
  // A child's count is as wide as the largest count a leaf can have.
  const width = bytesFor(Math.floor((nodeSize - 10) / recordSize));
  for (let i = 0; i <= count; i++) {
    const child = disk.requiredAddress(node);
    await leaf(disk, child, node.uint(width), recordSize, records);
  }
  return records;
}

async function leaf(
  disk: Disk,
  address: number,
  count: number,
  recordSize: number,
  into: Uint8Array[],
): Promise<void> {
  if (into.length + count > MAX_RECORDS) throw malformed('an index with too many entries');
  const node = await disk.at(address, 6 + count * recordSize, 'an index');
  expectSignature(node, 'BTLF');
  node.take(2);
  for (let i = 0; i < count; i++) into.push(node.slice(recordSize));
}

/** Bytes that hold numbers up to `n`. */
function bytesFor(n: number): number {
  return Math.max(1, Math.ceil(Math.log2(n + 1) / 8));
}

class FractalHeap {
  private constructor(
    private readonly disk: Disk,
    private readonly offsetBytes: number,
    private readonly lengthBytes: number,
    private readonly width: number,
    private readonly startSize: number,
    private readonly maxDirect: number,
    private readonly root: number,
    private readonly rootRows: number,
  ) {}

  static async open(disk: Disk, address: number): Promise<FractalHeap> {
    const size = 22 + 12 * disk.lengthSize + 3 * disk.offsetSize + 12;
    const h = await disk.upTo(address, size, 'a heap');
    expectSignature(h, 'FRHP');
    h.take(3);
    if (h.u16() !== 0) throw malformed('a compressed heap');
    h.take(1);
    const maxObject = h.u32();
    h.take(disk.lengthSize + disk.offsetSize + disk.lengthSize + disk.offsetSize + 8 * disk.lengthSize);
    const width = h.u16();
    const startSize = disk.length(h);
    const maxDirect = disk.length(h);
    const heapBits = h.u16();
    h.take(2);
    const root = disk.requiredAddress(h);
    const rows = h.u16();
    if (startSize < 1 || width < 1 || maxDirect < startSize) throw malformed('a heap of impossible sizes');
    const lengthBytes = Math.min(bytesFor(maxDirect), bytesFor(maxObject));
    return new FractalHeap(
      disk,
      Math.ceil(heapBits / 8),
      lengthBytes,
      width,
      startSize,
      maxDirect,
      root,
      rows,
    );
  }

  /** The object behind a heap id. */
  async object(id: Uint8Array): Promise<Cursor> {
    const cursor = new Cursor(id, 'a heap');
    if ((cursor.u8() & 0x30) !== 0) throw malformed('a heap object kept apart');
    const offset = cursor.uint(this.offsetBytes);
    const length = cursor.uint(this.lengthBytes);
    const block = this.rootRows === 0 ? { address: this.root, start: 0 } : await this.directBlock(offset);
    return this.disk.at(block.address + offset - block.start, length, 'a heap');
  }

  /** Rows 0 and 1 of the root's table have blocks of the starting size, each further row doubles it. */
  private async directBlock(offset: number): Promise<{ address: number; start: number }> {
    let start = 0;
    for (let row = 0; row < this.rootRows; row++) {
      const size = this.startSize * 2 ** Math.max(0, row - 1);
      if (size > this.maxDirect) break;
      if (offset < start + size * this.width) {
        const column = Math.floor((offset - start) / size);
        const at =
          5 + this.disk.offsetSize + this.offsetBytes + (row * this.width + column) * this.disk.offsetSize;
        const entry = await this.disk.at(this.root + at, this.disk.offsetSize, 'a heap');
        return { address: this.disk.requiredAddress(entry), start: start + column * size };
      }
      start += size * this.width;
    }
    throw malformed('a heap larger than this reader follows');
  }
}
