/**
 * How long a gradient flow takes, beside the same maths in PyTorch on the CPU, in one run:
 *
 *   npx tsx test/bench/gradient/run.ts [python]
 *
 * Cold is from request to answer with nothing started: the worker thread, tfjs and its wasm on one side, the
 * interpreter and `import torch` on the other. Warm is the median of several runs with both kept. Needs `npm run build`.
 */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { GradientWorker } from '../../../src/engine/gradient-client';
import { startProducts } from '../../../src/gradient';
import type { CellKind, FlowSpec } from '../../../src/model';
import { nodeWorkerPort } from '../../../src/node/worker-port';

const ROOT = join(import.meta.dirname, '../../..');
const PYTHON = process.argv[2] ?? '/usr/bin/python3';
const WARM_RUNS = 9;
const COLD_RUNS = 3;

const SIZES = [
  { steps: 100, batch: 8, inputSize: 64, hiddenSize: 128 },
  { steps: 200, batch: 16, inputSize: 128, hiddenSize: 256 },
] as const;

let seed = 0;
function specOf(cell: CellKind, size: (typeof SIZES)[number]): FlowSpec {
  return {
    ...size,
    cell,
    framework: 'pytorch',
    numLayers: 1,
    bidirectional: false,
    bias: true,
    projSize: 0,
    resetAfter: true,
    nonlinearity: 'tanh',
    initialiser: { kind: 'default' },
    detail: 'curves',
    // A new seed each time: the cache must not answer.
    seeds: [++seed],
    loss: 'last',
    input: { kind: 'noise' },
  };
}

const startWorker = (): GradientWorker =>
  new GradientWorker(() => nodeWorkerPort(join(ROOT, 'dist/worker.js')));

/** PyTorch in a process of its own, one answer a line. */
class Torch {
  private readonly process: ChildProcessWithoutNullStreams;
  private readonly lines: AsyncIterator<string>;

  constructor() {
    this.process = spawn(PYTHON, [join(import.meta.dirname, 'torch_flow.py')]);
    this.lines = createInterface({ input: this.process.stdout })[Symbol.asyncIterator]();
  }

  async run(spec: FlowSpec): Promise<void> {
    this.process.stdin.write(`${JSON.stringify(spec)}\n`);
    const { done } = await this.lines.next();
    if (done) throw new Error(`${PYTHON} has no torch`);
  }

  end(): void {
    this.process.stdin.end();
  }
}

async function timed(f: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await f();
  return performance.now() - start;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

/** Both sides by turns, so that what else the machine does meets both. */
async function byTurns(
  count: number,
  ours: () => Promise<number>,
  theirs: () => Promise<number>,
): Promise<{ ours: number; theirs: number }> {
  const a: number[] = [];
  const b: number[] = [];
  for (let k = 0; k < count; k++) {
    a.push(await ours());
    b.push(await theirs());
  }
  return { ours: median(a), theirs: median(b) };
}

/** Multiply-accumulates times two of the three products (forward, back, weights); the input's gradient is not taken. */
function flops({ cell, steps, batch, inputSize, hiddenSize }: FlowSpec): number {
  const width = (cell === 'lstm' ? 4 : 3) * hiddenSize;
  return 2 * steps * batch * width * (2 * inputSize + 3 * hiddenSize);
}

/** The best of some large products on tfjs, in floating-point operations a second. */
async function peak(): Promise<number> {
  const products = await startProducts(join(ROOT, 'dist/wasm/'));
  const n = 512;
  const factor = products.factor(new Float32Array(n * n).fill(0.5), n, n);
  const left = new Float32Array(n * n).fill(0.5);
  let best = Infinity;
  for (let k = 0; k < 20; k++) best = Math.min(best, await timed(async () => products.times(left, factor)));
  products.release();
  return (2 * n ** 3) / (best / 1000);
}

async function main(): Promise<void> {
  const top = await peak();
  console.log(`peak of a tfjs product: ${(top / 1e9).toFixed(1)} GFLOP/s`);
  console.log('cell  T   B   I→H       start  ours ms  torch ms  ours/torch  share of peak');
  let missed = 0;
  for (const size of SIZES) {
    for (const cell of ['lstm', 'gru'] as const) {
      const report = (
        start: string,
        { ours, theirs }: { ours: number; theirs: number },
        limit: number,
      ): void => {
        const ratio = ours / theirs;
        if (ratio > limit) missed++;
        const share =
          start === 'warm' ? `${((100 * flops(specOf(cell, size))) / (ours / 1000) / top).toFixed(0)} %` : '';
        console.log(
          `${cell.padEnd(5)} ${size.steps} ${String(size.batch).padStart(2)} ${size.inputSize}→${size.hiddenSize}`.padEnd(
            25,
          ) +
            `${start}  ${ours.toFixed(0).padStart(7)} ${theirs.toFixed(0).padStart(9)} ${ratio.toFixed(2).padStart(11)}  ` +
            `${share} ${ratio <= limit ? '' : `(target ${limit})`}`,
        );
      };
      report(
        'cold',
        await byTurns(
          COLD_RUNS,
          async () => {
            const worker = startWorker();
            const time = await timed(() => worker.run(specOf(cell, size)));
            worker.dispose();
            return time;
          },
          () =>
            timed(async () => {
              const torch = new Torch();
              await torch.run(specOf(cell, size));
              torch.end();
            }),
        ),
        0.5,
      );
      const worker = startWorker();
      const torch = new Torch();
      for (let k = 0; k < 2; k++) {
        await worker.run(specOf(cell, size));
        await torch.run(specOf(cell, size));
      }
      report(
        'warm',
        await byTurns(
          WARM_RUNS,
          () => timed(() => worker.run(specOf(cell, size))),
          () => timed(() => torch.run(specOf(cell, size))),
        ),
        1,
      );
      worker.dispose();
      torch.end();
    }
  }
  if (missed > 0) {
    console.log(`${missed} targets missed`);
    process.exitCode = 1;
  }
}

void main();
