import { type ByteSource, Cursor, malformed } from '../bytes';
import { Disk } from './disk';

const SIGNATURE = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];

export function isHdf5(bytes: Uint8Array): boolean {
  return SIGNATURE.every((b, i) => bytes[i] === b);
}

/** Opens a file: where addresses count from, how wide they are, where the root group's header is. @throws ReadError */
export async function openSuperblock(source: ByteSource): Promise<{ disk: Disk; root: number }> {
  // The superblock may stand behind a user block of 512 bytes or a doubling of that.
  for (let at = 0; at + 8 <= source.size && at <= 1 << 20; at = at === 0 ? 512 : at * 2) {
    const head = await source.read(at, Math.min(160, source.size - at));
    if (isHdf5(head)) return parse(source, new Cursor(head, 'the superblock'), at);
  }
  throw malformed('it is not an HDF5 file');
}

function parse(source: ByteSource, cursor: Cursor, start: number): { disk: Disk; root: number } {
  cursor.take(8);
  const version = cursor.u8();
  if (version > 3) throw malformed(`an HDF5 superblock of version ${version}`);
  const old = version < 2;
  if (old) cursor.take(4);
  const [offsetSize, lengthSize] = [cursor.u8(), cursor.u8()];
  if (!SIZES.has(offsetSize) || !SIZES.has(lengthSize)) throw malformed('addresses of an impossible width');
  cursor.take(old ? (version === 1 ? 13 : 9) : 1);
  const probe = new Disk(source, 0, offsetSize, lengthSize);
  const base = probe.address(cursor) ?? start;
  const disk = new Disk(source, base, offsetSize, lengthSize);
  if (old) {
    cursor.take(3 * offsetSize);
    cursor.take(offsetSize);
  } else cursor.take(2 * offsetSize);
  return { disk, root: disk.requiredAddress(cursor) };
}

const SIZES = new Set([2, 4, 8]);
