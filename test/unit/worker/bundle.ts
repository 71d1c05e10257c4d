import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as esbuild from 'esbuild';

const ROOT = join(import.meta.dirname, '../../..');

/** Bundles the worker as the product does, into a folder of its own; `remove` takes it away. */
export async function bundleWorker(): Promise<{ readonly file: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'rnn-lens-worker-'));
  const file = join(folder, 'worker.js');
  await esbuild.build({
    absWorkingDir: ROOT,
    entryPoints: ['src/worker/main.ts'],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    mainFields: ['module', 'main'],
    outfile: file,
    logLevel: 'error',
  });
  await mkdir(join(folder, 'wasm'));
  for (const name of ['tfjs-backend-wasm.wasm', 'tfjs-backend-wasm-simd.wasm'])
    await cp(join(ROOT, 'node_modules/@tensorflow/tfjs-backend-wasm/dist', name), join(folder, 'wasm', name));
  return { file, remove: () => rm(folder, { recursive: true, force: true }) };
}
