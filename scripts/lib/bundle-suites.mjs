/** Bundles the suites that run inside VS Code's extension host. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as esbuild from 'esbuild';
import { out, root } from './paths.mjs';

/** @typedef {'node' | 'web'} HostKind which extension host runs the suites: Node's, or the browser's web worker */

/**
 * `import 'suites:extension'` becomes an import of every test file in these folders.
 *
 * @param {string[]} folders
 * @returns {esbuild.Plugin}
 */
function gatherSuites(folders) {
  return {
    name: 'gather-suites',
    setup(build) {
      build.onResolve({ filter: /^suites:/ }, ({ path }) => ({ path, namespace: 'suites' }));
      build.onLoad({ filter: /.*/, namespace: 'suites' }, async () => {
        const resolveDir = join(root, 'test');
        const files = (await Promise.all(folders.map((folder) => testsIn(resolveDir, folder)))).flat();
        if (files.length === 0) throw new Error(`${folders.join(', ')} hold no *.test.ts`);
        return { contents: files.map((file) => `import './${file}';`).join('\n'), resolveDir };
      });
    },
  };
}

/** @param {string} base @param {string} folder @returns {Promise<string[]>} */
async function testsIn(base, folder) {
  const files = await readdir(join(base, folder)).catch(() => []);
  return files.filter((file) => file.endsWith('.test.ts')).map((file) => `${folder}/${file}`);
}

/** @type {Record<HostKind, esbuild.BuildOptions>} */
const hosts = {
  node: { platform: 'node', target: 'node20', external: ['vscode', 'mocha'] },
  web: {
    platform: 'browser',
    target: 'es2022',
    external: ['vscode'],
    alias: {
      mocha: join(root, 'test/extension/web/mocha.ts'),
      'node:assert': join(root, 'node_modules/assert/build/assert.js'),
    },
    // For node:assert's double, and out of sight of the extension, which has to do without.
    banner: { js: "const processOfTests = { env: {}, argv: [], cwd: () => '/', emitWarning() {} };" },
  },
};

/**
 * @param {HostKind} kind
 * @param {string[]} folders of test/, whose test files are gathered
 * @param {string} [outfile] where the bundle goes
 * @returns {Promise<string>} the bundle whose `run()` VS Code shall call.
 */
export async function bundleExtensionSuites(kind, folders, outfile = join(out, 'test/extension/index.js')) {
  const { RNN_LENS_GREP: grep, RNN_LENS_REPORT: report } = process.env;
  await esbuild.build({
    ...hosts[kind],
    absWorkingDir: root,
    entryPoints: ['test/extension/index.ts'],
    outfile,
    bundle: true,
    format: 'cjs',
    logLevel: 'warning',
    plugins: [gatherSuites(folders)],
    define: {
      REPOSITORY: JSON.stringify(root),
      GREP: JSON.stringify(grep) ?? 'undefined',
      REPORT: JSON.stringify(report) ?? 'undefined',
      ...(kind === 'web' ? { process: 'processOfTests', global: 'globalThis' } : {}),
    },
  });
  return outfile;
}
