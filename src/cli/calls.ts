import { isAbsolute, relative, resolve } from 'node:path';
import { calledNames, type FindCalls } from '../engine/call-sites';
import { expandPath, loadText } from './io';

/** Files looked through for calls; a folder with more is no project. */
const MAX_FILES = 3_000;

/** Looks for calls in the Python files of the working folder, when the file that is read lies in it; each is read once. */
export function callsBeside(file: string): FindCalls {
  const root = process.cwd();
  const inside = relative(root, resolve(file));
  let index: Promise<ReadonlyMap<string, ReadonlySet<string>>> | undefined;
  return async (names) => {
    if (inside.startsWith('..') || isAbsolute(inside)) return [];
    index ??= indexed(root);
    return [...(await index)].filter(([, called]) => names.some((n) => called.has(n))).map(([path]) => path);
  };
}

async function indexed(root: string): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const { files } = await expandPath(root, (path) => path.endsWith('.py'));
  const index = new Map<string, ReadonlySet<string>>();
  for (const path of files.slice(0, MAX_FILES)) {
    const text = await loadText(path);
    // Named as the file that is read is named: imports are resolved beside it.
    if (text !== undefined) index.set(relative(root, path).replaceAll('\\', '/'), calledNames(text));
  }
  return index;
}
