import {
  type Distribution,
  type FlowSpec,
  type Initialisers,
  type StoredWeights,
  parseInitialiser,
} from '../model';
import { FRAMEWORK_DEFAULTS, type FrameworkDefaults, recurrentByGate } from './defaults';
import { drawMatrix } from './distributions';
import { Stream } from './random';
import { type DirectionShape, MEMORY_GATE } from './shape';

/** The weights of one layer in one direction; the layouts of {@link StoredWeights}. */
export interface Weights {
  readonly kernel: Float32Array;
  readonly recurrent: Float32Array;
  readonly bias: Float32Array;
  /** GRU with reset after. */
  readonly recurrentBias?: Float32Array;
  readonly projection?: Float32Array;
}

/**
 * Draws the weights of one layer in one direction. Every tensor has a stream of its own, named
 * `layer.direction.tensor`, so that changing one initialiser leaves the other tensors as they were.
 * Throws an Error where the framework has no default and nothing is named.
 */
export function initialise(spec: FlowSpec, shape: DirectionShape, seed: number): Weights {
  const defaults = FRAMEWORK_DEFAULTS[spec.framework];
  if (!defaults) throw new Error(`${spec.framework} has no default initialiser`);
  const stream = (tensor: string): Stream => new Stream(seed, `${shape.layer}.${shape.direction}.${tensor}`);
  const named = spec.initialiser.kind === 'named' ? spec.initialiser.initialisers : {};
  const { inputSize, hiddenSize, outputSize, gates } = shape;
  const width = gates * hiddenSize;
  const chosen = (name: string | undefined, fallback: Distribution): Distribution => {
    if (name === undefined) return fallback;
    const d = parseInitialiser(name);
    if (!d) throw new Error(`unknown initialiser ${name}`);
    return d;
  };

  const kernel = drawMatrix(
    chosen(named.kernel, defaults.kernel(shape)),
    stream('kernel'),
    inputSize,
    width,
    defaults.kernelFans(shape),
    defaults.widenTruncated,
  );
  const recurrent = drawRecurrent(
    spec,
    shape,
    chosen(named.recurrentKernel, defaults.recurrent(shape)),
    stream('recurrent'),
    defaults.widenTruncated,
  );
  if (spec.framework === 'tf1' && spec.cell === 'gru') widenTf1Candidate(shape, kernel, recurrent, named);
  const biases = drawBiases(
    spec,
    shape,
    defaults,
    chosen(named.bias, defaults.bias(shape, spec.cell)),
    stream,
  );
  const projection =
    spec.projSize > 0
      ? drawMatrix(
          (defaults.projection ?? defaults.recurrent)(shape),
          stream('projection'),
          hiddenSize,
          outputSize,
          { fanIn: hiddenSize, fanOut: outputSize },
          defaults.widenTruncated,
        )
      : undefined;
  return {
    kernel: Float32Array.from(kernel),
    recurrent: Float32Array.from(recurrent),
    ...biases,
    ...(projection ? { projection: Float32Array.from(projection) } : {}),
  };
}

/** Trained weights as they are; their sizes were checked when the run was accepted. */
export function storedWeights(stored: StoredWeights, shape: DirectionShape): Weights {
  const { kernel, recurrent, bias, recurrentBias, projection } = stored;
  return {
    kernel: Float32Array.from(kernel),
    recurrent: Float32Array.from(recurrent),
    bias: bias ? Float32Array.from(bias) : new Float32Array(shape.gates * shape.hiddenSize),
    ...(recurrentBias ? { recurrentBias: Float32Array.from(recurrentBias) } : {}),
    ...(projection ? { projection: Float32Array.from(projection) } : {}),
  };
}

function drawRecurrent(
  spec: FlowSpec,
  shape: DirectionShape,
  distribution: Distribution,
  stream: Stream,
  widenTruncated: boolean,
): Float64Array {
  const { hiddenSize, outputSize, gates } = shape;
  const special = alternative(spec);
  const named = spec.initialiser.kind === 'named' && spec.initialiser.initialisers.recurrentByGate;
  const byGate = special !== undefined || named || recurrentByGate(spec.framework, spec.cell);
  const d = special ?? distribution;
  // One matrix over all gates fits only distributions without structure or with orthonormal rows.
  if (!byGate && d.kind !== 'identity') {
    const fans = { fanIn: outputSize, fanOut: gates * hiddenSize };
    return drawMatrix(d, stream, outputSize, gates * hiddenSize, fans, widenTruncated);
  }
  const out = new Float64Array(outputSize * gates * hiddenSize);
  for (let g = 0; g < gates; g++) {
    const block = drawMatrix(
      d,
      stream.fork(g),
      outputSize,
      hiddenSize,
      { fanIn: outputSize, fanOut: hiddenSize },
      widenTruncated,
    );
    for (let r = 0; r < outputSize; r++)
      out.set(block.subarray(r * hiddenSize, (r + 1) * hiddenSize), (r * gates + g) * hiddenSize);
  }
  return out;
}

/** The recurrent kernel of an initialisation that is tried instead of the framework's. */
function alternative({ initialiser }: FlowSpec): Distribution | undefined {
  if (initialiser.kind === 'orthogonal') return { kind: 'orthogonal', gain: initialiser.gain };
  if (initialiser.kind === 'identity') return { kind: 'identity', gain: initialiser.scale };
  return undefined;
}

function drawBiases(
  spec: FlowSpec,
  shape: DirectionShape,
  defaults: FrameworkDefaults,
  distribution: Distribution,
  stream: (tensor: string) => Stream,
): Pick<Weights, 'bias' | 'recurrentBias'> {
  const { hiddenSize, gates } = shape;
  const width = gates * hiddenSize;
  const own = spec.cell === 'gru' && spec.resetAfter;
  const zero = {
    bias: new Float32Array(width),
    ...(own ? { recurrentBias: new Float32Array(hiddenSize) } : {}),
  };
  // IRNN starts with zero biases (Le, Jaitly, Hinton 2015).
  if (!spec.bias || spec.initialiser.kind === 'identity') return zero;

  const vector = (name: string): Float64Array =>
    drawMatrix(
      distribution,
      stream(name),
      1,
      width,
      { fanIn: width, fanOut: width },
      defaults.widenTruncated,
    );
  const bias = vector('bias');
  const second = defaults.biases === 2 || own ? vector('recurrent bias') : undefined;
  const recurrentBias = own ? second!.slice((gates - 1) * hiddenSize) : undefined;
  if (defaults.biases === 1) second?.fill(0);
  adjustGateBiases(spec, shape, defaults, bias, stream);
  // Where there are two vectors, a gate's bias is set in the first of them: the second adds what was drawn.
  if (second) for (let i = 0; i < width - (own ? hiddenSize : 0); i++) bias[i]! += second[i]!;
  return {
    bias: Float32Array.from(bias),
    ...(recurrentBias ? { recurrentBias: Float32Array.from(recurrentBias) } : {}),
  };
}

/** Forget-gate bias, chrono: what replaces the drawn biases of single gates. */
function adjustGateBiases(
  spec: FlowSpec,
  { hiddenSize }: DirectionShape,
  defaults: FrameworkDefaults,
  bias: Float64Array,
  stream: (tensor: string) => Stream,
): void {
  const { initialiser, cell } = spec;
  const forget = MEMORY_GATE[cell];
  const named: Initialisers = initialiser.kind === 'named' ? initialiser.initialisers : {};
  const { bias: biasName, forgetBias } = named;
  const chrono = initialiser.kind === 'chrono' ? initialiser.maxSteps : named.chrono;
  defaults.gateBias(cell)?.forEach((value, g) => {
    const gate = bias.subarray(g * hiddenSize, (g + 1) * hiddenSize);
    // A bias of 0 stays what was drawn; a named initialiser is for all but the gates the framework keeps apart.
    if (value === 0 || (g === forget && forgetBias !== undefined)) return;
    if (defaults.addsGateBias) gate.forEach((b, k) => (gate[k] = b + value));
    else if (cell === 'lstm' || biasName === undefined) gate.fill(value);
  });
  if (forget === undefined) return;
  const gate = bias.subarray(forget * hiddenSize, (forget + 1) * hiddenSize);
  if (initialiser.kind === 'forget-bias') gate.fill(initialiser.value);
  else if (forgetBias !== undefined) {
    // Keras' `unit_forget_bias=False` means "like the other gates", whatever those start from.
    if (forgetBias !== 0 || defaults.biases === 2) gate.fill(forgetBias);
  } else if (chrono !== undefined) {
    // Tallec and Ollivier 2018: b_f ~ log U(1, T_max − 1), and b_i = −b_f for LSTM.
    const u = stream('chrono');
    const range = Math.max(1, chrono - 1) - 1;
    for (let k = 0; k < hiddenSize; k++) gate[k] = Math.log(1 + range * u.uniform(k));
    if (cell === 'lstm') for (let k = 0; k < hiddenSize; k++) bias[k] = -gate[k]!;
  }
}

/** TF 1's GRU draws its candidate from a matrix of its own, which is narrower and so has a wider range. */
function widenTf1Candidate(
  { inputSize, outputSize, hiddenSize }: DirectionShape,
  kernel: Float64Array,
  recurrent: Float64Array,
  named: { readonly kernel?: string; readonly recurrentKernel?: string },
): void {
  const both = inputSize + outputSize;
  const ratio = Math.sqrt((both + 2 * hiddenSize) / (both + hiddenSize));
  const widen = (a: Float64Array): void => {
    for (let i = 0; i < a.length; i++) if (i % (3 * hiddenSize) >= 2 * hiddenSize) a[i]! *= ratio;
  };
  if (named.kernel === undefined) widen(kernel);
  if (named.recurrentKernel === undefined) widen(recurrent);
}
