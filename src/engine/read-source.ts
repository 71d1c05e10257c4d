import type { Assumptions } from '../model';
import { message } from '../model';
import { ReaderMemory } from '../readers/memory';
import { readJavaScript } from '../readers/javascript';
import { readNotebook } from '../readers/notebook';
import { readPython } from '../readers/python';
import { readerFor } from '../readers/registry';
import type { SourceReadResult, SourceReaderOptions, TextFile } from '../readers/types';

/** Looks up a file's text; `undefined` says that there is none. Paths use `/`. */
export type LoadText = (file: string) => Promise<string | undefined>;

/** A file larger than this is not source that somebody wrote; it is refused before it is parsed. */
export const MAX_SOURCE_CHARACTERS = 5_000_000;

/** How often imports of imports are followed, how many files are read in all, and how many names are tried to find them. */
const MAX_ROUNDS = 16;
const MAX_FILES = 64;
const MAX_CANDIDATES = 1024;

type Reader = (file: TextFile, options: SourceReaderOptions) => SourceReadResult;

const READERS: Readonly<Record<'python' | 'javascript' | 'notebook', Reader>> = {
  python: readPython,
  javascript: readJavaScript,
  notebook: readNotebook,
};

/** Whether {@link readSource} takes a file of this name. */
export function isSource(file: string): boolean {
  return readerOf(file) !== undefined;
}

function readerOf(file: string): Reader | undefined {
  const choice = readerFor(file, new Uint8Array());
  return choice?.kind === 'source' ? READERS[choice.format] : undefined;
}

/** Reads one source text with the files at hand. Never throws for what a file may hold. */
export function readSource(file: TextFile, options: SourceReaderOptions): SourceReadResult {
  const source = { file: file.file };
  const refuse = (code: string, text: ReturnType<typeof message>): SourceReadResult => ({
    format: 'unknown',
    models: [],
    problems: [{ code, severity: 'error', message: text, source }],
    wanted: [],
  });
  const read = readerOf(file.file);
  if (!read) return refuse('unknown-format', message('This kind of file is not read as source.'));
  if (file.text.length > MAX_SOURCE_CHARACTERS) {
    return refuse(
      'too-large',
      message(
        'The file has {0} characters; files over {1} are not read.',
        file.text.length,
        MAX_SOURCE_CHARACTERS,
      ),
    );
  }
  if (file.text.includes('\0')) return refuse('binary', message('The file is binary, not source text.'));
  return read(file, options);
}

/**
 * Reads a source text and, as far as its sizes depend on them, the files that it imports: reads, loads what was wanted,
 * reads again, until nothing new turns up or the bounds are reached.
 */
export async function readSourceWithImports(
  file: TextFile,
  assumptions: Assumptions,
  load: LoadText,
  cancelled: () => boolean = () => false,
  memory: ReaderMemory = new ReaderMemory(),
  about?: string,
): Promise<{ readonly result: SourceReadResult; readonly files: ReadonlyMap<string, string | undefined> }> {
  const files = new Map<string, string | undefined>();
  const options = { assumptions, files, cancelled, memory, ...(about !== undefined && { about }) };
  let result = readSource(file, options);
  let found = 0;
  for (let round = 0; round < MAX_ROUNDS && found < MAX_FILES && !cancelled(); round++) {
    const missing = result.wanted.filter((path) => !files.has(path)).slice(0, MAX_CANDIDATES - files.size);
    if (missing.length === 0) break;
    const texts = await Promise.all(missing.map((path) => loadSafely(load, path)));
    missing.forEach((path, i) => {
      const text = found < MAX_FILES ? texts[i] : undefined;
      if (text !== undefined) found++;
      files.set(path, text);
    });
    // Candidates that do not exist change nothing, but the reader may then name the next best ones.
    result = readSource(file, options);
  }
  return { result, files };
}

async function loadSafely(load: LoadText, path: string): Promise<string | undefined> {
  try {
    const text = await load(path);
    return text !== undefined && text.length <= MAX_SOURCE_CHARACTERS ? text : undefined;
  } catch {
    return undefined; // An import that cannot be read is an import that is not there.
  }
}
