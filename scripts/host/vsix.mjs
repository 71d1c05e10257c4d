/** The extension as shipped, installed for a test run. */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { resolveCliArgsFromVSCodeExecutablePath } from '@vscode/test-electron';
import { run } from '../lib/children.mjs';
import { makeScratch } from '../lib/scratch.mjs';
import { ensureHost } from './install.mjs';

/**
 * Installs a VSIX into a folder of extensions, as a user's VS Code would.
 *
 * @param {string} vsix
 * @param {{ executable: string, isStandIn: boolean }} vscode
 * @returns {Promise<string>} the folder, for `--extensions-dir`
 */
export async function installVsix(vsix, { executable, isStandIn }) {
  const scratch = makeScratch('vsix');
  const extensionsDir = join(scratch, 'extensions');
  mkdirSync(extensionsDir);
  const flags = ['--extensions-dir', extensionsDir, '--install-extension', vsix];
  const [command, args] = isStandIn ? await serverCommand(scratch) : desktopCommand(executable, scratch);
  const { code } = await run(command, [...args, ...flags], { timeoutMs: 120_000 });
  if (code !== 0) throw new Error(`${vsix} could not be installed.`);
  return extensionsDir;
}

/**
 * @param {string} extensionsDir with one extension in it
 * @returns {string} the folder of that extension
 */
export function installedFolder(extensionsDir) {
  const [name, ...others] = readdirSync(extensionsDir).filter((entry) => entry.startsWith('rnn-lens.'));
  if (name === undefined || others.length > 0)
    throw new Error(`${extensionsDir} does not hold one extension.`);
  return join(extensionsDir, name);
}

/** @param {string} scratch @returns {Promise<[string, string[]]>} */
async function serverCommand(scratch) {
  const { node, serverMain } = await ensureHost();
  return [node, [serverMain, '--accept-server-license-terms', '--server-data-dir', join(scratch, 'server')]];
}

/** @param {string} executable @param {string} scratch @returns {[string, string[]]} */
function desktopCommand(executable, scratch) {
  const [cli = executable] = resolveCliArgsFromVSCodeExecutablePath(executable, {
    reuseMachineInstall: true,
  });
  return [cli, ['--user-data-dir', join(scratch, 'user')]];
}

/**
 * An extension that does nothing: VS Code runs tests only for an extension under development, and the one that is
 * tested is installed.
 *
 * @returns {string} its folder
 */
export function emptyExtension() {
  const folder = makeScratch('empty');
  const manifest = { name: 'empty', publisher: 'test', version: '0.0.1', engines: { vscode: '^1.101.0' } };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  return folder;
}
