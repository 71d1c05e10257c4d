// Next value of a time series with several features.
import * as tf from '@tensorflow/tfjs';

const LOOK_BACK = 240;
const FEATURES = 14;

export function buildForecast(sizes) {
  const model = tf.sequential();
  sizes.forEach((units, i) => {
    model.add(
      tf.layers.gru({
        units,
        returnSequences: i < sizes.length - 1,
        inputShape: i === 0 ? [LOOK_BACK, FEATURES] : undefined,
      }),
    );
  });
  model.add(tf.layers.dense({ units: 1 }));
  return model;
}

export const models = [buildForecast([32]), buildForecast([32, 16])];
