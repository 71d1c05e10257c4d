// Encoder and decoder with dot-product attention between them.
import * as tf from '@tensorflow/tfjs';

export function createModel(sourceVocabulary, targetVocabulary, sourceLength, targetLength) {
  const units = 24;
  const source = tf.input({ shape: [sourceLength] });
  const target = tf.input({ shape: [targetLength] });

  const encoder = tf.layers.lstm({ units, returnSequences: true, returnState: true });
  const [sequence, h, c] = encoder.apply(
    tf.layers.embedding({ inputDim: sourceVocabulary, outputDim: units, maskZero: true }).apply(source),
  );
  const decoder = tf.layers
    .lstm({ units, returnSequences: true })
    .apply(tf.layers.embedding({ inputDim: targetVocabulary, outputDim: units }).apply(target), {
      initialState: [h, c],
    });

  const scores = tf.layers.dot({ axes: [2, 2] }).apply([decoder, sequence]);
  const weights = tf.layers.activation({ activation: 'softmax', name: 'attention' }).apply(scores);
  const context = tf.layers.dot({ axes: [2, 1] }).apply([weights, sequence]);
  const joined = tf.layers.concatenate().apply([context, decoder]);
  const output = tf.layers
    .timeDistributed({ layer: tf.layers.dense({ units: targetVocabulary, activation: 'softmax' }) })
    .apply(joined);
  return tf.model({ inputs: [source, target], outputs: output });
}

export const models = [createModel(35, 13, 12, 10)];
