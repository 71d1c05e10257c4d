import { type ConvLayer, type ConvLstmLayer, constant, floorDiv, mul, valueOf } from '../../model';
import { tensor, times } from '../tensor';
import type { WeightTensor } from '../types';
import { biasName, kernelName, rowsFirst } from './simple';

/** Weights of a convolution, a transposed, a depthwise or a separable one. */
export function convTensors(layer: ConvLayer): readonly WeightTensor[] {
  const { framework, inputChannels: c, outputChannels: f, kernelSize: k, groups } = layer;
  const weight = kernelName(framework);
  const bias = times(layer.bias, [tensor(biasName(framework), 'bias', [f])]);
  // Paddle stores convolutions as PyTorch does although its dense weights are (input, output).
  const channelsFirst = rowsFirst(framework) || framework === 'paddle';
  const multiplier = layer.depthMultiplier ?? constant(1);
  switch (layer.kind) {
    case 'conv': {
      const perGroup = floorDiv(c, groups);
      return [tensor(weight, 'kernel', channelsFirst ? [f, perGroup, ...k] : [...k, perGroup, f]), ...bias];
    }
    case 'conv-transpose': {
      const perGroup = floorDiv(f, groups);
      const shape = channelsFirst
        ? [c, perGroup, ...k]
        : framework === 'flax-linen' || framework === 'flax-nnx'
          ? [...k, c, f]
          : [...k, perGroup, c];
      return [tensor(weight, 'kernel', shape), ...bias];
    }
    case 'depthwise-conv':
      return [
        tensor(kernelOfDepthwise(layer), 'kernel', [...k, c, multiplier]),
        ...times(layer.bias, [tensor('bias', 'bias', [mul(c, multiplier)])]),
      ];
    case 'separable-conv':
      return [
        tensor('depthwise_kernel', 'kernel', [...k, c, multiplier]),
        tensor('pointwise_kernel', 'kernel', [...k.map(() => constant(1)), mul(c, multiplier), f]),
        ...bias,
      ];
  }
}

/** Keras 3 calls a depthwise layer's weight `kernel`; before it was `depthwise_kernel`. */
function kernelOfDepthwise(layer: ConvLayer): string {
  return layer.framework === 'keras' ? 'kernel' : 'depthwise_kernel';
}

const GATES = ['input', 'forget', 'cell', 'output'];

/** Convolutional LSTM: the two kernels of an LSTM with a window in place of each weight. */
export function convLstmTensors(layer: ConvLstmLayer): readonly WeightTensor[] {
  const { inputChannels: c, filters: f, kernelSize: k } = layer;
  const width = mul(4, f);
  const gateAxis = k.length + 1;
  const flax = layer.framework === 'flax-linen' || layer.framework === 'haiku';
  const one = (prefix: string): readonly WeightTensor[] =>
    flax
      ? [
          tensor(`${prefix}ih/kernel`, 'kernel', [...k, c, width], { gates: FLAX_GATES, gateAxis }),
          ...times(layer.bias, [
            tensor(`${prefix}ih/bias`, 'bias', [width], { gates: FLAX_GATES, gateAxis: 0 }),
          ]),
          tensor(`${prefix}hh/kernel`, 'recurrent-kernel', [...k, f, width], { gates: FLAX_GATES, gateAxis }),
          ...times(layer.bias, [
            tensor(`${prefix}hh/bias`, 'bias', [width], { gates: FLAX_GATES, gateAxis: 0 }),
          ]),
        ]
      : [
          tensor(`${prefix}kernel`, 'kernel', [...k, c, width], { gates: GATES, gateAxis }),
          tensor(`${prefix}recurrent_kernel`, 'recurrent-kernel', [...k, f, width], {
            gates: GATES,
            gateAxis,
          }),
          ...times(layer.bias, [tensor(`${prefix}bias`, 'bias', [width], { gates: GATES, gateAxis: 0 })]),
        ];
  if (valueOf(layer.directions) === 1) return one('');
  const second = times(floorDiv(layer.directions, 2), one('backward/'));
  return [...one('forward/'), ...second];
}

const FLAX_GATES = ['input', 'cell', 'forget', 'output'];
