import type { ProbeTask } from '../model';
import type { Stream } from './random';

/** One batch of a task. */
export interface Batch {
  /** [T × B × inputs] */
  readonly input: Float32Array;
  /** Adding: the sums, [B]. Copy: symbols to be recalled at the last steps, [recalled × B]. */
  readonly target: Float32Array;
}

export interface Task {
  readonly inputs: number;
  readonly outputs: number;
  /** At how many steps, the last ones, an answer is wanted. */
  readonly answers: number;
  /** What is scored without remembering anything. */
  readonly baseline: number;
  draw(stream: Stream): Batch;
  /**
   * The mean loss of the answers, and its gradient by them.
   * @param outputs [answers × B × outputs]
   */
  loss(
    outputs: Float32Array,
    target: Float32Array,
  ): { readonly value: number; readonly gradient: Float32Array };
}

export function taskOf(task: ProbeTask, steps: number, batch: number): Task {
  return task === 'adding' ? addingProblem(steps, batch) : copyMemory(steps, batch);
}

/**
 * The adding problem (Hochreiter and Schmidhuber 1997): numbers from 0 to 1, two of them marked, one in each half; the
 * answer is the sum of the two. Answering 1 always has the mean squared error 1/6.
 */
function addingProblem(steps: number, batch: number): Task {
  const half = Math.floor(steps / 2);
  return {
    inputs: 2,
    outputs: 1,
    answers: 1,
    baseline: 1 / 6,
    draw: (stream) => {
      const input = new Float32Array(steps * batch * 2);
      const target = new Float32Array(batch);
      let draw = 0;
      for (let k = 0; k < steps * batch; k++) input[2 * k] = stream.uniform(draw++);
      for (let b = 0; b < batch; b++) {
        const early = Math.floor(half * stream.uniform(draw++));
        const late = half + Math.floor((steps - half) * stream.uniform(draw++));
        for (const t of [early, late]) {
          input[2 * (t * batch + b) + 1] = 1;
          target[b]! += input[2 * (t * batch + b)]!;
        }
      }
      return { input, target };
    },
    loss: (outputs, target) => {
      const gradient = new Float32Array(batch);
      let value = 0;
      for (let b = 0; b < batch; b++) {
        const error = outputs[b]! - target[b]!;
        value += (error * error) / batch;
        gradient[b] = (2 * error) / batch;
      }
      return { value, gradient };
    },
  };
}

const SYMBOLS = 8;
const MOST_RECALLED = 10;

/**
 * Copy memory (Hochreiter and Schmidhuber 1997; Arjovsky et al. 2016): symbols come first, blanks follow, and after a
 * sign at the end the symbols are to be recalled. Guessing has the cross entropy ln 8.
 */
function copyMemory(steps: number, batch: number): Task {
  const recalled = Math.max(1, Math.min(MOST_RECALLED, Math.floor(steps / 4)));
  const inputs = SYMBOLS + 2;
  return {
    inputs,
    outputs: SYMBOLS,
    answers: recalled,
    baseline: Math.log(SYMBOLS),
    draw: (stream) => {
      const input = new Float32Array(steps * batch * inputs);
      const target = new Float32Array(recalled * batch);
      const put = (t: number, b: number, symbol: number): void => {
        input[(t * batch + b) * inputs + symbol] = 1;
      };
      for (let b = 0; b < batch; b++) {
        for (let t = 0; t < steps; t++) {
          if (t < recalled) {
            const symbol = Math.floor(SYMBOLS * stream.uniform(t * batch + b));
            target[t * batch + b] = symbol;
            put(t, b, symbol);
          } else put(t, b, t === steps - recalled ? SYMBOLS + 1 : SYMBOLS);
        }
      }
      return { input, target };
    },
    loss: (outputs, target) => {
      const gradient = new Float32Array(outputs.length);
      const count = target.length;
      let value = 0;
      for (let r = 0; r < count; r++) {
        const row = outputs.subarray(r * SYMBOLS, (r + 1) * SYMBOLS);
        const top = Math.max(...row);
        let sum = 0;
        for (const x of row) sum += Math.exp(x - top);
        const right = target[r]!;
        value += (top + Math.log(sum) - row[right]!) / count;
        for (let k = 0; k < SYMBOLS; k++)
          gradient[r * SYMBOLS + k] = (Math.exp(row[k]! - top) / sum - (k === right ? 1 : 0)) / count;
      }
      return { value, gradient };
    },
  };
}
