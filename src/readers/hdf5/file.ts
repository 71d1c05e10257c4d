import { type ByteSource, Cursor, malformed, pagedSource } from '../bytes';
import { bytesPerValue, valuesIn } from '../weights/dtypes';
import { type Attributes, readAttributes } from './attributes';
import type { Disk } from './disk';
import { readLinks } from './groups';
import { type HeaderMessage, readMessages } from './messages';
import { openSuperblock } from './superblock';
import { type DataType, readDataSpace, readDataType } from './types';

/** A data set's shape and type, and where its values lie when they lie in one plain piece. */
export interface Hdf5DataSet {
  readonly shape: readonly number[];
  readonly dtype: string;
  /** Counted from the start of the source. */
  readonly place?: { readonly offset: number; readonly length: number };
  /** Its values do not fit into the file: what it says of itself is wrong. */
  readonly impossible: boolean;
}

export interface Hdf5Object {
  readonly address: number;
  readonly attributes: Attributes;
  /** Members of a group by name; empty for a data set. */
  readonly links: ReadonlyMap<string, number>;
  readonly dataSet?: Hdf5DataSet;
}

const DATA_SPACE = 0x01;
const DATA_TYPE = 0x03;
const LAYOUT = 0x08;
const FILTERS = 0x0b;
const SHARED = 0x02;
const MAX_DEPTH = 64;
const MAX_OBJECTS = 100_000;

/** An HDF5 file's structure, by ranged reads: groups, attributes, shapes. Values stay unread. */
export class Hdf5File {
  private constructor(
    private readonly disk: Disk,
    private readonly rootAddress: number,
  ) {}

  /** @throws ReadError when it is not an HDF5 file. */
  static async open(source: ByteSource): Promise<Hdf5File> {
    const { disk, root } = await openSuperblock(pagedSource(source));
    return new Hdf5File(disk, root);
  }

  root(): Promise<Hdf5Object> {
    return this.object(this.rootAddress);
  }

  /** @throws ReadError when no object is there. */
  async object(address: number): Promise<Hdf5Object> {
    const messages = await readMessages(this.disk, address);
    const dataSet = dataSetOf(this.disk, messages);
    return {
      address,
      attributes: await readAttributes(this.disk, messages),
      links: dataSet ? new Map() : await readLinks(this.disk, messages),
      ...(dataSet ? { dataSet } : {}),
    };
  }

  /**
   * Every data set below an object, by path, in the order of the groups' links. Each object is visited once per file, so links that
   * lead back up end there.
   */
  async dataSets(from: Hdf5Object): Promise<Map<string, Hdf5DataSet>> {
    const found = new Map<string, Hdf5DataSet>();
    const seen = new Set<number>([from.address]);
    const visit = async (object: Hdf5Object, path: string, depth: number): Promise<void> => {
      if (depth > MAX_DEPTH) throw malformed(`groups nested more than ${MAX_DEPTH} deep`);
      if (object.dataSet) found.set(path, object.dataSet);
      for (const [name, address] of object.links) {
        if (seen.has(address)) continue;
        if (seen.size >= MAX_OBJECTS) throw malformed('too many objects');
        seen.add(address);
        await visit(await this.object(address), path === '' ? name : `${path}/${name}`, depth + 1);
      }
    };
    await visit(from, '', 0);
    return found;
  }
}

function dataSetOf(disk: Disk, messages: readonly HeaderMessage[]): Hdf5DataSet | undefined {
  const cursorOf = (type: number): Cursor | undefined => {
    const message = messages.find((m) => m.type === type);
    return message && !(message.flags & SHARED) ? new Cursor(message.data, 'a data set') : undefined;
  };
  const [space, type, layout] = [cursorOf(DATA_SPACE), cursorOf(DATA_TYPE), cursorOf(LAYOUT)];
  if (!layout) return undefined;
  // A shared type (one that has a name in the file) leaves the shape to be read.
  const dataType: DataType = type ? readDataType(type) : { kind: 'other', dtype: 'unsupported', size: 0 };
  const shape = space ? readDataSpace(disk, space) : [];
  const count = valuesIn(shape);
  if (count === undefined) return { shape: [], dtype: dataType.dtype, impossible: true };
  const filtered = messages.some((m) => m.type === FILTERS);
  const placed = contiguous(disk, layout);
  const plain = { shape, dtype: dataType.dtype };
  if (filtered || placed === undefined) return { ...plain, impossible: false };
  const length = count * dataType.size;
  // Nothing was ever written to it: there are no values, but there is a shape.
  if (placed.address === undefined) return { ...plain, impossible: false };
  if (dataType.size > 0 && !disk.holds(placed.address, length)) return { ...plain, impossible: true };
  if (bytesPerValue(dataType.dtype) !== dataType.size) return { ...plain, impossible: false };
  return { ...plain, impossible: false, place: { offset: disk.base + placed.address, length } };
}

/** A layout message: only contiguous data has one plain place. Versions 1 and 2 put the class behind the rank. */
function contiguous(disk: Disk, layout: Cursor): { address: number | undefined } | undefined {
  const version = layout.u8();
  if (version < 3) {
    layout.take(1);
    if (layout.u8() !== 1) return undefined;
    layout.take(5);
    return { address: disk.address(layout) };
  }
  return layout.u8() === 1 ? { address: disk.address(layout) } : undefined;
}
