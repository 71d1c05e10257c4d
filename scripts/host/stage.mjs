/** The extension under development, under a path of its own. */
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../lib/paths.mjs';
import { makeScratch } from '../lib/scratch.mjs';

/**
 * A link to the repository. VS Code takes every theme that lies under the path of the extension under development for
 * one of its themes, and switches to it: its own lie in the cache, which is in the repository.
 *
 * The link is to the whole folder: VS Code tells whose code asks for its API by the real path of the extension.
 *
 * @returns {string} a path for `extensionDevelopmentPath`
 */
export function linkExtension() {
  const link = join(makeScratch('extension'), 'rnn-lens');
  symlinkSync(root, link);
  return link;
}
