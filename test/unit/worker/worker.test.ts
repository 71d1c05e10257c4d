import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { GradientWorker, type GradientWorkerOptions } from '../../../src/engine/gradient-client';
import type { FlowSpec } from '../../../src/model';
import { nodeWorkerPort } from '../../../src/node/worker-port';
import { CallFailed, type Port } from '../../../src/protocol/rpc';
import type { FlowProgress } from '../../../src/protocol/worker';
import { SMALL } from '../gradient/run';
import { bundleWorker } from './bundle';

/** Runs for seconds unless somebody ends it. */
const LONG: FlowSpec = { ...SMALL, inputSize: 64, hiddenSize: 256, steps: 2000, batch: 16, detail: 'curves' };

/** Long enough for a busy machine: the thread must let go by itself. */
const PATIENT: GradientWorkerOptions = { graceMilliseconds: 10_000 };

describe('the gradient worker, as a real thread', function () {
  this.timeout(30_000);
  let bundle: Awaited<ReturnType<typeof bundleWorker>>;
  const workers: GradientWorker[] = [];
  let ports: Port[] = [];
  before(async () => {
    bundle = await bundleWorker();
  });
  after(() => bundle.remove());
  afterEach(() => {
    for (const worker of workers.splice(0)) worker.dispose();
    ports = [];
  });

  function make(
    options?: GradientWorkerOptions,
    change: (port: Port) => Port = (port) => port,
  ): GradientWorker {
    const worker = new GradientWorker(() => {
      const port = change(nodeWorkerPort(bundle.file));
      ports.push(port);
      return port;
    }, options);
    workers.push(worker);
    return worker;
  }

  const failsWith = (code: string) => (error: unknown) => error instanceof CallFailed && error.code === code;

  /** Starts a long run and waits until it is under way. */
  async function underWay(worker: GradientWorker, signal?: AbortSignal): Promise<{ run: Promise<unknown> }> {
    let started: () => void;
    const begun = new Promise<void>((resolve) => (started = resolve));
    const run = worker.run(LONG, { onProgress: () => started(), ...(signal ? { signal } : {}) });
    run.catch(() => undefined);
    await begun;
    return { run };
  }

  it('answers on wasm, with progress, and from the cache the second time', async () => {
    const worker = make();
    const progress: FlowProgress[] = [];
    const spec: FlowSpec = { ...LONG, steps: 100 };
    const profile = await worker.run(spec, { onProgress: (p) => progress.push(p) });
    assert.equal(profile.backend, 'wasm');
    assert.equal(profile.seeds[0]!.log10Norms.length, 100);
    assert.ok(progress.length > 0 && progress.every((p) => p.stepsDone <= p.stepsTotal));
    assert.equal((await worker.run(spec)).seeds, profile.seeds);
  });

  it('a cancelled run rejects within 100 ms, the thread hears of it and does the next run', async () => {
    const worker = make(PATIENT);
    const control = new AbortController();
    const { run } = await underWay(worker, control.signal);
    const cancelled = performance.now();
    control.abort();
    await assert.rejects(run, failsWith('cancelled'));
    assert.ok(performance.now() - cancelled < 100);
    const next = await worker.run(SMALL);
    assert.equal(next.seeds.length, 1);
    assert.equal(ports.length, 1, 'the thread heard the cancel and was kept');
  });

  it('a run in a thread that does not listen is ended with its thread', async () => {
    // The real thread, with every cancel lost on its way there.
    const deaf = (port: Port): Port => ({
      ...port,
      postMessage: (value) => {
        if ((value as { type?: string }).type !== 'cancel') port.postMessage(value);
      },
    });
    const worker = make({ graceMilliseconds: 0 }, deaf);
    const control = new AbortController();
    await underWay(worker, control.signal);
    control.abort();
    assert.equal((await worker.run(SMALL)).seeds.length, 1);
    assert.equal(ports.length, 2);
  });

  it('a cancel before its turn never starts', async () => {
    const worker = make();
    const first = new AbortController();
    await underWay(worker, first.signal);
    const second = new AbortController();
    const waiting = worker.run(SMALL, { signal: second.signal });
    second.abort();
    await assert.rejects(waiting, failsWith('cancelled'));
    first.abort();
  });

  it('killing the thread mid-run rejects, and the next run works', async () => {
    const worker = make();
    const { run } = await underWay(worker);
    ports[0]!.terminate();
    await assert.rejects(run, failsWith('crashed'));
    assert.equal((await worker.run(SMALL)).seeds.length, 1);
    assert.equal(ports.length, 2);
  });

  it('disposing mid-run rejects; so does a run after', async () => {
    const worker = make();
    const { run } = await underWay(worker);
    worker.dispose();
    await assert.rejects(run, failsWith('disposed'));
    await assert.rejects(worker.run(SMALL), failsWith('disposed'));
    assert.equal(worker.running, false);
  });

  it('a missing bundle is a message, not a hang', async () => {
    const worker = new GradientWorker(() => nodeWorkerPort(join(dirname(bundle.file), 'nowhere.js')));
    workers.push(worker);
    await assert.rejects(worker.run(SMALL), failsWith('crashed'));
  });

  it('what does not fit is refused with the size that would', async () => {
    const worker = make({ memoryBudget: 1 << 20 });
    await assert.rejects(worker.run(LONG), (error) => {
      assert.ok(failsWith('refused')(error));
      assert.match((error as CallFailed).message, /sequence length of \d+ would fit/);
      return true;
    });
  });

  it('ten runs leave no tensors behind', async () => {
    const worker = make();
    for (let seed = 1; seed <= 10; seed++) await worker.run({ ...SMALL, numLayers: 2, seeds: [seed] });
    assert.deepEqual(await worker.memory(), { tensors: 0, bytes: 0 });
  });

  it('a cancelled run leaves no tensors behind', async () => {
    const worker = make(PATIENT);
    const control = new AbortController();
    const { run } = await underWay(worker, control.signal);
    control.abort();
    await assert.rejects(run);
    assert.deepEqual(await worker.memory(), { tensors: 0, bytes: 0 });
    assert.equal(ports.length, 1);
  });

  it('an idle thread is shut down and started again when needed', async () => {
    const worker = make({ idleMilliseconds: 30 });
    await worker.run(SMALL);
    assert.equal(worker.running, true);
    await new Promise((resolve) => setTimeout(resolve, 200));
    assert.equal(worker.running, false);
    await worker.run({ ...SMALL, seeds: [2] });
    assert.equal(ports.length, 2);
  });

  it('where wasm cannot start, the plain backend gives the same numbers and says so', async () => {
    const other = await bundleWorker();
    try {
      await rm(join(dirname(other.file), 'wasm'), { recursive: true });
      const plain = new GradientWorker(() => nodeWorkerPort(other.file));
      workers.push(plain);
      const [a, b] = [await plain.run(SMALL), await make().run(SMALL)];
      assert.equal(a.backend, 'cpu');
      a.seeds[0]!.log10Norms.forEach((n, t) => assert.ok(Math.abs(n - b.seeds[0]!.log10Norms[t]!) < 1e-4));
    } finally {
      await other.remove();
    }
  });
});
