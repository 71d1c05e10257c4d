import assert from 'node:assert/strict';
import fc from 'fast-check';
import { GradientWorker } from '../../../src/engine/gradient-client';
import { nodeWorkerPort } from '../../../src/node/worker-port';
import { CallFailed } from '../../../src/protocol/rpc';
import type { FlowSpec } from '../../../src/model';
import { SMALL } from '../../unit/gradient/run';
import { bundleWorker } from '../../unit/worker/bundle';
import { nearly, nastyValue } from '../support/nasty';
import { BUDGET, tried } from '../support/tried';

const size = (value: unknown) => JSON.stringify(value)?.length ?? 0;

describe('Messages of the gradient thread, a real one', () => {
  let bundle: Awaited<ReturnType<typeof bundleWorker>>;
  before(async () => {
    bundle = await bundleWorker();
  });
  after(() => bundle.remove());

  it('messages that are no calls leave it working', async () => {
    const port = nodeWorkerPort(bundle.file);
    const worker = new GradientWorker(() => port);
    let over = false;
    port.onExit(() => (over = true));
    const call = { type: 'call', id: -7, method: 'memory', params: null };
    await fc.assert(
      fc.asyncProperty(fc.oneof(nearly(call), nastyValue), async (value) => {
        // The number of the run below: its answer would be taken for that of the run.
        if ((value as { id?: unknown } | null)?.id === 1) return;
        await tried('Messages to the worker', size(value), () => port.postMessage(value));
      }),
      { numRuns: 400 * BUDGET },
    );
    assert.equal((await worker.run(SMALL)).seeds.length, 1);
    assert.equal(over, false);
    worker.dispose();
  });

  it('specs that are nearly right: an answer, or a refusal in words, and never a dead thread', async () => {
    const ports: unknown[] = [];
    const worker = new GradientWorker(
      () => {
        ports.push(1);
        return nodeWorkerPort(bundle.file);
      },
      // A run that is larger than this one is refused, so that each takes moments.
      { memoryBudget: 4 << 20, graceMilliseconds: 10_000 },
    );
    await fc.assert(
      fc.asyncProperty(nearly(SMALL), async (spec) => {
        await tried('Messages to the worker', size(spec), async () => {
          const answer = await worker.run(spec as FlowSpec).catch((error: unknown) => error);
          if (!(answer instanceof Error))
            return assert.ok(Array.isArray((answer as { seeds: unknown }).seeds));
          assert.ok(answer instanceof CallFailed, String(answer));
          assert.notEqual(answer.code, 'crashed', JSON.stringify(spec));
        });
      }),
      { numRuns: 120 * BUDGET },
    );
    assert.equal(ports.length, 1);
    worker.dispose();
  });

  it('killed at random moments: every run ends, and the next works', async () => {
    let port: ReturnType<typeof nodeWorkerPort>;
    const worker = new GradientWorker(() => (port = nodeWorkerPort(bundle.file)));
    const slow: FlowSpec = { ...SMALL, hiddenSize: 64, steps: 400, batch: 8, detail: 'curves' };
    for (let i = 0; i < 12 * BUDGET; i++) {
      const run = worker.run({ ...slow, seeds: [i] }).then(
        () => 'done',
        (error: CallFailed) => error.code,
      );
      await new Promise((resolve) => setTimeout(resolve, (i * 37) % 300));
      port!.terminate();
      const end = await run;
      assert.ok(['done', 'crashed', 'disposed'].includes(end), end);
      await tried('Deaths of the worker', 1, () => undefined);
    }
    assert.equal((await worker.run(SMALL)).seeds.length, 1);
    worker.dispose();
  });
});
