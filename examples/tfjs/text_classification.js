// Sentiment of a review: one number per sentence.
import * as tf from '@tensorflow/tfjs';

const VOCABULARY = 10000;
const MAX_LENGTH = 100;

function createModel(kind = 'lstm') {
  const model = tf.sequential();
  model.add(tf.layers.embedding({ inputDim: VOCABULARY, outputDim: 128, inputLength: MAX_LENGTH }));
  if (kind === 'gru') {
    model.add(tf.layers.gru({ units: 32 }));
  } else {
    model.add(tf.layers.bidirectional({ layer: tf.layers.lstm({ units: 32 }), mergeMode: 'concat' }));
  }
  model.add(tf.layers.dense({ units: 1, activation: 'sigmoid' }));
  return model;
}

export const models = [createModel(), createModel('gru')];
