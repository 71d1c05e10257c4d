import { type Share, addWork, backwardOf, costPacked, memoryIn, perSequenceOf, perStepOf } from '../cost';
import type { LayerCost, Memory, ModelCost, Work } from '../cost/types';
import {
  type Dim,
  type Message,
  type NumberType,
  type Workload,
  BYTES_PER_NUMBER,
  constant,
  isCell,
  isRecurrent,
  message,
  mul,
} from '../model';
import { formatCount } from './numbers';
import { byHandText } from './by-hand';

/** Number types that memory is shown in, side by side. */
export const SHOWN_TYPES = [
  'float32',
  'float16',
  'bfloat16',
  'int8',
] as const satisfies readonly NumberType[];

/** 0: a quantity of its own; 1: a part of the last one above; 2: a part of that part. */
type Depth = 0 | 1 | 2;

/** A count. Undefined: unknown. */
export interface CountRow {
  readonly label: Message;
  readonly depth: Depth;
  readonly size: Dim | undefined;
}

/** One kind of work. Undefined: unknown. Null: there is no such number (only recurrent layers have steps). */
export interface WorkRow {
  readonly label: Message;
  readonly depth: Depth;
  readonly perStep: Dim | undefined | null;
  readonly perSequence: Dim | undefined | null;
  readonly perBatch: Dim | undefined;
}

/** Bytes of one kind in each of {@link SHOWN_TYPES}. */
export interface MemoryRow {
  readonly label: Message;
  readonly bytes: readonly (Dim | undefined)[];
}

/** Everything that is counted of a layer or a model, each apart, with the conventions behind it. */
export interface Quantities {
  readonly params: readonly CountRow[];
  readonly work: readonly WorkRow[];
  readonly memory: readonly MemoryRow[];
  readonly conventions: readonly Message[];
}

/** All quantities of a layer or a model, for those who show them all: `rnn-lens explain` and the page. */
export function quantitiesOf(cost: LayerCost | ModelCost, workload: Workload): Quantities {
  const shares = sharesOf(cost, workload);
  return {
    params: paramRows(cost),
    work: [...workRows(cost, shares), ...packedRows(cost, workload)],
    memory: memoryRows(cost.memory, workload.numberType, shares),
    conventions: [
      ...('layer' in cost ? byHandText(cost.layer) : []),
      ...cost.supposed,
      ...cost.unknown,
      ...CONVENTIONS,
    ],
  };
}

/** What one step (null: there are no steps) and one sequence take. */
export interface Shares {
  readonly step: Share | null;
  readonly sequence: Share;
}

/** The shares of a layer, or of a whole model. */
export function sharesOf(cost: LayerCost | ModelCost, workload: Workload): Shares {
  const layers = 'layer' in cost ? [cost.layer] : cost.model.layers;
  return {
    step: 'layer' in cost ? perStepOf(cost.layer) : null,
    sequence: perSequenceOf(layers, workload),
  };
}

const CONVENTIONS: readonly Message[] = [
  message(
    'Weight MACs: one multiply-accumulate each time a weight is used. Biases, elementwise work and look-ups are not among them.',
  ),
  message(
    'FLOPs: 2 for each multiply-accumulate, 1 for each bias value added, 1 for each elementwise operation, whatever it costs on a machine.',
  ),
  message(
    'Backward: every product is done twice more, for the weights and for the inputs. A training step is forward and backward; the update of the weights is not in it.',
  ),
  message(
    'Activations: the values that back-propagation through time needs and that cannot be worked out from others. Frameworks may keep more.',
  ),
  message('Gradients and optimiser state are in the number type of the weights.'),
];

function paramRows(cost: LayerCost | ModelCost): readonly CountRow[] {
  const { params } = cost;
  const gates = 'byGate' in cost ? (cost.byGate ?? []) : [];
  return [
    { label: message('parameters'), depth: 0, size: params?.total },
    { label: message('trainable'), depth: 1, size: params?.trainable },
    { label: message('not trainable'), depth: 1, size: params?.nonTrainable },
    { label: message('weights'), depth: 1, size: params?.weights },
    { label: message('biases'), depth: 1, size: params?.biases },
    ...gates.map(({ gate, params: size }) => ({
      label: message('gate: {0}', gate),
      depth: 1 as const,
      size,
    })),
  ];
}

/** The same work over a step, a sequence and a batch. Null: this has no steps. */
interface Columns {
  readonly step: Work | undefined | null;
  readonly sequence: Work | undefined;
  readonly batch: Work | undefined;
}

function workRows(cost: LayerCost | ModelCost, shares: Shares): readonly WorkRow[] {
  const forward: Columns = {
    step: shares.step && shares.step.work,
    sequence: shares.sequence.work,
    batch: cost.forward,
  };
  const backward = inEach(forward, backwardOf);
  const training = inEach(forward, (work) => addWork([work, backwardOf(work)]));
  const ops = Object.keys(cost.forward?.flops.pointwiseByOp ?? {});
  const total = (work: Work) => work.flops.total;
  return [
    row(message('weight MACs'), 0, forward, (w) => w.macs),
    row(message('FLOPs, forward'), 0, forward, total),
    row(message('products'), 1, forward, (w) => w.flops.products),
    row(message('biases'), 1, forward, (w) => w.flops.bias),
    row(message('elementwise'), 1, forward, (w) => w.flops.pointwise),
    // An operation that a column lacks is not done there.
    ...ops.map((op) => row(message('{0}', op), 2, forward, (w) => w.flops.pointwiseByOp[op] ?? constant(0))),
    row(message('FLOPs, backward'), 0, backward, total),
    row(message('FLOPs, training step'), 0, training, total),
  ];
}

function inEach({ step, sequence, batch }: Columns, change: (work: Work) => Work): Columns {
  return {
    step: step && change(step),
    sequence: sequence && change(sequence),
    batch: batch && change(batch),
  };
}

function row(label: Message, depth: Depth, columns: Columns, pick: (work: Work) => Dim): WorkRow {
  const { step, sequence, batch } = columns;
  return {
    label,
    depth,
    perStep: step && pick(step),
    perSequence: sequence && pick(sequence),
    perBatch: batch && pick(batch),
  };
}

/** What packing sequences of different lengths saves. */
function packedRows(cost: LayerCost | ModelCost, workload: Workload): readonly WorkRow[] {
  if (!('layer' in cost) || !isRecurrent(cost.layer) || isCell(cost.layer)) return [];
  const work = costPacked(cost.layer, workload);
  if (work === undefined) return [];
  const batchOnly = (label: Message, { flops }: Work): WorkRow => ({
    label,
    depth: 0,
    perStep: null,
    perSequence: null,
    perBatch: flops.total,
  });
  return [
    batchOnly(message('FLOPs, forward, packed: {0} steps in all', formatCount(work.steps)), work.packed),
    batchOnly(
      message('FLOPs, forward, padded to the longest: {0} steps in all', formatCount(work.paddedSteps)),
      work.padded,
    ),
  ];
}

function memoryRows(
  memory: Memory | undefined,
  given: NumberType,
  { step, sequence }: Shares,
): readonly MemoryRow[] {
  const shown = SHOWN_TYPES.map((type) => memory && memoryIn(memory, given, type));
  const of = (label: Message, pick: (m: Memory) => Dim | undefined): MemoryRow => ({
    label,
    bytes: shown.map((m) => m && pick(m)),
  });
  const share = (label: Message, { kept }: Share): MemoryRow => ({
    label,
    bytes: SHOWN_TYPES.map((type) => kept && mul(kept, BYTES_PER_NUMBER[type])),
  });
  return [
    of(message('weights'), (m) => m.weights),
    of(message('gradients'), (m) => m.gradients),
    of(message('optimiser state: SGD'), (m) => m.optimiser.sgd),
    of(message('optimiser state: momentum'), (m) => m.optimiser.momentum),
    of(message('optimiser state: Adam'), (m) => m.optimiser.adam),
    ...(step ? [share(message('activations, one step'), step)] : []),
    share(message('activations, one sequence'), sequence),
    of(message('activations, the batch'), (m) => m.activations),
  ];
}
