import { readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isSource, MAX_SOURCE_CHARACTERS } from '../engine/read-source';
import { CliError } from './cli-error';

/** Folders that never hold models a user means. */
const SKIPPED = new Set(['node_modules', '__pycache__', 'venv', 'site-packages']);
const MAX_FOLDER_FILES = 20_000;

/** Reads a text for an import; no such file is no error. */
export async function loadText(file: string): Promise<string | undefined> {
  try {
    const stats = await stat(file);
    // A pipe or a device could give bytes without end, or none ever; UTF-8 takes at most four bytes a character.
    if (!stats.isFile() || stats.size > 4 * MAX_SOURCE_CHARACTERS) return undefined;
    return decodeUtf8(await readFile(file));
  } catch {
    return undefined;
  }
}

/** Strict UTF-8 with an optional byte-order mark; undefined when the bytes are something else. */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** The files a command-line path means: itself, or every readable file in the folder, sorted. */
export async function expandPath(
  path: string,
  accepts: (file: string) => boolean = isSource,
): Promise<{ files: string[]; folder: boolean }> {
  let info;
  try {
    info = await stat(path);
  } catch {
    throw new CliError(`${path}: no such file or folder`);
  }
  if (!info.isDirectory()) return { files: [path], folder: false };
  const files: string[] = [];
  await walk(path, files, accepts);
  return { files: files.sort(), folder: true };
}

async function walk(folder: string, into: string[], accepts: (file: string) => boolean): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    if (into.length >= MAX_FOLDER_FILES) return;
    // A link could lead out of the folder or in a circle; only what lies here is read.
    if (entry.isSymbolicLink() || entry.name.startsWith('.') || SKIPPED.has(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await walk(path, into, accepts);
    else if (entry.isFile() && accepts(path)) into.push(path);
  }
}
