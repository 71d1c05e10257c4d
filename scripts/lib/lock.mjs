/** One process at a time: a lock file that holds the owner's process id. */
import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, as another user.
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
  }
}

/**
 * Tries once to take the lock.
 *
 * @param {string} path
 * @returns {Promise<number | undefined>} the process id of another holder, or undefined when the lock is now ours.
 */
async function take(path) {
  try {
    const file = await open(path, 'wx');
    await file.writeFile(String(process.pid));
    await file.close();
    return undefined;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
  }
  const owner = Number(await readFile(path, 'utf8').catch(() => ''));
  // An empty file is a lock taken this very moment; one whose owner is gone was left by a crash.
  if (owner > 0 && !isAlive(owner)) await rm(path, { force: true });
  return owner;
}

/**
 * Runs `action` while holding the lock; waits for another holder, however long it takes.
 *
 * @template T
 * @param {string} path
 * @param {() => Promise<T>} action
 * @returns {Promise<T>}
 */
export async function withLock(path, action) {
  await mkdir(dirname(path), { recursive: true });
  let announced = false;
  for (let owner = await take(path); owner !== undefined; owner = await take(path)) {
    if (!announced && owner > 0)
      console.log(`Waiting for process ${owner}, which is at the same work (${path}).`);
    announced ||= owner > 0;
    await delay(500);
  }
  try {
    return await action();
  } finally {
    await rm(path, { force: true });
  }
}
