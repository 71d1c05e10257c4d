import {
  type Dim,
  type RecurrentLayer,
  BATCH,
  SEQ_LEN,
  add,
  cellOf,
  constant,
  equalDims,
  floorDiv,
  isCell,
  mul,
  symbol,
} from '../model';
import { conventionOf } from './conventions';
import { recurrentTensors } from './layers/recurrent';
import { levelsOf } from './recurrent-shape';
import { sizeOf, sumSizes } from './tensor';
import type { WeightTensor, Work } from './types';
import { type Ops, activationOps, addOps, makeWork } from './work';

/** Tensors of which every value is multiplied once per step. */
const PRODUCT_ROLES: ReadonlySet<WeightTensor['role']> = new Set<WeightTensor['role']>([
  'kernel',
  'recurrent-kernel',
  'projection',
  'peephole',
]);

/**
 * Work of one time step of one sequence, all stacked layers and directions: every weight is multiplied once, every bias
 * value added once, and the gates' elementwise equations done once per hidden unit.
 */
export function perStepWork(layer: RecurrentLayer): Work {
  const tensors = recurrentTensors(layer);
  const unused = layer.coupledGates ? forgetShare(tensors, (t) => PRODUCT_ROLES.has(t.role)) : constant(0);
  const unusedBias = layer.coupledGates ? forgetShare(tensors, (t) => t.role === 'bias') : constant(0);
  const units = mul(add(...levelsOf(layer).map((l) => l.count)), layer.hiddenSize);
  return makeWork({
    macs: add(
      sumSizes(tensors, (t) => PRODUCT_ROLES.has(t.role)),
      mul(-1, unused),
    ),
    bias: add(
      sumSizes(tensors, (t) => t.role === 'bias'),
      mul(-1, unusedBias),
    ),
    ops: addOps(...cellOps(layer).map((ops) => scaleOps(ops, units))),
  });
}

/** With coupled gates (ONNX `input_forget`) f = 1 − i: the forget gate's weights lie in the file and are not used. */
function forgetShare(tensors: readonly WeightTensor[], which: (t: WeightTensor) => boolean): Dim {
  const shares = tensors.filter(which).map((t) => {
    const gates = t.gates ?? [];
    const forget = gates.filter((g) => g === 'forget').length;
    return forget === 0 ? constant(0) : mul(forget, sizePerGate(t, gates.length));
  });
  return add(...shares);
}

function sizePerGate(t: WeightTensor, gates: number): Dim {
  const shape = t.shape.map((d, axis) => (axis === t.gateAxis ? floorDiv(d, gates) : d));
  return sizeOf({ ...t, shape });
}

function scaleOps(ops: Ops, n: Dim): Ops {
  return Object.fromEntries(Object.entries(ops).map(([op, each]) => [op, mul(each, n)]));
}

/** Elementwise operations per hidden unit and step, by the equations in the frameworks' documentation. */
function cellOps(layer: RecurrentLayer): readonly Ops[] {
  const gate = layer.recurrentActivation ?? (layer.framework === 'tfjs' ? 'hard_sigmoid' : 'sigmoid');
  const act = layer.activation ?? defaultActivation(layer);
  switch (cellOf(layer.kind)) {
    case 'rnn':
      return [activationOps(act, 1)];
    case 'lstm': {
      const gates = layer.coupledGates ? 2 : 3;
      return [
        activationOps(gate, gates),
        // g = tanh(…) and tanh(c).
        activationOps(act, 2),
        // c = f ⊙ c + i ⊙ g, h = o ⊙ tanh(c)
        { mul: 3, add: 1 },
        layer.coupledGates ? { sub: 1 } : {},
        // Peepholes (w ⊙ c) multiply and accumulate weights: weight MACs, nothing elementwise is left to count.
      ];
    }
    case 'gru': {
      const after = layer.resetAfter ?? constant(conventionOf(layer.framework).resetAfter);
      return [
        activationOps(gate, 2),
        activationOps(act, 1),
        // r ⊙ …, z ⊙ h, (1 − z) ⊙ n and their sum
        { mul: 3, sub: 1, add: 1 },
        // Reset after the product: the two products of the candidate cannot share an accumulator.
        { add: after },
      ];
    }
  }
}

function defaultActivation(layer: RecurrentLayer): string {
  if (cellOf(layer.kind) !== 'rnn') return 'tanh';
  return layer.framework === 'mxnet' && !isCell(layer)
    ? 'relu'
    : layer.framework === 'haiku'
      ? 'relu'
      : 'tanh';
}

/** One run of a recurrent layer: over how many steps and sequences, and how often per forward pass. */
export interface RecurrentUse {
  readonly steps: Dim;
  readonly batch: Dim;
  /** Steps over all sequences: steps · batch, or {@link PACKED_STEPS} of a packed batch. */
  readonly positions: Dim;
  readonly packed: boolean;
  readonly times: Dim;
}

/** The sum of the lengths of a packed batch: replaced by the workload's like {@link SEQ_LEN} and {@link BATCH}. */
export const PACKED_STEPS = symbol('$S');

/**
 * The runs of a recurrent layer in one forward pass. Where the source does not show them, one run over T steps and B sequences
 * is assumed (for a cell: T single steps); a shape that shows the axes decides before that.
 */
export function recurrentUses(layer: RecurrentLayer): readonly RecurrentUse[] {
  const assumed = {
    steps: SEQ_LEN,
    batch: BATCH,
    positions: mul(SEQ_LEN, BATCH),
    packed: false,
    times: constant(1),
  };
  if (layer.calls === undefined) return [assumed];
  return layer.calls.map((call) => {
    const seen = axesOf(layer, call.inputs[0]);
    const steps = call.steps ?? (isCell(layer) ? constant(1) : (seen?.steps ?? SEQ_LEN));
    const batch = call.batch ?? seen?.batch ?? BATCH;
    // Lengths are the workload's: they say nothing about a batch that the source itself gives a size.
    const open = equalDims(steps, SEQ_LEN) && equalDims(batch, BATCH);
    const packed = call.packed === true;
    const positions = packed && open ? PACKED_STEPS : mul(steps, batch);
    return { steps, batch, positions, packed, times: call.times };
  });
}

const KERAS_AXES: ReadonlySet<string> = new Set([
  'keras',
  'keras2',
  'tfjs',
  'flax-linen',
  'flax-nnx',
  'paddle',
]);

function axesOf(
  layer: RecurrentLayer,
  shape: readonly Dim[] | undefined,
): { readonly steps: Dim; readonly batch: Dim } | undefined {
  if (shape === undefined) return undefined;
  const one = constant(1);
  if (isCell(layer)) return { steps: one, batch: shape.length === 1 ? one : shape[0]! };
  // Unbatched input, as PyTorch takes it.
  if (shape.length === 2) return { steps: shape[0]!, batch: one };
  if (shape.length !== 3) return undefined;
  const batchFirst = layer.batchFirst ?? KERAS_AXES.has(layer.framework);
  return batchFirst ? { steps: shape[1]!, batch: shape[0]! } : { steps: shape[0]!, batch: shape[1]! };
}

/** Joining the outputs of two directions (`sum`, `mul`, `ave`) once per output. */
export function mergeWork(layer: RecurrentLayer, use: RecurrentUse): Work {
  const both = add(layer.directions, -1);
  const outputs = mul(both, layer.returnSequences ? use.positions : use.batch, layer.hiddenSize);
  switch (layer.mergeMode) {
    case 'sum':
      return makeWork({ ops: { add: outputs } });
    case 'mul':
      return makeWork({ ops: { mul: outputs } });
    case 'ave':
      return makeWork({ ops: { add: outputs, div: outputs } });
    case 'concat':
    case 'none':
    case undefined:
      return makeWork({});
  }
}
