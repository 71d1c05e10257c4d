/** Finds a Chromium to show the workbench in, or installs Debian's. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { ensurePackages } from './apt.mjs';

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'microsoft-edge'];
const applications = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

/** Text in pictures needs fonts; the second has the Chinese characters of the translated interface. */
const fonts = ['fonts-dejavu-core', 'fonts-noto-cjk'];

/** @param {string} path */
function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function find() {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  const candidates = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...candidates, ...applications].find(isExecutable);
}

/**
 * @returns {Promise<string>} the path of a Chromium, Chrome or Edge binary; CHROME_PATH overrides the search.
 * @throws with a plain message when there is none and none can be installed.
 */
export async function ensureChromium() {
  const chosen = process.env.CHROME_PATH;
  if (chosen) {
    if (!isExecutable(chosen)) throw new Error(`CHROME_PATH is set to ${chosen}, which cannot be run.`);
    return chosen;
  }
  const found = find();
  if (found === undefined) await ensurePackages(['chromium', ...fonts], 'showing VS Code in a browser');
  const path = found ?? find();
  if (path === undefined) {
    throw new Error('Chromium, Chrome or Edge is needed: install one, or set CHROME_PATH to its binary.');
  }
  return path;
}
