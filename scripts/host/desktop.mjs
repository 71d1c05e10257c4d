/** Finds or downloads desktop VS Code. */
import { spawn } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cache } from '../lib/paths.mjs';
import { onPath } from '../lib/programs.mjs';

/**
 * Opens a window and leaves it to the user.
 *
 * @param {string} executable
 * @param {{ folder: string, extension: string }} what
 */
export function openDesktop(executable, { folder, extension }) {
  const args = ['--new-window', `--extensionDevelopmentPath=${extension}`, folder];
  spawn(executable, args, { detached: true, stdio: 'ignore' }).unref();
}

/** Where releases come from; asked first, so that a machine without a way there learns it in seconds. */
const releases = 'https://update.code.visualstudio.com/api/releases/stable';

/**
 * The application behind the `code` launcher script: only the application itself tells how a test run ended.
 *
 * @param {string} launcher path of `code`, as found on PATH
 */
function applicationOf(launcher) {
  const bin = dirname(realpathSync(launcher));
  const candidates = {
    linux: [join(bin, '../code')],
    darwin: [join(bin, '../../../MacOS/Electron'), join(bin, '../../../MacOS/Code')],
    win32: [join(bin, '../Code.exe')],
  };
  return candidates[/** @type {keyof typeof candidates} */ (process.platform)]?.find((path) =>
    existsSync(path),
  );
}

/**
 * Desktop VS Code on this machine: the binary named by VSCODE_PATH, else the one whose `code` is on PATH.
 *
 * @returns {string | undefined}
 */
export function installedDesktop() {
  const chosen = process.env.VSCODE_PATH;
  if (chosen) {
    if (!existsSync(chosen)) throw new Error(`VSCODE_PATH is set to ${chosen}, which does not exist.`);
    return chosen;
  }
  const launchers = onPath(process.platform === 'win32' ? 'code.cmd' : 'code');
  return launchers.map(applicationOf).find((application) => application !== undefined);
}

/** Whether a desktop application can open a window here. */
export function hasDisplay() {
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY ?? process.env.WAYLAND_DISPLAY);
}

/**
 * Downloads desktop VS Code into the cache (once per version).
 *
 * @param {string} version `stable` or a number
 * @returns {Promise<string | undefined>} its binary, or undefined where downloading is not possible.
 */
export async function downloadedDesktop(version) {
  try {
    const answer = await fetch(releases, { signal: AbortSignal.timeout(5_000) });
    if (!answer.ok) return undefined;
    const { downloadAndUnzipVSCode } = await import('@vscode/test-electron');
    return await downloadAndUnzipVSCode({ version, cachePath: cache });
  } catch {
    return undefined;
  }
}
