#!/usr/bin/env node
/**
 * Runs the suites of test/extension inside a real VS Code on a copy of the examples; exits with their verdict.
 *
 *   run-extension-tests.mjs            on the extension under development
 *   run-extension-tests.mjs --vsix     on the extension as shipped: packaged, installed, then tested
 *   run-extension-tests.mjs --web      in the web extension host, which has no Node, on the extension as shipped
 *   run-extension-tests.mjs --soak     the suite of test/soak, on the extension under development
 */
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runTests } from '@vscode/test-electron';
import { bundleExtensionSuites } from '../lib/bundle-suites.mjs';
import { root } from '../lib/paths.mjs';
import { makeScratch } from '../lib/scratch.mjs';
import { makePackage } from '../package.mjs';
import { chooseVSCode } from './choose.mjs';
import { quietSettings } from './settings.mjs';
import { linkExtension } from './stage.mjs';
import { emptyExtension, installVsix, installedFolder } from './vsix.mjs';

const { values: options } = parseArgs({
  options: {
    vsix: { type: 'boolean', default: false },
    web: { type: 'boolean', default: false },
    soak: { type: 'boolean', default: false },
  },
});
const scratch = makeScratch('tests');

/** @typedef {Awaited<ReturnType<typeof chooseVSCode>>} VSCode */

/**
 * Where the extension under test is: installed in the folder of extensions, or in a folder of its own.
 *
 * @param {VSCode} vscode
 * @returns {Promise<{ underTest: string, extensionsDir: string, suites?: string, flags?: string[] }>}
 */
async function extensionFor(vscode) {
  const none = join(scratch, 'extensions');
  if (options.vsix) {
    const extensionsDir = await installVsix(await makePackage(), vscode);
    return { underTest: emptyExtension(), extensionsDir };
  }
  if (options.web) {
    const installed = await installVsix(await makePackage(), vscode);
    const underTest = installedFolder(installed);
    // VS Code runs tests in the host of the extension under whose folder they lie, and any others in Node.
    const suites = join(underTest, 'suites.js');
    return { underTest, extensionsDir: none, suites, flags: ['--extensionDevelopmentKind=web'] };
  }
  return { underTest: vscode.isStandIn ? linkExtension() : root, extensionsDir: none };
}

/** @type {import('../lib/bundle-suites.mjs').HostKind} */
const kind = options.web ? 'web' : 'node';
/** What runs in both kinds of host, and what needs this one. */
const folders = options.soak ? ['soak'] : ['extension', `extension/${kind}`];

/** Runs the suites; rejects when they failed or could not run. */
async function runSuites() {
  const vscode = await chooseVSCode();
  console.log(`Host: ${vscode.name}`);
  const workspace = join(scratch, 'examples');
  await cp(join(root, 'examples'), workspace, { recursive: true });
  const { underTest, extensionsDir, suites, flags = [] } = await extensionFor(vscode);
  const userDir = join(scratch, 'user');
  await mkdir(join(userDir, 'User'), { recursive: true });
  await writeFile(join(userDir, 'User/settings.json'), JSON.stringify(quietSettings));
  await runTests({
    vscodeExecutablePath: vscode.executable,
    extensionDevelopmentPath: underTest,
    extensionTestsPath: await bundleExtensionSuites(kind, folders, suites),
    launchArgs: [workspace, `--user-data-dir=${userDir}`, `--extensions-dir=${extensionsDir}`, ...flags],
  });
}

try {
  await runSuites();
  process.exit(0);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
