/** Installs the project's own dependencies when they are missing or stale. Node built-ins only. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './children.mjs';
import { root } from './paths.mjs';

/** @type {[major: number, minor: number]} */
const oldestNode = [20, 19];

/** @param {string} path */
const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'));

/**
 * What differs between package-lock.json and the installed tree, or undefined when they agree. npm keeps a hidden
 * lock file of what it installed; optional packages may be absent from it (those of other platforms).
 */
function staleness() {
  const installedLock = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(installedLock)) return 'node_modules is missing';
  const wanted = readJson(join(root, 'package-lock.json')).packages;
  const installed = readJson(installedLock).packages;
  for (const [path, entry] of Object.entries(wanted)) {
    if (path === '' || entry.link) continue;
    const present = installed[path];
    if (present ? present.version !== entry.version : !(entry.optional || entry.devOptional)) {
      return `${path} is not at ${entry.version}`;
    }
  }
  return undefined;
}

/** Runs `npm ci` if needed. Exits with a plain message when Node is too old or the install fails. */
export async function ensureDependencies() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < oldestNode[0] || (major === oldestNode[0] && minor < oldestNode[1])) {
    console.error(`Node ${oldestNode.join('.')} or newer is needed; this is Node ${process.versions.node}.`);
    process.exit(1);
  }
  const reason = staleness();
  if (reason === undefined) return;
  console.log(`Installing dependencies (${reason}): npm ci`);
  // npm tells its children which npm is running; outside of `npm run` the one on PATH is taken.
  const npm = process.env.npm_execpath;
  const [command, args] = npm
    ? [process.execPath, [npm]]
    : [process.platform === 'win32' ? 'npm.cmd' : 'npm', []];
  const { code, timedOut } = await run(
    command,
    [...args, 'ci', '--no-audit', '--no-fund', '--prefer-offline'],
    {
      cwd: root,
      timeoutMs: 600_000,
      shell: command.endsWith('.cmd'),
    },
  );
  // npm has been seen to end with code 0 and nothing installed, when it could not reach the registry.
  if (code !== 0 || staleness() !== undefined) {
    console.error(
      `npm ci ${timedOut ? 'took over ten minutes' : 'failed'}: the message above says why. The npm registry has to be ` +
        'reachable (see `npm config get registry`).',
    );
    process.exit(1);
  }
}
