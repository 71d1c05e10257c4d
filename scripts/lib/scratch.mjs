/** Temporary folders that go when the process goes, however it ends short of a kill. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** @type {Set<string>} */
const folders = new Set();

/** @param {string} folder */
export function removeScratch(folder) {
  folders.delete(folder);
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

/**
 * @param {string} purpose part of the folder's name
 * @returns {string} the path of a new, empty folder
 */
export function makeScratch(purpose) {
  const folder = mkdtempSync(join(tmpdir(), `rnn-lens-${purpose}-`));
  folders.add(folder);
  return folder;
}

process.once('exit', () => {
  for (const folder of folders) removeScratch(folder);
});
