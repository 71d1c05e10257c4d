import {
  type Dim,
  type Framework,
  type Message,
  type RecurrentLayer,
  type Workload,
  DEFAULT_WORKLOAD,
  FRAMEWORK_NAMES,
  add,
  cellOf,
  constant,
  formatDim,
  isCell,
  message,
  mul,
  sub,
  valueOf,
} from '../model';
import { conventionOf, gatesOf } from './conventions';
import { costLayer } from './layer-cost';
import { recurrentTensors } from './layers/recurrent';
import { hasProjection, stateSize } from './recurrent-shape';
import { sumSizes } from './tensor';

/** One sentence about where parameters come from, and how many it accounts for. */
export interface Explained {
  readonly message: Message;
  readonly params: Dim;
}

/**
 * Where a recurrent layer's parameters come from, by its framework's conventions. The parts sum to the count of the
 * layer as its arguments create it (before tying, weight norm and copies).
 */
export function explainParams(layer: RecurrentLayer): readonly Explained[] {
  const tensors = recurrentTensors(layer);
  const gates = gatesOf(layer).length;
  const state = stateSize(layer);
  const parts: Explained[] = [];
  const first = recurrentTensors({ ...layer, numLayers: constant(1) });
  const matrices = (list: typeof tensors) =>
    sumSizes(list, (t) => t.role === 'kernel' || t.role === 'recurrent-kernel');
  parts.push({
    message: message(
      'Gates: {0}. Each has weights for {1} inputs and {2} values of state, for each of {3} hidden units, in {4} direction(s).',
      gates,
      formatDim(layer.inputSize),
      formatDim(state),
      formatDim(layer.hiddenSize),
      formatDim(layer.directions),
    ),
    params: matrices(first),
  });
  const upper = sub(matrices(tensors), matrices(first));
  if (upper.terms.size > 0) {
    const read = formatDim(mul(layer.directions, state));
    parts.push({
      message:
        valueOf(layer.directions) === 1
          ? message('Stacked layers: each upper layer reads the {0} outputs of the one below.', read)
          : message(
              'Stacked layers: each upper layer reads the outputs of both directions below, {0} values.',
              read,
            ),
      params: upper,
    });
  }
  const biases = sumSizes(tensors, (t) => t.role === 'bias');
  parts.push({ message: biasMessage(layer), params: biases });
  const projections = sumSizes(tensors, (t) => t.role === 'projection');
  if (projections.terms.size > 0) {
    parts.push({
      message: message(
        'Projection: the state that is fed back and handed on has {0} values in place of {1}, which takes a matrix more and makes the others narrower.',
        formatDim(state),
        formatDim(layer.hiddenSize),
      ),
      params: projections,
    });
  }
  const peepholes = sumSizes(tensors, (t) => t.role === 'peephole');
  if (peepholes.terms.size > 0) {
    parts.push({
      message: message(
        'Peepholes: the input, forget and output gates see the cell state through one weight per unit.',
      ),
      params: peepholes,
    });
  }
  return parts;
}

/** What a framework's recurrent layers do about biases, said for this layer: told from the tensors it would create with one unit. */
function biasMessage(layer: RecurrentLayer): Message {
  const name = FRAMEWORK_NAMES[layer.framework];
  const one = constant(1);
  const unit = { ...layer, inputSize: one, hiddenSize: one, projSize: one, numLayers: one, directions: one };
  const values = valueOf(sumSizes(recurrentTensors(unit), (t) => t.role === 'bias'));
  const gates = gatesOf(layer).length;
  if (values === undefined) return message('How many bias vectors there are is not known.');
  if (values === 0) return message('No biases.');
  if (values === 2 * gates) {
    return cellOf(layer.kind) === 'gru' && conventionOf(layer.framework).layout === 'keras'
      ? message(
          '{0} keeps two bias vectors here: with the reset gate after the recurrent product (reset_after) that product has its own.',
          name,
        )
      : message('{0} keeps two bias vectors, one for the input and one for the recurrent product.', name);
  }
  return values === gates
    ? message('{0} keeps one bias vector.', name)
    : message('{0} keeps one bias vector, and a second one for the candidate alone, inside the reset.', name);
}

/** Why the same sizes give another count in another framework. */
export interface FrameworkDifference {
  readonly framework: Framework;
  /** Parameters there. */
  readonly params: Dim;
  /** Parameters there less parameters here. */
  readonly difference: Dim;
  readonly reasons: readonly Message[];
}

/**
 * The layer's count under another framework's conventions, and why it differs: in frameworks whose recurrent layers do the same, only biases can
 * differ, plus what the other has no argument for (projection, peepholes).
 */
export function explainFramework(
  layer: RecurrentLayer,
  framework: Framework,
  workload: Workload = DEFAULT_WORKLOAD,
): FrameworkDifference {
  // Only frameworks that let one choose take over where the reset gate stands; the others have their own way.
  const chosen = KEEPS_RESET_AFTER.has(framework) && KEEPS_RESET_AFTER.has(layer.framework);
  const there: RecurrentLayer = {
    ...layer,
    typeName: layer.kind,
    framework,
    resetAfter: (chosen ? layer.resetAfter : undefined) ?? constant(conventionOf(framework).resetAfter),
  };
  const here = costLayer(layer, workload).params!;
  const other = costLayer(there, workload).params!;
  const difference = sub(other.total, here.total);
  const reasons: Message[] = [];
  if (difference.terms.size > 0) {
    const biases = sub(other.biases, here.biases);
    reasons.push(biasMessage(layer), biasMessage(there));
    reasons.push(message('Biases make {0} parameters of difference.', formatDim(biases)));
    const weights = sub(other.weights, here.weights);
    if (weights.terms.size > 0) {
      reasons.push(message('Weights make {0} parameters of difference.', formatDim(weights)));
    }
  }
  if (hasProjection(layer).terms.size > 0 && !HAS_PROJECTION.has(framework)) {
    reasons.push(
      message('{0} has no projection argument; the count supposes one.', FRAMEWORK_NAMES[framework]),
    );
  }
  if (!isCell(layer) && valueOf(layer.numLayers) !== 1 && conventionOf(framework).layout === 'keras') {
    reasons.push(
      message('{0} stacks layers one by one; the count is that of the stack.', FRAMEWORK_NAMES[framework]),
    );
  }
  return { framework, params: add(other.total), difference, reasons };
}

const KEEPS_RESET_AFTER: ReadonlySet<Framework> = new Set<Framework>(['keras', 'keras2', 'onnx']);
const HAS_PROJECTION: ReadonlySet<Framework> = new Set<Framework>(['pytorch', 'paddle', 'mxnet', 'tf1']);
