/** Which VS Code runs the extension's tests. */
import { join } from 'node:path';
import { root } from '../lib/paths.mjs';
import { downloadedDesktop, hasDisplay, installedDesktop } from './desktop.mjs';

/** Takes the flags of the `code` binary and runs them on the VS Code of the npm registry. */
const standIn = join(root, 'scripts/host/code.mjs');

/**
 * Desktop VS Code where there is one and it can open a window, else the VS Code of the npm registry. VSCODE_PATH names
 * a binary, VSCODE_VERSION (`stable` or a number) asks for a download, VSCODE_HOST=registry for the registry's.
 *
 * @returns {Promise<{ executable: string, name: string, isStandIn: boolean }>}
 */
export async function chooseVSCode() {
  const { VSCODE_HOST: host, VSCODE_VERSION: version, VSCODE_PATH: path } = process.env;
  if (host !== 'registry' && (path || version || hasDisplay())) {
    const installed = version ? undefined : installedDesktop();
    const executable = installed ?? (await downloadedDesktop(version ?? 'stable'));
    if (executable !== undefined)
      return { executable, name: `desktop VS Code (${executable})`, isStandIn: false };
    if (version) throw new Error(`VS Code ${version} could not be downloaded.`);
  }
  return { executable: standIn, name: 'VS Code of the npm registry', isStandIn: true };
}
