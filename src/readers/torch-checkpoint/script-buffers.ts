import { type ZipArchive, openEntry } from '../bytes';

/** The code of a TorchScript archive names each class' buffers; more of it than this is not looked at. */
const MAX_FILES = 2000;
const MAX_FILE_BYTES = 1 << 20;
const MAX_TOTAL_BYTES = 16 << 20;

/** Buffers by class, as `__torch__.package.module.Class` → names. */
export type ScriptBuffers = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * Which attributes of TorchScript modules are buffers: the archive keeps parameters and buffers alike as attributes, and only the
 * serialised code, of which nothing is run, tells them apart: `class STFT(Module):`, `__buffers__ = ["basis", ]`.
 * @param root the archive's folder, with its slash
 */
export async function scriptBuffers(zip: ZipArchive, root: string): Promise<ScriptBuffers> {
  const buffers = new Map<string, ReadonlySet<string>>();
  const start = `${root}code/`;
  let total = 0;
  const files = [...zip.entries].filter(([name]) => name.startsWith(start) && name.endsWith('.py'));
  for (const [name, entry] of files.slice(0, MAX_FILES)) {
    const code = await openEntry(zip, entry, MAX_FILE_BYTES).catch(() => undefined);
    total += code?.size ?? 0;
    if (!code || code.size > MAX_FILE_BYTES) continue;
    if (total > MAX_TOTAL_BYTES) break;
    const module = name.slice(start.length, -'.py'.length).replaceAll('/', '.');
    const text = new TextDecoder().decode(await code.read(0, code.size));
    for (const [className, names] of buffersIn(text)) buffers.set(`${module}.${className}`, names);
  }
  return buffers;
}

function* buffersIn(text: string): Generator<[string, ReadonlySet<string>]> {
  let className: string | undefined;
  for (const line of text.split('\n')) {
    className = /^class (\w+)\(/.exec(line)?.[1] ?? className;
    const list = /^ {2}__buffers__ = \[(.*)\]\s*$/.exec(line)?.[1];
    if (className === undefined || list === undefined) continue;
    yield [className, new Set([...list.matchAll(/"([^"]+)"/g)].map((m) => m[1]!))];
  }
}
