import assert from 'node:assert/strict';
import { runProbe } from '../../../src/gradient';
import { taskOf } from '../../../src/gradient/probe-tasks';
import { Stream } from '../../../src/gradient/random';
import type { ProbeResult, ProbeSpec } from '../../../src/model';
import { wasm } from './run';

const SPEC: ProbeSpec = {
  task: 'copy',
  steps: 8,
  batch: 16,
  iterations: 120,
  learningRate: 0.02,
  seed: 1,
  cells: [
    { cell: 'lstm', hiddenSize: 12 },
    { cell: 'gru', hiddenSize: 12 },
    { cell: 'rnn', hiddenSize: 12 },
  ],
};
const quiet = { point: () => undefined, check: () => undefined };

describe('learning probe', () => {
  it('every cell learns a short copy task, far below guessing', async () => {
    const seen: number[] = [];
    const { baseline, curves } = await runProbe(SPEC, await wasm(), {
      ...quiet,
      point: (done, total, result: ProbeResult) => {
        assert.equal(total, SPEC.iterations);
        assert.equal(result.curves[0]!.points.at(-1)!.iteration, done);
        seen.push(done);
      },
    });
    assert.ok(Math.abs(baseline - Math.log(8)) < 1e-12);
    assert.equal(seen.at(-1), SPEC.iterations);
    for (const { cell, points } of curves) {
      assert.ok(Math.abs(points[0]!.loss - baseline) < 0.3, `${cell} starts near guessing`);
      assert.ok(points.at(-1)!.loss < 0.6 * baseline, `${cell} ends at ${points.at(-1)!.loss}`);
    }
    // LSTM 12 on 10 inputs, 8 outputs, one bias vector: 4·12·(10 + 12 + 1) + 8·13.
    assert.equal(curves[0]!.parameters, 4 * 12 * 23 + 8 * 13);
  });

  it('is the same for the same seed', async () => {
    const spec: ProbeSpec = { ...SPEC, task: 'adding', iterations: 5 };
    const [a, b] = [await runProbe(spec, await wasm(), quiet), await runProbe(spec, await wasm(), quiet)];
    assert.deepEqual(a, b);
  });

  it('stops when it is told to', async () => {
    const stop = new Error('stop');
    const probe = runProbe({ ...SPEC, iterations: 100_000 }, await wasm(), {
      ...quiet,
      check: () => {
        throw stop;
      },
    });
    await assert.rejects(probe, stop);
  });

  it('refuses sizes that make no sense', async () => {
    for (const change of [{ steps: 2 }, { batch: 0 }, { cells: [] }, { learningRate: 0 }])
      await assert.rejects(runProbe({ ...SPEC, ...change }, await wasm(), quiet), { name: 'RunRefused' });
  });
});

describe('tasks', () => {
  it('adding: two marks, one in each half, whose numbers add up to the target; 1 scores a sixth', () => {
    const [steps, batch] = [10, 2000];
    const task = taskOf('adding', steps, batch);
    const { input, target } = task.draw(new Stream(1, 'batch'));
    for (let b = 0; b < batch; b++) {
      const marked = Array.from({ length: steps }, (_, t) => t).filter(
        (t) => input[2 * (t * batch + b) + 1] === 1,
      );
      assert.equal(marked.length, 2);
      assert.ok(marked[0]! < 5 && marked[1]! >= 5);
      const sum = marked.reduce((s, t) => s + input[2 * (t * batch + b)]!, 0);
      assert.ok(Math.abs(sum - target[b]!) < 1e-6);
    }
    const { value } = task.loss(new Float32Array(batch).fill(1), target);
    assert.ok(Math.abs(value - task.baseline) < 0.02);
  });

  for (const name of ['adding', 'copy'] as const) {
    it(`${name}: the gradient of the loss is that of finite differences`, () => {
      const task = taskOf(name, 8, 3);
      const { target } = task.draw(new Stream(2, 'batch'));
      const outputs = Float32Array.from({ length: task.answers * 3 * task.outputs }, (_, k) => Math.sin(k));
      const { gradient } = task.loss(outputs, target);
      outputs.forEach((x, k) => {
        const at = (d: number): number => task.loss(outputs.with(k, x + d), target).value;
        assert.ok(Math.abs((at(0.01) - at(-0.01)) / 0.02 - gradient[k]!) < 1e-3);
      });
    });
  }
});
