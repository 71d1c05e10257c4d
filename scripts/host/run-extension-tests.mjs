#!/usr/bin/env node
/**
 * Runs the suites of test/extension inside a real VS Code on a copy of the examples; exits with their verdict.
 *
 *   run-extension-tests.mjs            on the extension under development
 *   run-extension-tests.mjs --vsix     on the extension as shipped: packaged, installed, then tested
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
import { emptyExtension, installVsix } from './vsix.mjs';

const { values: options } = parseArgs({ options: { vsix: { type: 'boolean', default: false } } });
const scratch = makeScratch('tests');

/** Runs the suites; rejects when they failed or could not run. */
async function runSuites() {
  const suites = await bundleExtensionSuites();
  const vscode = await chooseVSCode();
  console.log(`Host: ${vscode.name}`);
  const extensionUnderTest = vscode.isStandIn ? linkExtension() : root;
  const workspace = join(scratch, 'examples');
  await cp(join(root, 'examples'), workspace, { recursive: true });
  const extensionsDir = options.vsix
    ? await installVsix(await makePackage(), vscode)
    : join(scratch, 'extensions');
  const userDir = join(scratch, 'user');
  await mkdir(join(userDir, 'User'), { recursive: true });
  await writeFile(join(userDir, 'User/settings.json'), JSON.stringify(quietSettings));
  await runTests({
    vscodeExecutablePath: vscode.executable,
    extensionDevelopmentPath: options.vsix ? emptyExtension() : extensionUnderTest,
    extensionTestsPath: suites,
    launchArgs: [workspace, `--user-data-dir=${userDir}`, `--extensions-dir=${extensionsDir}`],
  });
}

try {
  await runSuites();
  process.exit(0);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
