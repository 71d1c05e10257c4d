import { strict as assert } from 'node:assert';
import { resolve } from 'node:path';
import { build } from 'esbuild';

const root = resolve(import.meta.dirname, '../../..');

describe('Bundle of the page', () => {
  it('stays under 150 kB minified and knows neither Node nor VS Code', async () => {
    const { outputFiles, metafile } = await build({
      absWorkingDir: root,
      entryPoints: ['src/panel/main.tsx'],
      bundle: true,
      minify: true,
      write: false,
      metafile: true,
      platform: 'browser',
      format: 'iife',
      target: 'es2022',
      jsx: 'automatic',
      jsxImportSource: 'preact',
    });
    const size = outputFiles[0]!.contents.length;
    assert.ok(size < 150_000, `${size} bytes`);
    const rooms = Object.keys(metafile.inputs).map((path) => path.split('/').slice(0, 2).join('/'));
    for (const room of ['src/cost', 'src/compare', 'src/readers', 'src/gradient', 'src/editor']) {
      assert.ok(!rooms.includes(room), `${room} is in the page`);
    }
  });
});
