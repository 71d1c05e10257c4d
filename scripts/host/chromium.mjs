/** Finds a Chromium to show the workbench in, or installs Debian's. */
import { isExecutable, onPath } from '../lib/programs.mjs';
import { ensureThere } from './apt.mjs';

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'microsoft-edge'];
const applications = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

const chromium = { debianPackage: 'chromium', provides: 'chromium' };

/** Pictures need letters; the second package has those of the Chinese translation. */
const fonts = [
  { debianPackage: 'fonts-dejavu-core', provides: '/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf' },
  { debianPackage: 'fonts-noto-cjk', provides: '/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc' },
];

const find = () => names.flatMap(onPath).concat(applications).find(isExecutable);

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
  if (found !== undefined) return found;
  await ensureThere([chromium, ...fonts], 'showing VS Code in a browser');
  const installed = find();
  if (installed === undefined) {
    throw new Error('Chromium, Chrome or Edge is needed: install one, or set CHROME_PATH to its binary.');
  }
  return installed;
}
