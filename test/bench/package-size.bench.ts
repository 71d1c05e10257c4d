/**
 * What is downloaded: the VSIX as `npm run package` makes it, beside torchinfo and the torch it needs as they lie on this machine.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, TORCH } from './python';
import { report } from './report';

/** Bytes in a folder and all below. */
function bytesIn(folder: string): number {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}

const MB = 1_000_000;
function main(): void {
  const made = spawnSync(process.execPath, [join(ROOT, 'scripts/package.mjs')], { stdio: 'ignore' });
  if (made.status !== 0) throw new Error('npm run package failed');
  const { name, version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Record<
    string,
    string
  >;
  const vsix = join(ROOT, `${name}-${version}.vsix`);
  const { stdout, status } = spawnSync(TORCH, ['-c', 'import torch; print(torch.__path__[0])'], {
    encoding: 'utf8',
  });
  report({
    what: 'package size',
    on: 'VSIX',
    ours: statSync(vsix).size / MB,
    unit: 'MB',
    limit: 3,
    other:
      status === 0
        ? { tool: 'PyTorch’s Python folder alone', value: bytesIn(stdout.trim()) / MB }
        : { absent: 'PyTorch: not installed' },
  });
}

main();
