import { strict as assert } from 'node:assert';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import Ajv from 'ajv';
import * as esbuild from 'esbuild';
import { bundleWorker } from '../worker/bundle';
import { ROOT } from './harness';

/** The command as a user runs it: its own bundle with the worker's beside it, in a process of its own. */
describe('rnn-lens gradient', function () {
  this.timeout(60_000);
  let worker: Awaited<ReturnType<typeof bundleWorker>>;
  let folder: string;
  before(async () => {
    worker = await bundleWorker();
    folder = dirname(worker.file);
    await esbuild.build({
      absWorkingDir: ROOT,
      entryPoints: ['src/cli/main.ts'],
      bundle: true,
      platform: 'node',
      format: 'cjs',
      mainFields: ['module', 'main'],
      define: { 'import.meta.url': '"file:///"' },
      outfile: join(folder, 'cli.js'),
      logLevel: 'error',
    });
  });
  after(() => worker.remove());

  const run = (...args: string[]): Promise<{ code: number; out: string; err: string }> =>
    new Promise((resolve) => {
      execFile(process.execPath, [join(folder, 'cli.js'), 'gradient', ...args], (error, out, err) =>
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err }),
      );
    });
  const LSTM = ['--cell', 'lstm', '--input', '6', '--hidden', '8', '--seq-len', '30'];

  it('says the verdict with its thresholds, published rules, and the spectrum', async () => {
    const { code, out, err } = await run(...LSTM);
    assert.equal(code, 0, err);
    assert.match(out, /LSTM \(as written\) .* pytorch default .* vanishing/);
    assert.match(out, /Thresholds: vanishing from 3 decades lost .* 50 % .* horizon at 3 decades/);
    assert.match(out, /AutoTrainer: First step 10\^/);
    assert.match(
      out,
      /Recurrent kernel: input σmax [\d.]+, radius [\d.]+; .* Lyapunov exponent -[\d.]+ per step/,
    );
  });

  it('thresholds are options, and the verdict follows them', async () => {
    const { out } = await run(...LSTM, '--vanishing-decades', '50', '--horizon-decades', '1');
    assert.match(out, /as written\) .* healthy/);
    assert.match(out, /vanishing from 50 decades/);
    const wrong = await run(...LSTM, '--saturated-share', '2');
    assert.equal(wrong.code, 2);
    assert.match(wrong.err, /--saturated-share takes a number from 0.01 to 1, not 2/);
  });

  it('prints everything that was measured as JSON, as the schema says', async () => {
    const { out } = await run(...LSTM, '--try', 'chrono=30', '--seed', '4', '--json');
    const json = JSON.parse(out) as {
      cells: { initialiser: string; seeds: { log10CellNorms: number[] }[] }[];
    };
    const schema = JSON.parse(
      await readFile(join(ROOT, 'media/schemas/gradient.schema.json'), 'utf8'),
    ) as object;
    const validate = new Ajv({ allErrors: true, strict: false }).compile(schema);
    assert.ok(validate(json), JSON.stringify(validate.errors));
    assert.deepEqual(
      json.cells.map((c) => c.initialiser),
      ['pytorch default', 'chrono 30'],
    );
    assert.equal(json.cells[0]!.seeds[0]!.log10CellNorms.length, 30);
  });

  it('feeds a column of a CSV file', async () => {
    const scratch = await mkdtemp(join(folder, 'csv-'));
    try {
      const file = join(scratch, 'prices.csv');
      const rows = Array.from({ length: 40 }, (_, i) => `2024-01-${i},${1000 + 50 * Math.sin(i)}`);
      await writeFile(file, ['date,close', ...rows].join('\n'));
      const raw = await run(...LSTM, '--series', file, '--column', 'close');
      assert.match(raw.out, /input: close of prices\.csv/);
      const fed = await run(...LSTM, '--series', file, '--column', 'close', '--standardise');
      assert.match(fed.out, /input: close of prices\.csv, standardised/);
      // A thousand at every input saturates the gates; standardised it does not.
      assert.match(raw.out, /saturated|horizon/);
      assert.notEqual(raw.out.split('\n')[4], fed.out.split('\n')[4]);
      const short = await run(...LSTM, '--seq-len', '100', '--series', file, '--column', 'close');
      assert.equal(short.code, 2);
      assert.match(short.err, /40 values, fewer than the 100 steps/);
      assert.match((await run(...LSTM, '--series', file, '--column', 'date')).err, /number: close/);
    } finally {
      await rm(scratch, { recursive: true });
    }
  });

  it('a loss on every state is said and not judged', async () => {
    const { out } = await run(...LSTM, '--loss', 'all');
    assert.match(out, /loss on every state/);
    assert.match(out, /as written\) .* unknown/);
  });

  it('refuses what makes no sense', async () => {
    for (const [args, said] of [
      [['--try', 'magic'], /--try takes/],
      [['--try', 'chrono=2'], /--try takes/],
      [['--loss', 'some'], /--loss takes last or all/],
      [['--column', 'x'], /need --series/],
      [['--series', join(folder, 'nowhere.csv')], /cannot be read/],
      [['--series', folder], /not a file/],
    ] as const) {
      const { code, err } = await run(...LSTM, ...args);
      assert.equal(code, 2);
      assert.match(err, said);
    }
    const rnn = await run('--cell', 'rnn', '--input', '6', '--hidden', '8', '--try', 'forget-bias=1');
    assert.match(rnn.err, /no gate/);
  });
});
