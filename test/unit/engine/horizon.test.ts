import { strict as assert } from 'node:assert';
import { parseBudgets } from '../../../src/advice/budgets';
import { analyseSource } from '../../../src/engine/analyse';
import { GradientWorker } from '../../../src/engine/gradient-client';
import { checkHorizon, horizonFindings } from '../../../src/engine/horizon';
import { DEFAULT_WORKLOAD, formatMessage, type FlowSpec } from '../../../src/model';
import { nodeWorkerPort } from '../../../src/node/worker-port';
import { bundleWorker } from '../worker/bundle';

/** A Keras model that answers once for a sequence. */
const keras = (layer: string, steps = 200) =>
  `import keras\nfrom keras import layers\n\nmodel = keras.Sequential([keras.Input((${steps}, 4)), ${layer}, layers.Dense(1)])\n`;

describe('The horizon', () => {
  let bundle: Awaited<ReturnType<typeof bundleWorker>>;
  let worker: GradientWorker;
  const asked: FlowSpec[] = [];
  const run = (spec: FlowSpec) => {
    asked.push(spec);
    return worker.run(spec);
  };
  before(async () => {
    bundle = await bundleWorker();
    worker = new GradientWorker(() => nodeWorkerPort(bundle.file));
  });
  beforeEach(() => asked.splice(0));
  after(async () => {
    worker.dispose();
    await bundle.remove();
  });

  const analyse = (text: string) =>
    analyseSource(
      { file: 'model.py', text },
      { workload: DEFAULT_WORKLOAD, assumptions: new Map(), load: () => Promise.resolve(undefined) },
    );
  const findings = async (text: string) =>
    (await horizonFindings(await analyse(text), { file: 'model.py', text }, { run })).map((f) =>
      formatMessage(f.message),
    );

  it('of a SimpleRNN over 200 steps is shorter than its sequence, and measured at its own sizes', async () => {
    const [said, ...more] = await findings(
      keras('layers.SimpleRNN(8, recurrent_initializer="glorot_uniform")'),
    );
    assert.deepEqual(more, []);
    assert.match(said ?? '', /^Only the last of 200 steps is used, .* its gradient reaches \d+ steps back/);
    const reach = Number(/reaches (\d+) steps/.exec(said!)?.[1]);
    assert.ok(reach > 0 && reach < 100, said);
    assert.deepEqual(
      asked.map(({ cell, inputSize, hiddenSize, steps }) => [cell, inputSize, hiddenSize, steps]),
      [['rnn', 4, 8, 200]],
    );
  });

  it('is no matter where every step counts, the length is unknown or short, or the layer looks both ways', async () => {
    assert.deepEqual(await findings(keras('layers.LSTM(8, return_sequences=True)')), []);
    assert.deepEqual(await findings(keras('layers.LSTM(8)').replace('200', 'None')), []);
    assert.deepEqual(await findings(keras('layers.Bidirectional(layers.LSTM(8))')), []);
    assert.deepEqual(asked, [], 'nothing of this needs a measurement');
    assert.deepEqual(await findings(keras('layers.LSTM(8)', 5)), []);
  });

  it('is not measured unasked in a layer of seconds of work', async () => {
    assert.deepEqual(await findings(keras('layers.LSTM(4096)', 1000)), []);
    assert.deepEqual(asked, []);
  });

  it('is held to a budget', async () => {
    const { budgets, problems } = parseBudgets('{"budgets":[{"horizon":5},{"horizon":150}]}');
    assert.deepEqual(problems, []);
    const { models } = await analyse(keras('layers.SimpleRNN(8, recurrent_initializer="glorot_uniform")'));
    const [low, high] = await Promise.all(budgets.map((b) => checkHorizon(b, models, { run })));
    assert.deepEqual(
      low?.map((r) => r.exceeded),
      [false],
    );
    assert.deepEqual(
      high?.map((r) => r.exceeded),
      [true],
    );
    assert.match(
      formatMessage(high![0]!.message),
      /the gradient reaches \d+ steps back, its budget asks for 150/,
    );
  });

  it('of a layer with unknown sizes is unknown, and no failure', async () => {
    const { models } = await analyse(keras('layers.LSTM(units)'));
    const [result] = await checkHorizon({ horizon: 9, limits: {}, assume: {} }, models, { run });
    assert.equal(result?.exceeded, false);
    assert.equal(result.actual, undefined);
    assert.match(formatMessage(result.message), /is not known/);
  });
});
