import { Cursor, malformed } from '../bytes';
import { type Disk, expectSignature } from './disk';

export interface HeaderMessage {
  readonly type: number;
  readonly flags: number;
  readonly data: Uint8Array;
}

const MAX_MESSAGES = 20_000;
const MAX_BLOCKS = 256;
const CONTINUATION = 0x10;

/** All messages of the object header at `address`, versions 1 and 2, continuation blocks included. @throws ReadError */
export async function readMessages(disk: Disk, address: number): Promise<HeaderMessage[]> {
  const first = await disk.upTo(address, 32, 'an object header');
  const version2 = first.remaining >= 4 && first.text(4) === 'OHDR';
  const messages: HeaderMessage[] = [];
  const blocks: { address: number; length: number }[] = [];
  let ordered = false;
  if (version2) {
    const header = await headerVersion2(disk, address);
    ordered = header.ordered;
    collect(disk, header.block, messages, blocks, true, ordered);
  } else {
    const cursor = await disk.at(address, 16, 'an object header');
    if (cursor.u8() !== 1) throw malformed('an object header of an unknown version');
    cursor.take(7);
    collect(
      disk,
      await disk.at(address + 16, cursor.u32(), 'an object header'),
      messages,
      blocks,
      false,
      false,
    );
  }
  for (let i = 0; i < blocks.length; i++) {
    if (i >= MAX_BLOCKS) throw malformed('an object header that goes on for ever');
    const block = await disk.at(blocks[i]!.address, blocks[i]!.length, 'an object header');
    if (version2) expectSignature(block, 'OCHK');
    collect(disk, block, messages, blocks, version2, ordered);
  }
  return messages;
}

async function headerVersion2(disk: Disk, address: number): Promise<{ block: Cursor; ordered: boolean }> {
  const cursor = await disk.upTo(address, 64, 'an object header');
  cursor.take(5);
  const flags = cursor.u8();
  if (flags & 0x20) cursor.take(16);
  if (flags & 0x10) cursor.take(4);
  const size = cursor.uint(1 << (flags & 3));
  // The checksum behind it is kept with the block, so that all blocks end alike.
  const block = await disk.at(address + cursor.position, size + 4, 'an object header');
  return { block, ordered: (flags & 4) !== 0 };
}

function collect(
  disk: Disk,
  block: Cursor,
  messages: HeaderMessage[],
  blocks: { address: number; length: number }[],
  version2: boolean,
  ordered: boolean,
): void {
  const head = version2 ? (ordered ? 6 : 4) : 8;
  const tail = version2 ? 4 : 0;
  while (block.remaining - tail >= head) {
    if (messages.length >= MAX_MESSAGES) throw malformed('an object header with too many messages');
    const type = version2 ? block.u8() : block.u16();
    const size = block.u16();
    const flags = block.u8();
    block.take(head - (version2 ? 4 : 5));
    const data = block.slice(size);
    if (type === CONTINUATION) {
      const cursor = new Cursor(data, 'an object header');
      blocks.push({ address: disk.requiredAddress(cursor), length: disk.length(cursor) });
    } else messages.push({ type, flags, data });
  }
}
