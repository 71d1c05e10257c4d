#!/usr/bin/env node
/** Runs the suites of test/extension inside a real VS Code on a copy of the examples; exits with their verdict. */
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { runTests } from '@vscode/test-electron';
import { bundleExtensionSuites } from '../lib/bundle-suites.mjs';
import { root } from '../lib/paths.mjs';
import { makeScratch } from '../lib/scratch.mjs';
import { chooseVSCode } from './choose.mjs';

const suites = await bundleExtensionSuites();
const { executable, name } = await chooseVSCode();
console.log(`Host: ${name}`);
const scratch = makeScratch('tests');
const workspace = join(scratch, 'examples');
await cp(join(root, 'examples'), workspace, { recursive: true });
let code = 0;
try {
  await runTests({
    vscodeExecutablePath: executable,
    extensionDevelopmentPath: root,
    extensionTestsPath: suites,
    launchArgs: [
      workspace,
      `--user-data-dir=${join(scratch, 'user')}`,
      `--extensions-dir=${join(scratch, 'extensions')}`,
    ],
  });
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  code = 1;
}
process.exit(code);
