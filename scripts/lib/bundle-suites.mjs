/** Bundles the suites that run inside VS Code's extension host. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as esbuild from 'esbuild';
import { out, root } from './paths.mjs';

/**
 * `import 'suites:extension'` becomes an import of every test file under test/extension.
 *
 * @returns {esbuild.Plugin}
 */
function gatherSuites() {
  return {
    name: 'gather-suites',
    setup(build) {
      build.onResolve({ filter: /^suites:/ }, ({ path }) => ({ path, namespace: 'suites' }));
      build.onLoad({ filter: /.*/, namespace: 'suites' }, async ({ path }) => {
        const room = path.slice('suites:'.length);
        const resolveDir = join(root, 'test', room);
        const files = (await readdir(resolveDir, { recursive: true })).filter((file) =>
          file.endsWith('.test.ts'),
        );
        if (files.length === 0) throw new Error(`test/${room} holds no *.test.ts`);
        const imports = files.sort().map((file) => `import './${file.replaceAll('\\', '/')}';`);
        return { contents: imports.join('\n'), resolveDir };
      });
    },
  };
}

/** @returns {Promise<string>} the bundle whose `run()` VS Code shall call. */
export async function bundleExtensionSuites() {
  const outfile = join(out, 'test/extension/index.js');
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: ['test/extension/index.ts'],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    logLevel: 'warning',
    external: ['vscode', 'mocha'],
    plugins: [gatherSuites()],
  });
  return outfile;
}
