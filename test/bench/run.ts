/**
 * `npm run bench`: builds the product, runs every `*.bench.ts` below this folder, each in a process of its own, and prints one table.
 *
 *   npm run bench                   all of them
 *   npm run bench -- saved growth   those whose path has one of these words
 *   npm run bench -- --write        all, and writes the table into docs/benchmarks.md
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { arch, cpus, platform, release, tmpdir, totalmem } from 'node:os';
import { join, relative } from 'node:path';
import { buildAll } from '../../scripts/lib/bundles.mjs';
import { markdownTable } from '../../src/report/markdown';
import { textTable } from '../../src/report/text-table';
import { ROOT } from './python';
import { type BenchRow, cells } from './report';

const HEAD = ['what', 'on', 'RNN Lens', 'limit', 'instead', 'takes', 'ratio'];
const PAGE = join(ROOT, 'docs/benchmarks.md');
const [BEGIN, END] = ['<!-- table -->', '<!-- /table -->'];

function scripts(words: readonly string[]): string[] {
  return readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.bench.ts'))
    .filter((name) => words.length === 0 || words.some((word) => name.includes(word)))
    .sort();
}

/** Runs one script; undefined rows mean that it did not end well. */
function run(name: string): { rows: readonly BenchRow[]; ok: boolean } {
  const rows = join(mkdtempSync(join(tmpdir(), 'rnn-lens-bench-')), 'rows');
  writeFileSync(rows, '');
  console.log(`${name}`);
  const { status } = spawnSync(process.execPath, ['--import', 'tsx', join(import.meta.dirname, name)], {
    cwd: ROOT,
    stdio: 'inherit',
    env: { ...process.env, BENCH_ROWS: rows },
  });
  const lines = readFileSync(rows, 'utf8').split('\n').filter(Boolean);
  return { rows: lines.map((line) => JSON.parse(line) as BenchRow), ok: status === 0 };
}

function machine(): string {
  const [cpu] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  const day = new Date().toISOString().slice(0, 10);
  return `${day}, ${cpus().length} × ${cpu?.model.trim()}, ${memory} GiB, ${platform()} ${release()} ${arch()}, Node ${process.version}`;
}

function write(rows: readonly BenchRow[]): void {
  const page = readFileSync(PAGE, 'utf8');
  const [before, after] = [page.split(BEGIN)[0]!, page.split(END)[1]!];
  const table = markdownTable('<<>><>>', HEAD, rows.map(cells));
  writeFileSync(PAGE, `${before}${BEGIN}\n\nTaken on ${machine()}.\n\n${table}\n\n${END}${after}`);
  spawnSync('npx', ['prettier', '--write', relative(ROOT, PAGE)], { cwd: ROOT, stdio: 'ignore' });
}

async function main(): Promise<void> {
  const args = process.argv.slice(2);
  const words = args.filter((arg) => !arg.startsWith('--'));
  const found = scripts(words);
  if (found.length === 0) throw new Error(`no bench called ${words.join(' ')}`);
  await buildAll({ minify: true });
  const results = found.map((name) => ({ name, ...run(name) }));
  const rows = results.flatMap((result) => result.rows);
  const columns = HEAD.map(
    (title, i) => ({ title, align: i === 2 || i === 3 || i > 4 ? 'right' : 'left' }) as const,
  );
  console.log(`\n${machine()}\n\n${textTable(columns, rows.map(cells))}`);
  const failed = results.filter(({ ok }) => !ok).map(({ name }) => name);
  if (failed.length > 0) console.log(`failed, or over a limit: ${failed.join(', ')}`);
  if (args.includes('--write')) write(rows);
  process.exitCode = failed.length > 0 ? 1 : 0;
}

void main();
