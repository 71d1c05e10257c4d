/** The product's bundles, made with esbuild: one build per bundle. */
import { chmod, cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as esbuild from 'esbuild';
import { root } from './paths.mjs';

/**
 * `src/web/platform.ts` in place of `src/node/platform.ts`.
 *
 * @type {esbuild.Plugin}
 */
const webPlatform = {
  name: 'web-platform',
  setup(build) {
    build.onResolve({ filter: /\/node\/platform$/ }, () => ({ path: join(root, 'src/web/platform.ts') }));
  },
};

/**
 * @param {boolean} minify what is shipped is minified and has no source maps
 * @returns {esbuild.BuildOptions[]}
 */
function bundles(minify) {
  /** @type {esbuild.BuildOptions} */
  const common = {
    absWorkingDir: root,
    bundle: true,
    minify,
    sourcemap: minify ? false : 'linked',
    metafile: true,
    legalComments: 'none',
    logLevel: 'warning',
    define: { 'process.env.NODE_ENV': minify ? '"production"' : '"development"' },
  };
  /** @type {esbuild.BuildOptions} */
  const node = {
    ...common,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    // tfjs marks its modules free of side effects under "main" only: with "main" first its backends would be dropped.
    mainFields: ['module', 'main'],
  };
  // In a browser there are no Node modules: an import of one is an error of the build.
  /** @type {esbuild.BuildOptions} */
  const web = {
    ...common,
    platform: 'browser',
    format: 'cjs',
    target: 'es2022',
    mainFields: ['browser', 'module', 'main'],
    plugins: [webPlatform],
  };
  return [
    { ...node, entryPoints: ['src/extension.ts'], outfile: 'dist/extension.js', external: ['vscode'] },
    // tfjs requires node-fetch only where there is no global fetch; nothing is fetched here in any case.
    { ...node, entryPoints: ['src/worker/main.ts'], outfile: 'dist/worker.js', external: ['node-fetch'] },
    { ...web, entryPoints: ['src/extension.ts'], outfile: 'dist/web/extension.js', external: ['vscode'] },
    { ...web, entryPoints: ['src/worker/web.ts'], outfile: 'dist/web/worker.js', format: 'iife' },
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
      banner: { js: '#!/usr/bin/env node' },
      plugins: [
        { name: 'executable', setup: (build) => build.onEnd(() => chmod(join(root, 'dist/cli.js'), 0o755)) },
      ],
    },
  ];
}

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

/**
 * Writes every bundle.
 *
 * @param {{ minify: boolean }} options
 * @returns {Promise<esbuild.Metafile[]>} what went into each
 * @throws after all were tried, when one could not be made; esbuild has printed why and where.
 */
export async function buildAll({ minify }) {
  await copyWasm();
  const results = await Promise.allSettled(bundles(minify).map((options) => esbuild.build(options)));
  return results.map((result) => {
    if (result.status === 'rejected')
      throw new Error('A bundle could not be made: the messages above say why.');
    return /** @type {esbuild.Metafile} */ (result.value.metafile);
  });
}

/** Writes every bundle, and again whenever its sources change, until the process ends. */
export async function watchAll() {
  await copyWasm();
  for (const options of bundles(false))
    await (await esbuild.context({ ...options, logLevel: 'info' })).watch();
}
