#!/usr/bin/env node
/**
 * Bundles the product with esbuild, one build per bundle. Type checking is apart (`npm run check:types`).
 *
 *   node scripts/build.mjs            development bundles with source maps
 *   node scripts/build.mjs --minify   what is shipped: minified, no source maps
 *   node scripts/build.mjs --watch    rebuild on change
 */
import { existsSync } from 'node:fs';
import { chmod, cp, mkdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const minify = process.argv.includes('--minify');
const watch = process.argv.includes('--watch');

/** @type {esbuild.BuildOptions} */
const common = {
  absWorkingDir: root,
  bundle: true,
  minify,
  sourcemap: minify ? false : 'linked',
  legalComments: 'none',
  logLevel: 'warning',
  define: { 'process.env.NODE_ENV': minify ? '"production"' : '"development"' },
};

/** Code in ES modules may ask for `import.meta.url` (h5wasm does); a CommonJS bundle has to be told its own. */
const moduleUrl = "const importMetaUrl = require('node:url').pathToFileURL(__filename).href;";

/** @type {esbuild.BuildOptions} */
const node = {
  ...common,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  // tfjs marks its modules free of side effects under "main" only: with "main" first its backends would be dropped.
  mainFields: ['module', 'main'],
  define: { ...common.define, 'import.meta.url': 'importMetaUrl' },
  banner: { js: moduleUrl },
};

/** @type {esbuild.BuildOptions[]} */
const bundles = [
  { ...node, entryPoints: ['src/extension.ts'], outfile: 'dist/extension.js', external: ['vscode'] },
  { ...node, entryPoints: ['src/worker/main.ts'], outfile: 'dist/worker.js' },
  {
    ...common,
    entryPoints: ['src/panel/main.tsx'],
    outfile: 'dist/panel.js',
    platform: 'browser',
    format: 'iife',
    target: 'es2022',
    jsx: 'automatic',
    jsxImportSource: 'preact',
  },
  {
    ...node,
    entryPoints: ['src/cli/main.ts'],
    outfile: 'dist/cli.js',
    banner: { js: `#!/usr/bin/env node\n${moduleUrl}` },
    plugins: [
      { name: 'executable', setup: (build) => build.onEnd(() => chmod(join(root, 'dist/cli.js'), 0o755)) },
    ],
  },
];

/** The wasm binaries of tfjs lie beside the worker, which asks for them by folder. */
async function copyWasm() {
  const from = join(root, 'node_modules/@tensorflow/tfjs-backend-wasm/dist');
  const to = join(root, 'dist/wasm');
  await mkdir(to, { recursive: true });
  // The threaded binary is left out: its threads never switch on under Node.
  for (const name of ['tfjs-backend-wasm.wasm', 'tfjs-backend-wasm-simd.wasm']) {
    await cp(join(from, name), join(to, name));
  }
}

/** @param {esbuild.BuildOptions} options */
function isWritten({ entryPoints, outfile }) {
  const entry = /** @type {string[]} */ (entryPoints)[0] ?? '';
  if (existsSync(join(root, entry))) return true;
  console.error(`build: skipped ${outfile}: ${entry} is not written yet`);
  return false;
}

await copyWasm();
const written = bundles.filter(isWritten);
if (watch) {
  for (const options of written) await (await esbuild.context({ ...options, logLevel: 'info' })).watch();
} else {
  const builds = await Promise.allSettled(written.map((options) => esbuild.build(options)));
  // esbuild has printed what is wrong, with its place.
  if (builds.some(({ status }) => status === 'rejected')) process.exit(1);
}
