import { strict as assert } from 'node:assert';
import type { LogOutputChannel } from 'vscode';
import { DEFAULT_THRESHOLDS, type FlowThresholds } from '../../../src/advice';
import { costModel } from '../../../src/cost';
import { FlowRun } from '../../../src/editor/panel/flow-run';
import { GradientWorker } from '../../../src/engine/gradient-client';
import { DEFAULT_WORKLOAD, type RecurrentLayer, constant, isRecurrent } from '../../../src/model';
import { nodeWorkerPort } from '../../../src/node/worker-port';
import { languageModel } from '../engine/panel/fixture';
import { bundleWorker } from '../worker/bundle';

describe('The gradient flow of a panel', function () {
  this.timeout(60_000);
  let bundle: Awaited<ReturnType<typeof bundleWorker>>;
  let worker: GradientWorker;
  before(async () => {
    bundle = await bundleWorker();
    worker = new GradientWorker(() => nodeWorkerPort(bundle.file));
  });
  after(() => {
    worker.dispose();
    return bundle.remove();
  });

  const cost = costModel(languageModel({ hidden: constant(6) }), { ...DEFAULT_WORKLOAD, seqLen: 12 });
  const layer = cost.layers.find((l) => isRecurrent(l.layer))!.layer as RecurrentLayer;

  function make(thresholds: () => FlowThresholds = () => DEFAULT_THRESHOLDS): FlowRun {
    const nothing = () => undefined;
    return new FlowRun(worker, undefined as unknown as LogOutputChannel, thresholds, nothing, () =>
      Promise.reject(new Error('no file')),
    );
  }
  const run = (flow: FlowRun) => flow.run(cost, layer, 'same-size', () => false);

  it('is out of date while other things are chosen than those that ran, also after the file is read again', async () => {
    const flow = make();
    await run(flow);
    const stale = (): boolean => flow.view.setup!.stale;
    flow.source(cost, layer);
    assert.equal(stale(), false);
    flow.choose({ loss: 'all' });
    assert.equal(stale(), true);
    flow.source(cost, layer);
    assert.equal(stale(), true);
    await run(flow);
    assert.deepEqual([flow.view.status, flow.view.setup!.loss, stale()], ['done', 'all', false]);
  });

  it('judges what was measured again when a threshold changes', async () => {
    let thresholds = DEFAULT_THRESHOLDS;
    const flow = make(() => thresholds);
    await run(flow);
    thresholds = { ...DEFAULT_THRESHOLDS, vanishingDecades: 0.1 };
    flow.judgeAgain();
    assert.equal(flow.view.cases[0]!.verdict, 'vanishing');
    thresholds = { ...DEFAULT_THRESHOLDS, vanishingDecades: 900 };
    flow.judgeAgain();
    assert.equal(flow.view.cases[0]!.verdict, 'healthy');
  });

  it('is free again when what blocked it changes', async () => {
    const flow = make();
    flow.choose({ start: { kind: 'forget-bias', value: 1 } });
    const rnn: RecurrentLayer = { ...layer, kind: 'rnn' };
    const model = { ...cost.model, layers: cost.model.layers.map((l) => (l === layer ? rnn : l)) };
    const other = costModel(model, cost.workload);
    await flow.run(other, rnn, 'same-size', () => false);
    assert.equal(flow.view.status, 'blocked');
    assert.match(flow.view.reason!.text, /no gate/);
    flow.choose({ start: null });
    assert.equal(flow.view.status, 'idle');
  });
});
