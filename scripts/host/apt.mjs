/** Things that Debian's packages provide: what is missing, and installing it where that is allowed. */
import { existsSync } from 'node:fs';
import { mkdir, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../lib/children.mjs';
import { cache } from '../lib/paths.mjs';
import { onPath } from '../lib/programs.mjs';

const log = join(cache, 'apt.log');

/**
 * Something needed, by the name of the Debian package that has it. It is there when `provides` is: a program on PATH or,
 * for a path, a file. Whoever has it from elsewhere needs no package.
 *
 * @typedef {{ debianPackage: string, provides: string }} Need
 */

/** @param {Need} need */
function isThere({ provides }) {
  return provides.startsWith('/') ? existsSync(provides) : onPath(provides).length > 0;
}

/**
 * Makes sure that what is needed is there. Elsewhere than on Debian and its kin it leaves that to the step that needs
 * it, whose message says what is missing.
 *
 * @param {Need[]} needs
 * @param {string} purpose what for, to complete "… is needed for"
 * @throws when something is missing and cannot be installed from here; the message says what to run.
 */
export async function ensureThere(needs, purpose) {
  const missing = needs.filter((need) => !isThere(need)).map(({ debianPackage }) => debianPackage);
  if (missing.length === 0 || onPath('apt-get').length === 0) return;
  const installArgs = ['install', '-y', '--no-install-recommends', ...missing];
  const command = `apt-get ${installArgs.join(' ')}`;
  if (process.getuid?.() !== 0) {
    throw new Error(`For ${purpose}, ${missing.join(', ')} must be installed. Run: sudo ${command}`);
  }
  console.log(`Installing ${missing.join(', ')} (${purpose})`);
  if ((await aptGet(installArgs, 300_000)) === 0) return;
  // The package lists may be missing or old.
  await aptGet(['update'], 120_000);
  if ((await aptGet(installArgs, 300_000)) === 0) return;
  const said = await readFile(log, 'utf8').catch(() => '');
  throw new Error(`${command} failed, and is needed for ${purpose}:\n${said.trimEnd().slice(-1500)}`);
}

/**
 * Runs apt-get with its chatter in a log.
 *
 * @param {string[]} args
 * @param {number} timeoutMs
 * @returns {Promise<number>} its exit code
 */
async function aptGet(args, timeoutMs) {
  await mkdir(cache, { recursive: true });
  const file = await open(log, 'w');
  try {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const { code } = await run('apt-get', args, { env, stdio: ['ignore', file.fd, file.fd], timeoutMs });
    return code;
  } finally {
    await file.close();
  }
}
