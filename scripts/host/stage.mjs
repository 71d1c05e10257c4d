/** The extension under development, in a folder of its own. */
import { readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../lib/paths.mjs';
import { makeScratch } from '../lib/scratch.mjs';

/** Not part of an extension, and not to be looked through. */
const left = new Set(['node_modules', 'out']);

/**
 * Links what the repository holds into a folder that does not hold the cache: VS Code takes every theme that lies under
 * the path of the extension under development for one of its themes, and switches to it; its own lie in the cache.
 *
 * @returns {string} the folder, for `extensionDevelopmentPath`
 */
export function stageExtension() {
  const folder = makeScratch('extension');
  for (const name of readdirSync(root)) {
    if (!name.startsWith('.') && !left.has(name)) symlinkSync(join(root, name), join(folder, name));
  }
  return folder;
}
