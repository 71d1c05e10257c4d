import assert from 'node:assert/strict';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import * as tf from '@tensorflow/tfjs-core';
import { drawInput } from '../../../src/gradient/flow';
import { initialise } from '../../../src/gradient/initialise';
import { Stream, unitVector } from '../../../src/gradient/random';
import { shapesOf } from '../../../src/gradient/shape';
import type { FlowSpec } from '../../../src/model';
import { SMALL, profileOf } from './run';

/**
 * A plainly written loop under tf.grads. The gradient by h_t is that by a zero that is added to it; tfjs differentiates
 * by variables, so one zero is passed for each step.
 */
async function plainNorms(spec: FlowSpec): Promise<number[]> {
  const { steps, batch, inputSize, hiddenSize: n } = spec;
  const [shape] = shapesOf(spec);
  const w = initialise(spec, shape!, spec.seeds[0]!);
  const width = shape!.gates * n;
  const kernel = tf.tensor2d(w.kernel, [inputSize, width]);
  const recurrent = tf.tensor2d(w.recurrent, [n, width]);
  const bias = tf.tensor1d(w.bias);
  const inner = tf.tensor1d(w.recurrentBias ?? new Float32Array(n));
  const xs = tf.unstack(tf.tensor3d(drawInput(spec, spec.seeds[0]!), [steps, batch, inputSize]));
  const v = tf.tensor2d(Float32Array.from(unitVector(new Stream(spec.seeds[0]!, 'loss.forward'), n)), [n, 1]);
  const part = (a: tf.Tensor, g: number): tf.Tensor2D => tf.slice2d(a as tf.Tensor2D, [0, g * n], [batch, n]);

  const loss = (...zeros: tf.Tensor[]): tf.Scalar => {
    let h: tf.Tensor = tf.zeros([batch, n]);
    let c: tf.Tensor = tf.zeros([batch, n]);
    zeros.forEach((zero, t) => {
      const a = tf.add(tf.matMul(xs[t] as tf.Tensor2D, kernel), bias);
      const r = tf.matMul(h as tf.Tensor2D, recurrent);
      const both = tf.add(a, r);
      if (spec.cell === 'rnn') h = tf.tanh(both);
      else if (spec.cell === 'lstm') {
        c = tf.add(
          tf.mul(tf.sigmoid(part(both, 1)), c),
          tf.mul(tf.sigmoid(part(both, 0)), tf.tanh(part(both, 2))),
        );
        h = tf.mul(tf.sigmoid(part(both, 3)), tf.tanh(c));
      } else {
        const reset = tf.sigmoid(part(both, 0));
        const update = tf.sigmoid(part(both, 1));
        const candidate = tf.tanh(tf.add(part(a, 2), tf.mul(reset, tf.add(part(r, 2), inner))));
        h = tf.add(tf.mul(tf.sub(1, update), candidate), tf.mul(update, h));
      }
      h = tf.add(h, zero);
    });
    return tf.sum(tf.matMul(h as tf.Tensor2D, v));
  };
  const gradients = tf.grads(loss)(xs.map(() => tf.zeros([batch, n])));
  return gradients.map((g) => Math.log10(tf.norm(g).dataSync()[0]!));
}

describe('gradient flow against tf.grads on a plain loop', () => {
  for (const cell of ['lstm', 'gru', 'rnn'] as const) {
    it(cell, async () => {
      const spec: FlowSpec = { ...SMALL, cell, seeds: [7] };
      const { log10Norms } = (await profileOf(spec)).seeds[0]!;
      const plain = await plainNorms(spec);
      assert.equal(plain.length, log10Norms.length);
      plain.forEach((n, t) => assert.ok(Math.abs(n - log10Norms[t]!) < 1e-3, `t = ${t + 1}`));
    });
  }
});
