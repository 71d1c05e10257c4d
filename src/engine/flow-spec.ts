import type { LayerCost } from '../cost/types';
import {
  type FlowSpec,
  type InitialiserSpec,
  type Message,
  type RecurrentLayer,
  type StoredWeights,
  type Workload,
  cellOf,
  displayName,
  isCell,
  message,
  parseInitialiser,
  symbolsIn,
  valueOf,
} from '../model';
import { conventionOf } from '../cost/conventions';

/** A few seeds give a band instead of a line; the same ones every time, so that two people see the same numbers. */
export const DEFAULT_SEEDS: readonly number[] = [1, 2, 3];

/** The run that fits a layer as it is written (or, with `trained`, as it was saved), or why there is none. */
export function flowSpecOf(
  cost: LayerCost,
  layer: RecurrentLayer,
  workload: Workload,
  seeds: readonly number[] = DEFAULT_SEEDS,
  trained?: readonly StoredWeights[],
): { readonly spec: FlowSpec } | { readonly blocked: Message } {
  const size = (dim: RecurrentLayer['hiddenSize'] | number | undefined) => valueOf(dim ?? 0);
  const inputSize = size(layer.inputSize);
  const hiddenSize = size(layer.hiddenSize);
  const numLayers = size(layer.numLayers);
  const directions = size(layer.directions);
  const bias = size(layer.bias);
  const projSize = size(layer.projSize);
  const resetAfter = size(layer.resetAfter ?? conventionOf(layer.framework).resetAfter);
  const numbers = { inputSize, hiddenSize, numLayers, directions, bias, projSize, resetAfter };
  const unfit = unfitReason(layer) ?? (trained ? undefined : noStart(layer));
  if (unfit !== undefined) return { blocked: unfit };
  const { nonlinearity, gateNonlinearity, unsupported } = activationsOf(layer);
  if (unsupported !== undefined) {
    return {
      blocked: message(
        'Gradient flow of a {0} with the activation {1} is not computed.',
        layer.typeName,
        unsupported,
      ),
    };
  }
  if (!isComplete(numbers)) return { blocked: missing(layer) };
  return {
    spec: {
      cell: cellOf(layer.kind),
      framework: layer.framework,
      inputSize: numbers.inputSize,
      hiddenSize: numbers.hiddenSize,
      numLayers: numbers.numLayers,
      bidirectional: numbers.directions === 2,
      bias: numbers.bias !== 0,
      projSize: numbers.projSize,
      resetAfter: numbers.resetAfter === 1,
      nonlinearity,
      ...(gateNonlinearity ? { gateNonlinearity } : {}),
      initialiser: trained ? { kind: 'stored', weights: trained } : initialiserOf(layer),
      steps: stepsOf(cost, layer, workload),
      batch: workload.batch,
      seeds,
      loss: 'last',
      input: { kind: 'noise' },
    },
  };
}

function isComplete<K extends string>(
  numbers: Readonly<Record<K, number | undefined>>,
): numbers is Readonly<Record<K, number>> {
  return Object.values(numbers).every((n) => n !== undefined);
}

function missing(layer: RecurrentLayer): Message {
  const names = new Set<string>();
  const { inputSize, hiddenSize, numLayers, directions, bias, projSize, resetAfter } = layer;
  for (const dim of [inputSize, hiddenSize, numLayers, directions, bias, projSize ?? 0, resetAfter ?? 0])
    symbolsIn(dim, names);
  return message(
    'Gradient flow needs a number for {0}: assume one above.',
    [...names].map(displayName).join(', '),
  );
}

/** What keeps a layer from being run as it is: better no curve than that of another layer. */
function unfitReason({ peepholes, coupledGates, byHand }: RecurrentLayer): Message | undefined {
  if (byHand)
    return message(
      'Gradient flow of a cell written by hand is not computed: its parts start in ways of their own.',
    );
  return coupledGates || (peepholes !== undefined && valueOf(peepholes) !== 0)
    ? message('Gradient flow of an LSTM with peepholes or coupled gates is not computed.')
    : undefined;
}

/** What keeps an untrained layer from being started. */
function noStart({ initialisers, framework, kind }: RecurrentLayer): Message | undefined {
  if (framework === 'onnx')
    return message('This file names no initialiser: there is nothing to start an untrained layer from.');
  for (const name of [initialisers?.kernel, initialisers?.recurrentKernel, initialisers?.bias]) {
    if (name !== undefined && parseInitialiser(name) === undefined)
      return message(
        'The initialiser {0} is not known: the layer cannot be started as the source says.',
        name,
      );
  }
  const recurrent = initialisers?.recurrentKernel;
  const square = cellOf(kind) === 'rnn' || initialisers?.recurrentByGate === true;
  if (recurrent !== undefined && parseInitialiser(recurrent)?.kind === 'identity' && !square)
    return message('An identity recurrent kernel fits SimpleRNN only: with gates the matrix is not square.');
  return undefined;
}

/** What the run can squash with; `unsupported` names an activation that it cannot. */
function activationsOf(layer: RecurrentLayer): {
  readonly nonlinearity: FlowSpec['nonlinearity'];
  readonly gateNonlinearity?: FlowSpec['gateNonlinearity'];
  readonly unsupported?: string;
} {
  const cell = cellOf(layer.kind);
  const relu = layer.framework === 'haiku' || (layer.framework === 'mxnet' && !isCell(layer));
  const act = layer.activation ?? (cell === 'rnn' && relu ? 'relu' : 'tanh');
  if (act !== 'tanh' && act !== 'relu' && act !== 'linear') return { nonlinearity: 'tanh', unsupported: act };
  if (cell === 'rnn') return { nonlinearity: act };
  const gate = layer.recurrentActivation ?? (layer.framework === 'tfjs' ? 'hard_sigmoid' : 'sigmoid');
  if (gate === 'sigmoid') return { nonlinearity: act };
  if (HARD_SIGMOID.has(gate)) return { nonlinearity: act, gateNonlinearity: 'hard-sigmoid' };
  return { nonlinearity: act, unsupported: gate };
}

/** As Keras and TensorFlow.js spell it. */
const HARD_SIGMOID: ReadonlySet<string> = new Set(['hard_sigmoid', 'hardSigmoid', 'hard-sigmoid']);

function initialiserOf(layer: RecurrentLayer): InitialiserSpec {
  const { initialisers } = layer;
  return initialisers && Object.values(initialisers).some((v) => v !== undefined)
    ? { kind: 'named', initialisers }
    : { kind: 'default' };
}

/** The source's own number of steps where it fixes one, else the assumed sequence length. */
function stepsOf(cost: LayerCost, layer: RecurrentLayer, workload: Workload): number {
  const own = cost.steps && (layer.calls?.length ?? 1) <= 1 ? valueOf(cost.steps) : undefined;
  return own === undefined || own < 1 ? workload.seqLen : own;
}
