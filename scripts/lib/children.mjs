/**
 * Child processes that never outlive their parent.
 *
 * Each child leads its own process group, so that ending it ends what it started (a server's extension hosts, a test
 * runner's workers). When this process is asked to stop, every group is asked first and killed if it does not listen.
 */
import { spawn } from 'node:child_process';
import { setTimeout as delay } from 'node:timers/promises';

const posix = process.platform !== 'win32';
/** How long a group may take to clean up after SIGTERM before it is killed. */
const graceMs = 5_000;

/** @type {Set<import('node:child_process').ChildProcess>} */
const live = new Set();

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {'SIGTERM' | 'SIGKILL'} signal
 */
function signalGroup(child, signal) {
  if (child.pid === undefined) return;
  try {
    if (posix) process.kill(-child.pid, signal);
    else spawn('taskkill', ['/pid', String(child.pid), '/t', '/f'], { stdio: 'ignore' });
  } catch {
    // The group is gone already, which is what was wanted.
  }
}

/** @param {import('node:child_process').ChildProcess} child */
function isRunning(child) {
  return child.exitCode === null && child.signalCode === null;
}

/**
 * Starts a child as the leader of its own process group.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions} [options]
 */
export function start(command, args, options = {}) {
  const child = spawn(command, args, { ...options, detached: posix });
  live.add(child);
  child.once('exit', () => {
    // Whatever the child left running goes with it.
    signalGroup(child, 'SIGKILL');
    live.delete(child);
  });
  return child;
}

/**
 * Ends a child and everything in its group: politely, then by force.
 *
 * @param {import('node:child_process').ChildProcess} child
 */
export async function stop(child) {
  if (isRunning(child)) {
    const closed = new Promise((resolve) => child.once('exit', resolve));
    signalGroup(child, 'SIGTERM');
    await Promise.race([closed, delay(graceMs, undefined, { ref: false })]);
  }
  signalGroup(child, 'SIGKILL');
}

/**
 * Runs a command to its end.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions & { timeoutMs: number }} options
 * @returns {Promise<{ code: number, timedOut: boolean }>} the exit code (1 for a signal or a failed start).
 */
export async function run(command, args, { timeoutMs, ...options }) {
  const child = start(command, args, { stdio: 'inherit', ...options });
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    void stop(child);
  }, timeoutMs);
  const code = await new Promise((resolve) => {
    child.once('error', (error) => {
      console.error(`${command}: ${error.message}`);
      resolve(1);
    });
    child.once('exit', (exit) => resolve(exit ?? 1));
  });
  clearTimeout(timer);
  return { code: timedOut ? 1 : code, timedOut };
}

for (const [signal, number] of /** @type {const} */ ([
  ['SIGHUP', 1],
  ['SIGINT', 2],
  ['SIGTERM', 15],
])) {
  process.once(signal, () => {
    void Promise.all([...live].map(stop)).then(() => process.exit(128 + number));
  });
}

process.once('exit', () => {
  for (const child of live) signalGroup(child, 'SIGKILL');
});
