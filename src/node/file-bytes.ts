import { type FileHandle, open, stat } from 'node:fs/promises';
import { dirname, resolve, sep } from 'node:path';
import { type ByteSource, checkRange } from '../readers/bytes';

export interface FileByteSource extends ByteSource {
  close(): Promise<void>;
}

/** A file on disk, read by range. Rejects as `fs.open` does when it is not there. */
export async function fileByteSource(path: string): Promise<FileByteSource> {
  // Asked before it is opened: a pipe that nobody writes to would never open.
  if (!(await stat(path)).isFile()) throw new Error(`${path} is not a file`);
  const handle = await open(path, 'r');
  const { size } = await handle.stat();
  return {
    name: path,
    size,
    async read(offset, length) {
      checkRange(path, size, offset, length);
      return readFully(handle, path, offset, length);
    },
    close: () => handle.close(),
  };
}

async function readFully(
  handle: FileHandle,
  path: string,
  offset: number,
  length: number,
): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let at = 0;
  while (at < length) {
    const { bytesRead } = await handle.read(bytes, at, length - at, offset + at);
    // The file shrank since it was opened.
    if (bytesRead === 0) checkRange(path, offset + at, offset, length);
    at += bytesRead;
  }
  return bytes;
}

/**
 * Opens files beside `path` for a reader that keeps its weights apart. Paths that leave the folder are refused: a model file must
 * not be able to name any file on the disk. `close` closes all that were opened.
 */
export function siblingsOf(path: string) {
  const folder = dirname(resolve(path));
  const opened: FileByteSource[] = [];
  return {
    async sibling(relativePath: string): Promise<ByteSource | undefined> {
      const target = resolve(folder, relativePath);
      if (!target.startsWith(folder + sep)) return undefined;
      const source = await fileByteSource(target).catch(() => undefined);
      if (source) opened.push(source);
      return source;
    },
    close: async () => {
      await Promise.all(opened.splice(0).map((s) => s.close()));
    },
  };
}
