import { type FlowSpec, type Message, type StoredWeights, message } from '../model';
import { FRAMEWORK_DEFAULTS } from './defaults';
import { largestThatFits, memoryOf } from './memory';
import { shapesOf } from './shape';

/** Thrown for a run that cannot be done, with the words for the user. */
export class RunRefused extends Error {
  constructor(readonly reason: Message) {
    super(reason.text);
    this.name = 'RunRefused';
  }
}

/** Throws {@link RunRefused} for a spec that makes no sense or needs more memory than the budget (bytes). */
export function refuseUnfit(spec: FlowSpec, budget: number): void {
  refuseSizes(spec);
  const needed = memoryOf(spec);
  if (needed <= budget) return;
  throw new RunRefused(
    message(
      'This run would need {0} MiB of memory; the limit is {1} MiB. A sequence length of {2} would fit, or a batch of {3}.',
      Math.ceil(needed / 2 ** 20),
      Math.floor(budget / 2 ** 20),
      largestThatFits(spec, 'steps', budget),
      largestThatFits(spec, 'batch', budget),
    ),
  );
}

function refuseSizes(spec: FlowSpec): void {
  const sizes = {
    T: spec.steps,
    B: spec.batch,
    inputSize: spec.inputSize,
    hiddenSize: spec.hiddenSize,
    numLayers: spec.numLayers,
  };
  for (const [name, value] of Object.entries(sizes)) {
    if (!Number.isSafeInteger(value) || value < 1)
      throw new RunRefused(message('{0} must be a whole number from 1, not {1}.', name, String(value)));
  }
  if (spec.seeds.length === 0) throw new RunRefused(message('At least one seed is needed.'));
  if (
    !Number.isSafeInteger(spec.projSize) ||
    spec.projSize < 0 ||
    (spec.projSize > 0 && spec.cell !== 'lstm')
  )
    throw new RunRefused(message('Only LSTM has a projection, and its size must be a whole number from 0.'));
  if (spec.input.kind === 'series' && spec.input.values.length < spec.steps)
    throw new RunRefused(
      message(
        'The series has {0} values, fewer than the {1} steps of the run.',
        spec.input.values.length,
        spec.steps,
      ),
    );
  if (spec.input.kind === 'series' && !spec.input.values.every(Number.isFinite))
    throw new RunRefused(message('The series holds something that is not a finite number.'));
  if (spec.initialiser.kind === 'stored') refuseStored(spec, spec.initialiser.weights);
  else if (!FRAMEWORK_DEFAULTS[spec.framework]) {
    throw new RunRefused(
      message('This format has no initialiser of its own: only stored weights can be run.'),
    );
  }
}

/** Trained weights must fit the layer to the last number. */
function refuseStored(spec: FlowSpec, weights: readonly StoredWeights[]): void {
  const shapes = shapesOf(spec);
  if (weights.length !== shapes.length)
    throw new RunRefused(
      message('{0} sets of stored weights are needed, not {1}.', shapes.length, weights.length),
    );
  shapes.forEach((shape, i) => {
    const { inputSize, hiddenSize, outputSize, gates } = shape;
    const width = gates * hiddenSize;
    const { kernel, recurrent, bias, recurrentBias, projection } = weights[i]!;
    refuseTensor('kernel', kernel, inputSize * width);
    refuseTensor('recurrent kernel', recurrent, outputSize * width);
    if (bias) refuseTensor('bias', bias, width);
    // Only where it stands inside the product that the reset gate scales is it kept apart.
    const apart = spec.cell === 'gru' && spec.resetAfter;
    if (recurrentBias) refuseTensor('recurrent bias', recurrentBias, apart ? hiddenSize : 0);
    if (projection || spec.projSize > 0)
      refuseTensor('projection', projection ?? [], hiddenSize * outputSize);
  });
}

function refuseTensor(name: string, values: ArrayLike<number>, size: number): void {
  if (values.length !== size)
    throw new RunRefused(message('The stored {0} has {1} values instead of {2}.', name, values.length, size));
  for (let i = 0; i < size; i++)
    if (!Number.isFinite(values[i]))
      throw new RunRefused(
        message('The stored {0} holds {1}: these weights cannot be run.', name, String(values[i])),
      );
}
