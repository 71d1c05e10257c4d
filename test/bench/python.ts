/** Pythons that hold what a user would pick instead. What cannot be installed here is undefined, and the table says so. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '../..');
const CACHE = join(ROOT, 'node_modules/.cache');
const HERE = join(import.meta.dirname, 'summaries');

/** An interpreter with torch: `BENCH_TORCH`, else the system's (Debian: python3-torch). */
export const TORCH = process.env['BENCH_TORCH'] ?? '/usr/bin/python3';

/** An interpreter with torch, torchinfo, ptflops and fvcore. */
export function countersPython(): string | undefined {
  // Without what they ask for: torch is there, and no other may take its place.
  return environment(
    'bench-counters',
    'requirements-torch.txt',
    TORCH,
    ['--system-site-packages'],
    ['--no-deps'],
  );
}

/** An interpreter with Keras on JAX. */
export function kerasPython(): string | undefined {
  return environment('bench-keras', 'requirements-keras.txt', 'python3', [], []);
}

function environment(
  name: string,
  pins: string,
  python: string,
  venv: readonly string[],
  pip: readonly string[],
): string | undefined {
  const folder = join(CACHE, name);
  const own = join(folder, 'bin/python');
  const done = join(folder, 'installed');
  if (existsSync(done)) return own;
  const run = (command: string, args: readonly string[]) =>
    spawnSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'] }).status === 0;
  const made =
    run(python, ['-m', 'venv', ...venv, folder]) &&
    run(own, ['-m', 'pip', 'install', '--quiet', ...pip, '-r', join(HERE, pins)]) &&
    run('touch', [done]);
  return made ? own : undefined;
}
