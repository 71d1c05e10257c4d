import {
  type ConvLayer,
  type ConvLstmLayer,
  type Dim,
  type LayerCall,
  type Shape,
  add,
  ceilDiv,
  constant,
  floorDiv,
  mul,
  sub,
} from '../../model';
import { elements, sumSizes } from '../tensor';
import type { Work } from '../types';
import { activationOps, makeWork } from '../work';
import { convLstmTensors, convTensors } from './conv';

/** Work of one run of a convolution; undefined when its shapes are not known. */
export function convWork(layer: ConvLayer, call: LayerCall): Work | undefined {
  const rank = layer.kernelSize.length;
  const input = split(call.inputs[0], rank, layer.channelsFirst);
  const output = call.output ? split(call.output, rank, layer.channelsFirst) : outputOf(layer, input);
  if (output === undefined) return undefined;
  const tensors = convTensors(layer);
  const weights = sumSizes(tensors, (t) => t.role === 'kernel');
  const biases = sumSizes(tensors, (t) => t.role === 'bias');
  const positions = mul(output.lead, output.spatial);
  // A transposed convolution spreads each input position over the output.
  const used = layer.kind === 'conv-transpose' ? input && mul(input.lead, input.spatial) : positions;
  if (used === undefined) return undefined;
  return makeWork({
    macs: mul(weights, used),
    bias: mul(biases, positions),
    ops: activationOps(layer.activation, mul(positions, outputChannels(layer))),
  });
}

function outputChannels(layer: ConvLayer): Dim {
  return layer.kind === 'depthwise-conv'
    ? mul(layer.inputChannels, layer.depthMultiplier ?? 1)
    : layer.outputChannels;
}

interface Split {
  /** Product of the axes before the convolved ones: batch, and time under `TimeDistributed`. */
  readonly lead: Dim;
  readonly axes: Shape;
  readonly spatial: Dim;
}

function split(shape: Shape | undefined, rank: number, channelsFirst: boolean): Split | undefined {
  if (shape === undefined || shape.length < rank + 1) return undefined;
  const lead = shape.length - rank - 1;
  const start = channelsFirst ? lead + 1 : lead;
  const axes = shape.slice(start, start + rank);
  return { lead: elements(shape.slice(0, lead)), axes, spatial: elements(axes) };
}

function outputOf(layer: ConvLayer, input: Split | undefined): Split | undefined {
  if (input === undefined || layer.kind === 'conv-transpose') return undefined;
  const axes: Dim[] = [];
  for (const [i, size] of input.axes.entries()) {
    const stride = layer.stride[i] ?? constant(1);
    const dilation = layer.dilation[i] ?? constant(1);
    const reach = add(mul(dilation, sub(layer.kernelSize[i]!, 1)), 1);
    if (layer.padding === 'same' || layer.padding === 'causal') axes.push(ceilDiv(size, stride));
    else {
      const padding = layer.padding === 'valid' ? constant(0) : layer.padding[i];
      if (padding === undefined) return undefined;
      axes.push(add(floorDiv(sub(add(size, mul(2, padding)), reach), stride), 1));
    }
  }
  return { lead: input.lead, axes, spatial: elements(axes) };
}

/**
 * Work of one run of a convolutional LSTM over (batch, time, …space, channels): both kernels at every output position and step,
 * gates as in an LSTM. Undefined without the output's shape, which holds the size after the window is applied.
 */
export function convLstmWork(layer: ConvLstmLayer, call: LayerCall): Work | undefined {
  const rank = layer.kernelSize.length;
  const input = call.inputs[0];
  const output = call.output;
  if (input === undefined || output === undefined || input.length !== rank + 3) return undefined;
  const steps = call.steps ?? input[1]!;
  const batch = call.batch ?? input[0]!;
  const space = elements(output.slice(-1 - rank, -1));
  const tensors = convLstmTensors(layer);
  const uses = mul(steps, batch, space);
  const units = mul(uses, layer.directions, layer.filters);
  return makeWork({
    macs: mul(
      uses,
      sumSizes(tensors, (t) => t.role !== 'bias'),
    ),
    bias: mul(
      uses,
      sumSizes(tensors, (t) => t.role === 'bias'),
    ),
    ops: { sigmoid: mul(3, units), tanh: mul(2, units), mul: mul(3, units), add: units },
  });
}
