import {
  type ConvLstmLayer,
  type Dim,
  type Layer,
  type LayerCall,
  type NumberType,
  type RecurrentLayer,
  BYTES_PER_NUMBER,
  add,
  cellOf,
  constant,
  floorDiv,
  isRecurrent,
  mul,
} from '../model';
import { conventionOf, gatesOf } from './conventions';
import { attentionKept, transformerKept } from './layers/attention-work';
import { hasProjection, levelsOf, stateSize } from './recurrent-shape';
import { recurrentUses } from './recurrent-work';
import { elements } from './tensor';
import type { Memory, ParamCount } from './types';

/** Bytes of weights, gradients and optimiser state, and of the values kept for the backward pass. */
export function memoryOf(params: ParamCount, kept: Dim | undefined, numberType: NumberType): Memory {
  const bytes = (values: Dim) => mul(values, BYTES_PER_NUMBER[numberType]);
  const trained = bytes(params.trainable);
  return {
    weights: bytes(params.total),
    gradients: trained,
    optimiser: { sgd: constant(0), momentum: trained, adam: mul(2, trained) },
    ...(kept && { activations: bytes(kept) }),
  };
}

/** The same values in another number type. */
export function memoryIn(memory: Memory, from: NumberType, to: NumberType): Memory {
  const change = (bytes: Dim) => mul(floorDiv(bytes, BYTES_PER_NUMBER[from]), BYTES_PER_NUMBER[to]);
  const { activations, optimiser } = memory;
  return {
    weights: change(memory.weights),
    gradients: change(memory.gradients),
    optimiser: {
      sgd: change(optimiser.sgd),
      momentum: change(optimiser.momentum),
      adam: change(optimiser.adam),
    },
    ...(activations && { activations: change(activations) }),
  };
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
    return mul(copies, ...[add(...recurrentUses(layer).map((u) => mul(perStep, u.positions, u.times)))]);
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
export function keptPerStep(layer: RecurrentLayer): Dim {
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
    case 'other':
      return true;
    default:
      return false;
  }
}

function keptByCall(layer: Layer, call: LayerCall): Dim | undefined {
  const once = keptOnce(layer, call);
  return once && mul(once, call.times);
}

function keptOnce(layer: Layer, call: LayerCall): Dim | undefined {
  if (keepsNothing(layer)) return constant(0);
  const input = call.inputs[0] && elements(call.inputs[0]);
  const output = call.output && elements(call.output);
  switch (layer.kind) {
    case 'dense':
    case 'conv':
    case 'conv-transpose':
    case 'depthwise-conv':
    case 'separable-conv': {
      const active = layer.activation !== undefined && layer.activation !== 'linear';
      return active ? input && output && add(input, output) : input;
    }
    case 'conv-lstm':
      return input && convLstmKept(layer, call, input);
    case 'activation':
    case 'batch-norm':
    case 'layer-norm':
    case 'group-norm':
    case 'instance-norm':
    case 'rms-norm':
      return input;
    case 'attention':
    case 'additive-attention':
    case 'multi-head-attention':
      return attentionKept(layer, call);
    case 'transformer-encoder-layer':
    case 'transformer-decoder-layer':
      return transformerKept(layer, call);
    default:
      return undefined;
  }
}

/** As an LSTM, at every output position: four gates, cell state and hidden state. */
function convLstmKept(layer: ConvLstmLayer, call: LayerCall, input: Dim): Dim | undefined {
  const shape = call.inputs[0];
  const rank = layer.kernelSize.length;
  if (call.output === undefined || shape?.length !== rank + 3) return undefined;
  const space = elements(call.output.slice(-1 - rank, -1));
  const steps = mul(call.steps ?? shape[1]!, call.batch ?? shape[0]!);
  return add(input, mul(6, steps, space, layer.directions, layer.filters));
}
