/** Debian packages: which are missing, and installing them where that is allowed. */
import { spawnSync } from 'node:child_process';
import { run } from '../lib/children.mjs';

const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };

/** @param {string} name */
function isInstalled(name) {
  const query = spawnSync('dpkg-query', ['-W', '-f=${Status}', name], { encoding: 'utf8' });
  return query.status === 0 && query.stdout.includes('install ok installed');
}

/** True on Debian and its kin, where this module can tell what is installed. */
export function hasApt() {
  return spawnSync('apt-get', ['--version'], { stdio: 'ignore' }).status === 0;
}

/**
 * Makes sure that Debian packages are installed. Elsewhere than on Debian it does nothing: what is missing shows later,
 * in the message of the step that needs it.
 *
 * @param {string[]} names
 * @param {string} purpose what they are for, to complete "… is needed for"
 * @throws when something is missing and cannot be installed from here; the message says what to run.
 */
export async function ensurePackages(names, purpose) {
  if (!hasApt()) return;
  const missing = names.filter((name) => !isInstalled(name));
  if (missing.length === 0) return;
  const command = `apt-get install -y --no-install-recommends ${missing.join(' ')}`;
  if (process.getuid?.() !== 0) {
    throw new Error(`${missing.join(', ')} needed for ${purpose}. Run: sudo ${command}`);
  }
  console.log(`Installing ${missing.join(', ')} (${purpose})`);
  /** @type {import('node:child_process').SpawnOptions} */
  const options = { env: environment, stdio: ['ignore', 'ignore', 'inherit'] };
  const install = () => run('apt-get', command.split(' ').slice(1), { ...options, timeoutMs: 300_000 });
  if ((await install()).code === 0) return;
  // The package lists may be missing or old.
  await run('apt-get', ['update'], { ...options, timeoutMs: 120_000 });
  if ((await install()).code !== 0) {
    throw new Error(`${missing.join(', ')} needed for ${purpose}, and this failed: ${command}`);
  }
}
