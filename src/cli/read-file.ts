import { readFile, stat } from 'node:fs/promises';
import { analyseSaved, analyseSource, type Analysis } from '../engine/analyse';
import { isSource, MAX_SOURCE_CHARACTERS } from '../engine/read-source';
import { hasTrainedWeights, trainedWeights, type ModelFile } from '../engine/trained-weights';
import type { Assumptions, RecurrentLayer, Workload } from '../model';
import { fileByteSource, siblingsOf } from '../node/file-bytes';
import { readerFor } from '../readers/registry';
import type { FlowWeights } from '../readers/weights/flow-weights';
import { callsBeside } from './calls';
import { CliError } from './cli-error';
import { decodeUtf8, loadText } from './io';

/** Reads and costs one file. Throws {@link CliError} for a file that cannot be read at all. */
export async function analyseFile(
  file: string,
  workload: Workload,
  assumptions: Assumptions,
): Promise<Analysis> {
  const path = file.replaceAll('\\', '/');
  if (!isReadable(path)) throw new CliError(`${file}: not a kind of file that is read`);
  if (!isSource(path)) return withModel(file, (opened) => analyseSaved(opened.source, opened, workload));
  return analyseSource(
    { file: path, text: await readText(file) },
    { workload, assumptions, load: loadText, calls: callsBeside(path) },
  );
}

/** Whether a file of this name is source or a saved model. */
export function isReadable(file: string): boolean {
  return readerFor(file, new Uint8Array()) !== undefined;
}

/** Loads the trained weights of a layer of a saved model; undefined for source. Throws {@link CliError} as {@link analyseFile}. */
export function loadTrained(file: string, layer: RecurrentLayer): Promise<FlowWeights> | undefined {
  return hasTrainedWeights(layer) ? withModel(file, (opened) => trainedWeights(layer, opened)) : undefined;
}

async function withModel<T>(file: string, use: (opened: ModelFile) => Promise<T>): Promise<T> {
  const source = await fileByteSource(file).catch((error: NodeJS.ErrnoException) => {
    throw new CliError(`${file}: cannot be read (${error.code ?? error.message})`);
  });
  const siblings = siblingsOf(file);
  try {
    return await use({ file: file.replaceAll('\\', '/'), source, sibling: siblings.sibling });
  } finally {
    await Promise.all([source.close(), siblings.close()]);
  }
}

async function readText(file: string): Promise<string> {
  let bytes: Uint8Array;
  try {
    const stats = await stat(file);
    // A pipe or a device could give bytes without end, or none ever.
    if (!stats.isFile()) throw new CliError(`${file}: not a file`);
    const { size } = stats;
    // UTF-8 takes at most four bytes a character: this refuses a huge file before it is in memory.
    if (size > 4 * MAX_SOURCE_CHARACTERS)
      throw new CliError(`${file}: ${size} bytes, too large for source text`);
    bytes = await readFile(file);
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw new CliError(`${file}: cannot be read (${(error as NodeJS.ErrnoException).code ?? 'error'})`);
  }
  if (bytes.includes(0)) throw new CliError(`${file}: binary, not source text`);
  const text = decodeUtf8(bytes);
  if (text === undefined) throw new CliError(`${file}: not UTF-8 text; save it as UTF-8 and try again`);
  return text;
}
