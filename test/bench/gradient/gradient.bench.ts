/**
 * How long a gradient flow takes, beside the same maths in PyTorch on the CPU, in one run:
 *
 *   npm run bench -- gradient
 *
 * Cold is from request to answer with nothing started: the worker thread, tfjs and its wasm on one side, the
 * interpreter and `import torch` on the other. Warm is the median of several runs with both kept. Needs `npm run build`.
 */
import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { GradientWorker } from '../../../src/engine/gradient-client';
import { startProducts } from '../../../src/gradient';
import type { CellKind, FlowSpec } from '../../../src/model';
import { nodeWorkerPort } from '../../../src/node/worker-port';
import { ROOT, TORCH } from '../python';
import { median, report } from '../report';

const WARM_RUNS = 9;
const COLD_RUNS = 3;

const SIZES = [
  { steps: 100, batch: 8, inputSize: 64, hiddenSize: 128 },
  { steps: 200, batch: 16, inputSize: 128, hiddenSize: 256 },
] as const;

let seed = 0;
function specOf(
  cell: CellKind,
  size: Pick<FlowSpec, 'steps' | 'batch' | 'inputSize' | 'hiddenSize'>,
): FlowSpec {
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
    this.process = spawn(TORCH, [join(import.meta.dirname, 'torch_flow.py')]);
    this.lines = createInterface({ input: this.process.stdout })[Symbol.asyncIterator]();
  }

  async run(spec: FlowSpec): Promise<void> {
    this.process.stdin.write(`${JSON.stringify(spec)}\n`);
    const { done } = await this.lines.next();
    if (done) throw new Error(`${TORCH} has no torch`);
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

/** Both sides by turns, so that what else the machine does meets both. */
async function byTurns(count: number, ours: () => Promise<number>, theirs: Rival): Promise<Times> {
  const a: number[] = [];
  const b: number[] = [];
  for (let k = 0; k < count; k++) {
    a.push(await ours());
    if (theirs) b.push(await theirs());
  }
  return { ours: median(a), theirs: b.length > 0 ? median(b) : NaN };
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

const hasTorch = spawnSync(TORCH, ['-c', 'import torch'], { stdio: 'ignore' }).status === 0;

interface Times {
  readonly ours: number;
  readonly theirs: number;
}

/** Undefined where there is no torch to compare with: then only ours is measured. */
type Rival = (() => Promise<number>) | undefined;

function row(start: string, spec: FlowSpec, { ours, theirs }: Times, target: number): void {
  const { cell, steps, batch, inputSize, hiddenSize } = spec;
  const other = hasTorch ? { tool: 'PyTorch autograd', value: theirs } : { absent: 'PyTorch: not installed' };
  const on = `${cell.toUpperCase()} ${inputSize} → ${hiddenSize}, T ${steps}, B ${batch}, ${start}`;
  report({ what: 'gradient flow', on, ours, unit: 'ms', other });
  if (hasTorch && ours > target * theirs) {
    console.log(`  above the target of ${target} times PyTorch`);
    process.exitCode = 1;
  }
}

async function cold(spec: () => FlowSpec): Promise<Times> {
  const theirs: Rival = hasTorch
    ? () =>
        timed(async () => {
          const torch = new Torch();
          await torch.run(spec());
          torch.end();
        })
    : undefined;
  const ours = async () => {
    const worker = startWorker();
    const time = await timed(() => worker.run(spec()));
    worker.dispose();
    return time;
  };
  return byTurns(COLD_RUNS, ours, theirs);
}

async function warm(spec: () => FlowSpec, runs = WARM_RUNS): Promise<Times> {
  const worker = startWorker();
  const torch = hasTorch ? new Torch() : undefined;
  for (let k = 0; k < 2; k++) {
    await worker.run(spec());
    await torch?.run(spec());
  }
  const theirs: Rival = torch && (() => timed(() => torch.run(spec())));
  const times = await byTurns(runs, () => timed(() => worker.run(spec())), theirs);
  worker.dispose();
  torch?.end();
  return times;
}

async function main(): Promise<void> {
  const top = await peak();
  console.log(`  peak of a tfjs product: ${(top / 1e9).toFixed(1)} GFLOP/s`);
  for (const size of SIZES) {
    for (const cell of ['lstm', 'gru'] as const) {
      const spec = () => specOf(cell, size);
      row('cold', spec(), await cold(spec), 0.5);
      const times = await warm(spec);
      row('warm', spec(), times, 1);
      const share = (100 * flops(spec())) / (times.ours / 1000) / top;
      console.log(`  ${share.toFixed(0)} % of that peak`);
    }
  }
  // Growth with T.
  for (const steps of [50, 100, 200, 400, 800]) {
    const spec = () => specOf('lstm', { ...SIZES[0], steps });
    row('warm, growth with T', spec(), await warm(spec, 5), 1);
  }
}

void main();
