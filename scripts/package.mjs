#!/usr/bin/env node
/**
 * `npm run package`: makes the VSIX that is shipped, and refuses one that is too big or holds what it should not.
 * Works without a network.
 */
import { statSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { createVSIX, listFiles, PackageManager } from '@vscode/vsce';
import { buildAll } from './lib/bundles.mjs';
import { licenceNotices } from './lib/notices.mjs';
import { root } from './lib/paths.mjs';

/** What users download at most, in bytes. */
const sizeLimit = 3_000_000;
const needed = [
  'package.json',
  'README.md',
  'CHANGELOG.md',
  'LICENSE',
  'dist/extension.js',
  'dist/worker.js',
  'dist/panel.js',
  'dist/web/extension.js',
  'dist/web/worker.js',
];

/** @returns {Promise<string>} the path of the VSIX */
export async function makePackage() {
  const metafiles = await buildAll({ minify: true });
  const wasm = ['node_modules/@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm'];
  writeFileSync(join(root, 'dist/THIRD-PARTY-NOTICES.txt'), licenceNotices(metafiles, wasm));

  const files = await listFiles({ cwd: root, packageManager: PackageManager.None });
  const missing = needed.filter((name) => !files.includes(name));
  if (missing.length > 0) throw new Error(`The package would lack ${missing.join(', ')}.`);
  const stray = files.filter((name) =>
    /^(src|test|scripts|node_modules|out|examples)\/|\.(map|ts|tsx)$/.test(name),
  );
  if (stray.length > 0) throw new Error(`The package would hold ${stray.join(', ')}.`);

  const { name, version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const packagePath = join(root, `${name}-${version}.vsix`);
  await createVSIX({
    cwd: root,
    packagePath,
    dependencies: false,
    allowMissingRepository: true,
    rewriteRelativeLinks: false,
  });
  const { size } = statSync(packagePath);
  if (size > sizeLimit) throw new Error(`${packagePath} has ${size} bytes; the limit is ${sizeLimit}.`);
  console.log(`${relative(root, packagePath)}: ${(size / 1e6).toFixed(2)} MB, ${files.length} files`);
  return packagePath;
}

if (process.argv[1] === import.meta.filename) await makePackage();
