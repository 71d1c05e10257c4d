import {
  type Dim,
  type Layer,
  type LayerCall,
  type NumberType,
  BYTES_PER_NUMBER,
  add,
  cellOf,
  constant,
  isRecurrent,
  mul,
} from '../model';
import type { RecurrentLayer } from '../model';
import { conventionOf, gatesOf } from './conventions';
import { hasProjection, levelsOf, stateSize } from './recurrent-shape';
import { recurrentUses } from './recurrent-work';
import { elements } from './tensor';
import type { Memory, ParamCount } from './types';

/** Bytes of weights, gradients and optimiser state, and of the values kept for the backward pass. */
export function memoryOf(params: ParamCount, activations: Dim | undefined, numberType: NumberType): Memory {
  const bytes = (values: Dim) => mul(values, BYTES_PER_NUMBER[numberType]);
  const trained = bytes(params.trainable);
  const memory = {
    weights: bytes(params.total),
    gradients: trained,
    optimiser: { sgd: constant(0), momentum: trained, adam: mul(2, trained) },
  };
  return activations === undefined ? memory : { ...memory, activations: bytes(activations) };
}

/**
 * How many values a layer keeps from a forward pass for its own backward pass; undefined when a shape is unknown.
 * What two layers both keep (an output that is the next layer's input) is in both counts.
 */
export function keptValues(layer: Layer): Dim | undefined {
  const copies = layer.repeat ?? constant(1);
  if (isRecurrent(layer)) {
    if (layer.calls?.length === 0) return constant(0);
    const perStep = keptPerStep(layer);
    return mul(copies, ...[add(...recurrentUses(layer).map((u) => mul(perStep, u.steps, u.batch, u.times)))]);
  }
  if (layer.kind === 'unknown') return undefined;
  if (layer.calls === undefined) return keepsNothing(layer) ? constant(0) : undefined;
  const kept = layer.calls.map((call) => keptByCall(layer, call));
  return kept.every((k) => k !== undefined) ? mul(copies, add(...kept)) : undefined;
}

/**
 * Kept per step and sequence: the input once; per stacked layer and direction the gates after their activations, the new hidden state
 * and the LSTM's cell state; a GRU with the reset gate after the product also that product, an LSTM with projection the state before it.
 */
function keptPerStep(layer: RecurrentLayer): Dim {
  const h = layer.hiddenSize;
  const cell = cellOf(layer.kind);
  const levels = add(...levelsOf(layer).map((l) => l.count));
  const gates = cell === 'rnn' ? constant(0) : mul(gatesOf(layer).length, h);
  const inner =
    cell === 'lstm'
      ? add(h, mul(hasProjection(layer), h))
      : cell === 'gru'
        ? mul(layer.resetAfter ?? conventionOf(layer.framework).resetAfter, h)
        : constant(0);
  return add(layer.inputSize, mul(levels, add(gates, inner, stateSize(layer))));
}

function keepsNothing(layer: Layer): boolean {
  switch (layer.kind) {
    case 'embedding':
    case 'dropout':
    case 'pooling':
    case 'reshape':
    case 'input':
    case 'preprocessing':
    case 'merge':
      return true;
    default:
      return false;
  }
}

function keptByCall(layer: Layer, call: LayerCall): Dim | undefined {
  const input = call.inputs[0] && elements(call.inputs[0]);
  const output = call.output && elements(call.output);
  const once = keptOnce(layer, input, output);
  return once && mul(once, call.times);
}

function keptOnce(layer: Layer, input: Dim | undefined, output: Dim | undefined): Dim | undefined {
  if (keepsNothing(layer)) return constant(0);
  switch (layer.kind) {
    case 'dense':
    case 'conv':
    case 'conv-transpose':
    case 'depthwise-conv':
    case 'separable-conv': {
      const active = layer.activation !== undefined && layer.activation !== 'linear';
      return active ? input && output && add(input, output) : input;
    }
    case 'activation':
    case 'batch-norm':
    case 'layer-norm':
    case 'group-norm':
    case 'instance-norm':
    case 'rms-norm':
      return input;
    default:
      return undefined;
  }
}
