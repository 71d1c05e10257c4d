import { Cursor, malformed, tooLarge } from '../bytes';
import { denseObjects } from './dense';
import { type Disk, expectSignature } from './disk';
import type { HeaderMessage } from './messages';
import { type DataType, readDataSpace, readDataType } from './types';

const ATTRIBUTE = 0x0c;
const ATTRIBUTE_INFO = 0x15;
const MAX_VALUES = 100_000;

interface Attribute {
  readonly type: DataType;
  readonly shape: readonly number[];
  readonly data: Cursor;
}

/** An object's attributes; values are decoded when asked for. */
export class Attributes {
  constructor(
    private readonly disk: Disk,
    private readonly byName: ReadonlyMap<string, Attribute>,
  ) {}

  has(name: string): boolean {
    return this.byName.has(name);
  }

  /** A text attribute, or the texts of a list; undefined when there is none or it holds something else. */
  async texts(name: string): Promise<string[] | undefined> {
    const attribute = this.byName.get(name);
    if (!attribute) return undefined;
    const { type, shape } = attribute;
    const count = shape.reduce((n, d) => n * d, 1);
    if (count > MAX_VALUES) throw tooLarge(`the attribute ${name}`, MAX_VALUES);
    const data = new Cursor(attribute.data.bytes, name, attribute.data.position);
    const texts: string[] = [];
    for (let i = 0; i < count; i++) {
      if (type.kind === 'text') texts.push(data.text(type.size).replace(/\0+$/, ''));
      else if (type.kind === 'variable-text') texts.push(await this.variable(data));
      else return undefined;
    }
    return texts;
  }

  /** A text of any length lies in a global heap: `length, collection address, index`. */
  private async variable(data: Cursor): Promise<string> {
    const { disk } = this;
    const length = data.u32();
    const address = disk.address(data);
    const index = data.u32();
    if (address === undefined || length === 0) return '';
    const head = await disk.at(address, 8 + disk.lengthSize, 'a heap');
    expectSignature(head, 'GCOL');
    head.take(4);
    const heap = await disk.at(address, disk.length(head), 'a heap');
    heap.take(8 + disk.lengthSize);
    while (heap.remaining >= 8 + disk.lengthSize) {
      const at = heap.u16();
      heap.take(6);
      const size = disk.length(heap);
      if (at === 0) break;
      if (at === index) return heap.text(Math.min(length, size)).replace(/\0+$/, '');
      heap.take(Math.min(heap.remaining, Math.ceil(size / 8) * 8));
    }
    throw malformed('a text that is not in its heap');
  }
}

export async function readAttributes(disk: Disk, messages: readonly HeaderMessage[]): Promise<Attributes> {
  const found = new Map<string, Attribute>();
  for (const message of messages) {
    const cursor = new Cursor(message.data, 'an attribute');
    if (message.type === ATTRIBUTE) addAttribute(disk, cursor, found);
    else if (message.type === ATTRIBUTE_INFO) {
      cursor.take(1);
      if (cursor.u8() & 1) cursor.take(2);
      const heap = disk.address(cursor);
      const tree = disk.address(cursor);
      if (heap === undefined || tree === undefined) continue;
      for (const object of await denseObjects(disk, heap, tree, 0)) addAttribute(disk, object, found);
    }
  }
  return new Attributes(disk, found);
}

function addAttribute(disk: Disk, cursor: Cursor, into: Map<string, Attribute>): void {
  const version = cursor.u8();
  if (version < 1 || version > 3) throw malformed('an attribute of an unknown version');
  const flags = cursor.u8();
  const [nameSize, typeSize, spaceSize] = [cursor.u16(), cursor.u16(), cursor.u16()];
  if (version === 3) cursor.take(1);
  // Version 1 pads each part to eight bytes.
  const part = (size: number) => {
    const bytes = cursor.slice(size);
    if (version === 1) cursor.take(Math.min(cursor.remaining, (8 - (size % 8)) % 8));
    return bytes;
  };
  const name = new TextDecoder().decode(part(nameSize)).replace(/\0+$/, '');
  const [type, space] = [part(typeSize), part(spaceSize)];
  // A type kept elsewhere (shared): no framework writes its attributes so.
  if (version > 1 && flags !== 0) return;
  into.set(name, {
    type: readDataType(new Cursor(type, 'an attribute')),
    shape: readDataSpace(disk, new Cursor(space, 'an attribute')),
    data: new Cursor(cursor.slice(cursor.remaining), name),
  });
}
