import {
  type FlowSpec,
  type ProbeCurve,
  type ProbePoint,
  type ProbeResult,
  type ProbeSpec,
  message,
} from '../model';
import { Adam } from './adam';
import { type Weights, initialise } from './initialise';
import { LayerRun, type TrainedTensor } from './layer-run';
import { Pace, type Watcher } from './pace';
import { type Task, taskOf } from './probe-tasks';
import type { Products } from './products';
import { Stream } from './random';
import { RunRefused } from './refuse';
import { type DirectionShape, shapesOf } from './shape';

/** Gradients longer than this are scaled down to it (Pascanu et al. 2013). */
const CLIP_NORM = 1;
/** How many points a curve has at most. */
const MOST_POINTS = 100;

/** One cell that learns. */
class Learner {
  readonly points: ProbePoint[] = [];
  private readonly spec: FlowSpec;
  private readonly shape: DirectionShape;
  private readonly weights: Weights;
  private readonly readout: Float32Array;
  private readonly offset: Float32Array;
  private readonly adams: Readonly<Partial<Record<TrainedTensor | 'readout' | 'offset', Adam>>>;
  private sum = 0;
  private count = 0;

  constructor(
    { steps, batch, seed, learningRate }: ProbeSpec,
    readonly size: ProbeSpec['cells'][number],
    private readonly task: Task,
  ) {
    this.spec = {
      cell: size.cell,
      framework: 'pytorch',
      inputSize: task.inputs,
      hiddenSize: size.hiddenSize,
      numLayers: 1,
      bidirectional: false,
      bias: true,
      projSize: 0,
      resetAfter: true,
      nonlinearity: 'tanh',
      // Everybody's first remedy: without it the comparison would be of initialisations, not of cells.
      initialiser: size.cell === 'lstm' ? { kind: 'forget-bias', value: 1 } : { kind: 'default' },
      steps,
      batch,
      seeds: [seed],
      loss: 'last',
      input: { kind: 'noise' },
    };
    this.shape = shapesOf(this.spec)[0]!;
    this.weights = initialise(this.spec, this.shape, seed);
    const limit = 1 / Math.sqrt(size.hiddenSize);
    const draws = new Stream(seed, 'readout');
    this.readout = Float32Array.from(
      { length: size.hiddenSize * task.outputs },
      (_, i) => limit * (2 * draws.uniform(i) - 1),
    );
    this.offset = new Float32Array(task.outputs);
    const adam = (values?: Float32Array): Adam => new Adam(values ?? new Float32Array(0), learningRate);
    const { kernel, recurrent, bias, recurrentBias } = this.weights;
    this.adams = {
      kernel: adam(kernel),
      recurrent: adam(recurrent),
      bias: adam(bias),
      recurrentBias: adam(recurrentBias),
      readout: adam(this.readout),
      offset: adam(this.offset),
    };
  }

  get parameters(): number {
    return Object.values(this.adams).reduce((sum, { values }) => sum + values.length, 0);
  }

  /** One update on a batch of the task. */
  async learn(backend: Products, stream: Stream, pace: Pace): Promise<void> {
    const products = backend.scope();
    try {
      const { input, target } = this.task.draw(stream);
      const run = await LayerRun.forward(products, this.spec, this.shape, this.weights, input, pace);
      const outputs = run.outputs();
      const answered = outputs.subarray(
        outputs.length - this.task.answers * this.spec.batch * this.size.hiddenSize,
      );
      const { value, gradient } = this.task.loss(this.answer(answered), target);
      this.sum += value;
      this.count++;
      await run.backward(undefined, this.upstream(gradient), pace);
      const gradients = {
        ...(await run.gradients(pace)),
        ...this.readoutGradients(answered, gradient),
      };
      this.update(gradients);
    } finally {
      products.release();
    }
  }

  /** Closes a point of the curve. */
  mark(iteration: number): void {
    this.points.push({ iteration, loss: this.sum / this.count });
    this.sum = 0;
    this.count = 0;
  }

  curve(): ProbeCurve {
    const { cell, hiddenSize } = this.size;
    return { cell, hiddenSize, parameters: this.parameters, points: [...this.points] };
  }

  private answer(states: Float32Array): Float32Array {
    const { outputs } = this.task;
    const { hiddenSize } = this.size;
    const rows = states.length / hiddenSize;
    const out = new Float32Array(rows * outputs);
    for (let r = 0; r < rows; r++) {
      for (let j = 0; j < outputs; j++) {
        let sum = this.offset[j]!;
        for (let k = 0; k < hiddenSize; k++)
          sum += states[r * hiddenSize + k]! * this.readout[k * outputs + j]!;
        out[r * outputs + j] = sum;
      }
    }
    return out;
  }

  /** ∂L/∂h at the steps that answer. */
  private upstream(gradient: Float32Array): { values: Float32Array; exponents: Float64Array } {
    const { steps, batch } = this.spec;
    const { outputs, answers } = this.task;
    const { hiddenSize } = this.size;
    const values = new Float32Array(steps * batch * hiddenSize);
    const exponents = new Float64Array(steps).fill(-Infinity, 0, steps - answers);
    const from = (steps - answers) * batch;
    for (let r = 0; r < answers * batch; r++) {
      for (let k = 0; k < hiddenSize; k++) {
        let sum = 0;
        for (let j = 0; j < outputs; j++) sum += gradient[r * outputs + j]! * this.readout[k * outputs + j]!;
        values[(from + r) * hiddenSize + k] = sum;
      }
    }
    return { values, exponents };
  }

  private readoutGradients(
    states: Float32Array,
    gradient: Float32Array,
  ): { readout: Float64Array; offset: Float64Array } {
    const { outputs } = this.task;
    const { hiddenSize } = this.size;
    const readout = new Float64Array(hiddenSize * outputs);
    const offset = new Float64Array(outputs);
    for (let r = 0; r < gradient.length / outputs; r++) {
      for (let j = 0; j < outputs; j++) {
        const g = gradient[r * outputs + j]!;
        offset[j]! += g;
        for (let k = 0; k < hiddenSize; k++) readout[k * outputs + j]! += g * states[r * hiddenSize + k]!;
      }
    }
    return { readout, offset };
  }

  private update(gradients: Readonly<Record<TrainedTensor | 'readout' | 'offset', Float64Array>>): void {
    let sum = 0;
    for (const g of Object.values(gradients)) for (const x of g) sum += x * x;
    const norm = Math.sqrt(sum);
    const scale = norm > CLIP_NORM ? CLIP_NORM / norm : 1;
    for (const [name, adam] of Object.entries(this.adams))
      adam.update(gradients[name as keyof typeof gradients], scale);
  }
}

/** Tells of every point as it is made; throws whatever `check` throws, so that it can be stopped at any time. */
export interface ProbeWatcher {
  point(done: number, total: number, result: ProbeResult): void;
  check: Watcher['check'];
}

/**
 * Trains the cells by turns on the same batches, so that their curves grow side by side: backpropagation through time,
 * gradients clipped to norm 1, Adam.
 */
export async function runProbe(
  spec: ProbeSpec,
  products: Products,
  watcher: ProbeWatcher,
): Promise<ProbeResult> {
  refuseUnfit(spec);
  const task = taskOf(spec.task, spec.steps, spec.batch);
  const learners = spec.cells.map((size) => new Learner(spec, size, task));
  const pace = new Pace({ progress: () => undefined, check: () => watcher.check() }, spec.iterations);
  const every = Math.max(1, Math.ceil(spec.iterations / MOST_POINTS));
  const result = (): ProbeResult => ({
    spec,
    baseline: task.baseline,
    curves: learners.map((l) => l.curve()),
  });
  for (let iteration = 1; iteration <= spec.iterations; iteration++) {
    const stream = new Stream(spec.seed, `batch.${iteration}`);
    for (const learner of learners) await learner.learn(products, stream, pace);
    if (iteration % every !== 0 && iteration !== spec.iterations) continue;
    for (const learner of learners) learner.mark(iteration);
    watcher.point(iteration, spec.iterations, result());
  }
  return result();
}

function refuseUnfit({ steps, batch, iterations, cells, learningRate }: ProbeSpec): void {
  const sizes = [steps, batch, iterations, ...cells.map((c) => c.hiddenSize)];
  if (cells.length === 0 || !sizes.every((n) => Number.isSafeInteger(n) && n >= 1) || steps < 4)
    throw new RunRefused(
      message('A probe needs at least 4 steps, and whole numbers from 1 for its other sizes.'),
    );
  if (!(learningRate > 0)) throw new RunRefused(message('The learning rate must be above 0.'));
}
