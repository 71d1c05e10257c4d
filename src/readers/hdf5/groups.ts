import { Cursor, malformed } from '../bytes';
import { denseObjects } from './dense';
import { type Disk, expectSignature } from './disk';
import type { HeaderMessage } from './messages';

const MAX_LINKS = 200_000;
const MAX_TREE_DEPTH = 16;
const LINK_INFO = 0x02;
const LINK = 0x06;
const SYMBOL_TABLE = 0x11;

/** A group's hard links: name → object header address. Soft and external links are not followed. @throws ReadError */
export async function readLinks(
  disk: Disk,
  messages: readonly HeaderMessage[],
): Promise<Map<string, number>> {
  const links = new Map<string, number>();
  for (const message of messages) {
    const cursor = new Cursor(message.data, 'a group');
    if (message.type === LINK) addLink(disk, cursor, links);
    else if (message.type === SYMBOL_TABLE) await symbolTable(disk, cursor, links);
    else if (message.type === LINK_INFO) {
      cursor.take(1);
      if (cursor.u8() & 1) cursor.take(8);
      const heap = disk.address(cursor);
      const tree = disk.address(cursor);
      if (heap === undefined || tree === undefined) continue;
      for (const object of await denseObjects(disk, heap, tree, 4)) addLink(disk, object, links);
    }
  }
  return links;
}

function addLink(disk: Disk, cursor: Cursor, links: Map<string, number>): void {
  if (cursor.u8() !== 1) throw malformed('a link of an unknown version');
  const flags = cursor.u8();
  const type = flags & 8 ? cursor.u8() : 0;
  if (flags & 4) cursor.take(8);
  if (flags & 16) cursor.take(1);
  const name = cursor.text(cursor.uint(1 << (flags & 3)));
  if (type === 0) links.set(name, disk.requiredAddress(cursor));
}

async function symbolTable(disk: Disk, cursor: Cursor, links: Map<string, number>): Promise<void> {
  const tree = disk.requiredAddress(cursor);
  const names = await localHeap(disk, disk.requiredAddress(cursor));
  await treeNode(disk, tree, names, links, new Set(), 0);
}

/** The heap that holds a group's names. */
async function localHeap(disk: Disk, address: number): Promise<Uint8Array> {
  const header = await disk.at(address, 8 + 2 * disk.lengthSize + disk.offsetSize, 'a group');
  expectSignature(header, 'HEAP');
  header.take(4);
  const size = disk.length(header);
  disk.length(header);
  return (await disk.at(disk.requiredAddress(header), size, 'a group')).bytes;
}

async function treeNode(
  disk: Disk,
  address: number,
  names: Uint8Array,
  links: Map<string, number>,
  seen: Set<number>,
  depth: number,
): Promise<void> {
  if (depth > MAX_TREE_DEPTH || seen.has(address)) throw malformed('a group whose index goes in circles');
  seen.add(address);
  const header = await disk.at(address, 8 + 2 * disk.offsetSize, 'a group');
  expectSignature(header, 'TREE');
  if (header.u8() !== 0) throw malformed('a group with the index of a data set');
  const level = header.u8();
  const count = header.u16();
  const size = count * (disk.lengthSize + disk.offsetSize);
  const entries = await disk.at(address + header.end, size, 'a group');
  for (let i = 0; i < count; i++) {
    disk.length(entries);
    const child = disk.requiredAddress(entries);
    if (level > 0) await treeNode(disk, child, names, links, seen, depth + 1);
    else await symbolNode(disk, child, names, links);
  }
}

async function symbolNode(
  disk: Disk,
  address: number,
  names: Uint8Array,
  links: Map<string, number>,
): Promise<void> {
  const header = await disk.at(address, 8, 'a group');
  expectSignature(header, 'SNOD');
  header.take(2);
  const count = header.u16();
  const entrySize = 2 * disk.offsetSize + 24;
  const entries = await disk.at(address + 8, count * entrySize, 'a group');
  for (let i = 0; i < count; i++) {
    if (links.size >= MAX_LINKS) throw malformed('a group with too many members');
    const nameAt = disk.requiredAddress(entries);
    const target = disk.address(entries);
    entries.take(24);
    // Soft links lead to a name, not to an address.
    if (target !== undefined) links.set(nameIn(names, nameAt), target);
  }
}

function nameIn(names: Uint8Array, at: number): string {
  const end = names.indexOf(0, at);
  if (at >= names.length || end < 0) throw malformed('a group member without a name');
  return new TextDecoder().decode(names.subarray(at, end));
}
