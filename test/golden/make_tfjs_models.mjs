/** Writes small TensorFlow.js models with TensorFlow.js itself, and what it counts in them: node make_tfjs_models.mjs */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as tf from '@tensorflow/tfjs';

const folder = fileURLToPath(new URL('../fixtures/saved/tfjs/', import.meta.url));
mkdirSync(folder, { recursive: true });
await tf.setBackend('cpu');

const { layers } = tf;
const sequential = (name, shape, ...stack) => {
  const model = tf.sequential({ name });
  stack.forEach((layer, i) => model.add(i === 0 ? layer({ inputShape: shape }) : layer({})));
  return model;
};
const models = {
  lstm: sequential('lstm', [7, 3], (o) => layers.lstm({ units: 4, ...o })),
  gru: sequential('gru', [7, 3], (o) => layers.gru({ units: 4, useBias: false, ...o })),
  simple_rnn: sequential('simple_rnn', [7, 3], (o) => layers.simpleRNN({ units: 4, ...o })),
  stack: sequential(
    'stack',
    [7],
    (o) => layers.embedding({ inputDim: 11, outputDim: 5, ...o, inputShape: undefined, inputLength: 7 }),
    () =>
      layers.bidirectional({ layer: layers.gru({ units: 3, returnSequences: true }), mergeMode: 'concat' }),
    () => layers.rnn({ cell: [layers.lstmCell({ units: 4 }), layers.gruCell({ units: 2 })] }),
    () => layers.batchNormalization({}),
    () => layers.dense({ units: 2, trainable: false }),
  ),
};

const counts = {};
const values = {};
for (const [name, model] of Object.entries(models)) {
  await model.save({
    async save(artifacts) {
      const weights = new Uint8Array(artifacts.weightData);
      // Two files, as the converter cuts large ones.
      const cut = name === 'stack' ? Math.min(weights.length, 256) : weights.length;
      const shards = [weights.subarray(0, cut), weights.subarray(cut)].filter((s) => s.length > 0);
      const paths = shards.map((_, i) => `${name}-shard${i + 1}of${shards.length}.bin`);
      shards.forEach((shard, i) => writeFileSync(folder + paths[i], shard));
      const json = {
        format: 'layers-model',
        generatedBy: artifacts.generatedBy,
        convertedBy: null,
        modelTopology: artifacts.modelTopology,
        weightsManifest: [{ paths, weights: artifacts.weightSpecs }],
      };
      writeFileSync(`${folder}${name}.json`, JSON.stringify(json));
      return { modelArtifactsInfo: { dateSaved: new Date(), modelTopologyType: 'JSON' } };
    },
  });
  const trainable = model.trainableWeights.reduce((n, w) => n + w.shape.reduce((a, b) => a * b, 1), 0);
  counts[`${name}.json`] = { total: model.countParams(), trainable, tfjs: tf.version.tfjs };
  const recurrent = model.layers[0].getWeights()[1];
  if (name === 'lstm' || name === 'simple_rnn') {
    values[`${name}.json`] = { tensor: 'recurrent_kernel', values: [...(await recurrent.data())] };
  }
}
writeFileSync(`${folder}counts.json`, `${JSON.stringify(counts, null, 1)}\n`);
writeFileSync(`${folder}values.json`, `${JSON.stringify(values)}\n`);
console.log(counts);
