import type { FlowSpec } from '../model';
import { hardSlopeOf, squashOf } from './activations';
import { type BackwardResult, type Upstream, backward } from './backward';
import { type Cell, type CellSizes, transposed } from './cell';
import { GruAfterCell } from './cell-gru';
import { GruBeforeCell } from './cell-gru-before';
import { LstmCell } from './cell-lstm';
import { RnnCell } from './cell-rnn';
import type { Weights } from './initialise';
import type { Pace } from './pace';
import type { Factor, Products } from './products';
import { type ScaledSteps, powerOfTwo, reversed, reversedSteps } from './scaled';
import { type DirectionShape, GATES } from './shape';
import { type ScaledGradient, biasSums, log10BlockNorms, productSums } from './weight-gradient';

/** Multiply-accumulates of one input product at most, so that a cancel is heard in time. */
const PRODUCT_MACS = 1 << 26;

export type TrainedTensor = 'kernel' | 'recurrent' | 'bias' | 'recurrentBias';

export interface WeightGradient {
  readonly tensor: string;
  readonly gate: string;
  readonly log10Norm: number;
}

/** One layer in one direction over one sequence batch: forward, then backward, then what its weights get. */
export class LayerRun {
  readonly cell: Cell;
  private readonly sizes: CellSizes;
  private result?: BackwardResult;

  private constructor(
    private readonly products: Products,
    private readonly spec: FlowSpec,
    readonly shape: DirectionShape,
    readonly weights: Weights,
    /** In the order in which this direction runs. */
    private readonly input: Float32Array,
    gates: Float32Array,
  ) {
    const { steps, batch } = spec;
    this.sizes = { steps, batch, hidden: shape.hiddenSize, output: shape.outputSize };
    this.cell = makeCell(products, spec, this.sizes, weights, gates);
  }

  /**
   * Runs the layer forward.
   * @param input [T × B × inputs] in the order of time
   * @param eachStep told after each step, in the order in which this direction runs
   */
  static async forward(
    products: Products,
    spec: FlowSpec,
    shape: DirectionShape,
    weights: Weights,
    input: Float32Array,
    pace: Pace,
    eachStep?: (cell: Cell, s: number) => void,
  ): Promise<LayerRun> {
    const ordered = shape.direction === 'forward' ? input : reversedSteps(input, spec.steps);
    const gates = await inputProducts(products, shape, weights, ordered, pace);
    const run = new LayerRun(products, spec, shape, weights, ordered, gates);
    for (let s = 0; s < spec.steps; s++) {
      run.cell.forward(s);
      eachStep?.(run.cell, s);
      const rest = pace.step();
      if (rest) await rest;
    }
    return run;
  }

  /** h of every step in the order of time, [T × B × R]. */
  outputs(): Float32Array {
    const { steps, batch, output } = this.sizes;
    const states = this.cell.states.subarray(batch * output);
    return this.shape.direction === 'forward' ? states : reversedSteps(states, steps);
  }

  /** Runs backward; `above` is in the order of time. Results are in the order in which this direction runs. */
  async backward(
    direct: Upstream['direct'],
    above: ScaledSteps | undefined,
    pace: Pace,
  ): Promise<BackwardResult> {
    const ordered = above && this.shape.direction === 'reverse' ? reversed(above) : above;
    this.result = await backward(this.cell, this.sizes, { direct, above: ordered }, pace);
    return this.result;
  }

  /** ∂L/∂x in the order of time, for the layer below. Call after `backward`. */
  async inputGradient(pace: Pace): Promise<ScaledSteps> {
    const { inputSize, hiddenSize, gates } = this.shape;
    const width = gates * hiddenSize;
    const factor = this.products.factor(transposed(this.weights.kernel, inputSize, width), width, inputSize);
    const values = await inBlocks(this.products, this.cell.gates, factor, pace);
    const steps = { values, exponents: this.result!.exponents };
    return this.shape.direction === 'forward' ? steps : reversed(steps);
  }

  /** Norms of the gradients of every weight block. Call after `backward`. */
  async weightGradients(pace: Pace): Promise<readonly WeightGradient[]> {
    const { inputSize, outputSize, hiddenSize, gates } = this.shape;
    const { exponents } = this.result!;
    const width = gates * hiddenSize;
    const names = GATES[this.spec.cell];
    const found: WeightGradient[] = [];
    const note = (
      tensor: string,
      gateNames: readonly (string | undefined)[],
      norms: readonly number[],
    ): void => {
      gateNames.forEach((gate, g) => {
        if (gate !== undefined) found.push({ tensor, gate, log10Norm: norms[g]! });
      });
    };
    const norms = async (
      left: Float32Array,
      right: Float32Array,
      rows: number,
      cols: number,
      block: number,
    ) =>
      log10BlockNorms(
        await productSums(this.products, left, right, exponents, rows, cols, pace),
        cols,
        block,
      );

    note('kernel', names, await norms(this.input, this.cell.gates, inputSize, width, hiddenSize));
    for (const part of this.cell.recurrentParts()) {
      const projects = part.tensor === 'projection';
      const cols = projects ? outputSize : part.gates.length * hiddenSize;
      const block = projects ? outputSize : hiddenSize;
      note(part.tensor, part.gates, await norms(part.left, part.right, this.rowsOf(part.left), cols, block));
    }
    if (this.spec.bias) {
      note('bias', names, log10BlockNorms(biasSums(this.cell.gates, exponents, width), width, hiddenSize));
      if (this.cell instanceof GruAfterCell) {
        const inner = biasSums(this.cell.innerGradient, exponents, hiddenSize);
        note('recurrent bias', ['candidate'], log10BlockNorms(inner, hiddenSize, hiddenSize));
      }
    }
    return found;
  }

  /** The gradients themselves, in the layouts of {@link Weights}, for training. Call after `backward`. */
  async gradients(pace: Pace): Promise<Readonly<Record<TrainedTensor, Float64Array>>> {
    const { inputSize, outputSize, hiddenSize, gates } = this.shape;
    const { exponents } = this.result!;
    const width = gates * hiddenSize;
    const names: readonly string[] = GATES[this.spec.cell];
    const kernel = await productSums(
      this.products,
      this.input,
      this.cell.gates,
      exponents,
      inputSize,
      width,
      pace,
    );
    const recurrent = new Float64Array(outputSize * width);
    for (const { left, right, gates: own, tensor } of this.cell.recurrentParts()) {
      if (tensor !== 'recurrent kernel') continue;
      const cols = own.length * hiddenSize;
      const part = plain(await productSums(this.products, left, right, exponents, outputSize, cols, pace));
      own.forEach((gate, from) => {
        if (gate === undefined) return;
        const to = names.indexOf(gate) * hiddenSize;
        for (let r = 0; r < outputSize; r++)
          for (let k = 0; k < hiddenSize; k++)
            recurrent[r * width + to + k] = part[r * cols + from * hiddenSize + k]!;
      });
    }
    return {
      kernel: plain(kernel),
      recurrent,
      bias: plain(biasSums(this.cell.gates, exponents, width)),
      recurrentBias:
        this.cell instanceof GruAfterCell
          ? plain(biasSums(this.cell.innerGradient, exponents, hiddenSize))
          : new Float64Array(0),
    };
  }

  private rowsOf(left: Float32Array): number {
    return left.length / this.sizes.steps / this.sizes.batch;
  }
}

/** With its power of two multiplied in. */
function plain({ sums, exponent }: ScaledGradient): Float64Array {
  const factor = powerOfTwo(exponent);
  return sums.map((x) => x * factor);
}

function makeCell(
  products: Products,
  spec: FlowSpec,
  sizes: CellSizes,
  weights: Weights,
  gates: Float32Array,
): Cell {
  const f = squashOf(spec.nonlinearity);
  const slope = hardSlopeOf(spec);
  switch (spec.cell) {
    case 'rnn':
      return new RnnCell(products, sizes, f, weights, gates);
    case 'lstm':
      return new LstmCell(products, sizes, f, slope, weights, gates);
    case 'gru':
      return spec.resetAfter
        ? new GruAfterCell(products, sizes, f, slope, weights, gates)
        : new GruBeforeCell(products, sizes, f, slope, weights, gates);
  }
}

/** x·K + b for all steps at once. */
async function inputProducts(
  products: Products,
  { inputSize, hiddenSize, gates }: DirectionShape,
  weights: Weights,
  input: Float32Array,
  pace: Pace,
): Promise<Float32Array> {
  const width = gates * hiddenSize;
  const kernel = products.factor(weights.kernel, inputSize, width);
  const out = await inBlocks(products, input, kernel, pace);
  const { bias } = weights;
  for (let r = 0; r < out.length; r += width) for (let k = 0; k < width; k++) out[r + k]! += bias[k]!;
  return out;
}

async function inBlocks(
  products: Products,
  left: Float32Array,
  factor: Factor,
  pace: Pace,
): Promise<Float32Array> {
  const rows = left.length / factor.rows;
  const stride = Math.max(1, Math.floor(PRODUCT_MACS / (factor.rows * factor.cols)));
  if (stride >= rows) return products.times(left, factor);
  const out = new Float32Array(rows * factor.cols);
  for (let from = 0; from < rows; from += stride) {
    const to = Math.min(rows, from + stride);
    out.set(products.times(left.subarray(from * factor.rows, to * factor.rows), factor), from * factor.cols);
    const rest = pace.step(0);
    if (rest) await rest;
  }
  return out;
}
