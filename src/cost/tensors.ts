import { type Layer, isRecurrent } from '../model';
import { attentionTensors, transformerTensors } from './layers/attention';
import { convLstmTensors, convTensors } from './layers/conv';
import { recurrentTensors } from './layers/recurrent';
import { denseTensors, embeddingTensors, normTensors, parameterTensors } from './layers/simple';
import type { WeightTensor } from './types';

/**
 * The weight tensors that a layer's arguments make its framework create; empty for a layer without weights,
 * undefined for one that could not be read. Tied, re-parametrised and stored tensors are not looked at here.
 */
export function builtTensors(layer: Layer): readonly WeightTensor[] | undefined {
  if (isRecurrent(layer)) return recurrentTensors(layer);
  switch (layer.kind) {
    case 'conv-lstm':
      return convLstmTensors(layer);
    case 'embedding':
      return embeddingTensors(layer);
    case 'dense':
      return denseTensors(layer);
    case 'conv':
    case 'conv-transpose':
    case 'depthwise-conv':
    case 'separable-conv':
      return convTensors(layer);
    case 'batch-norm':
    case 'layer-norm':
    case 'group-norm':
    case 'instance-norm':
    case 'rms-norm':
      return normTensors(layer);
    case 'attention':
    case 'additive-attention':
    case 'multi-head-attention':
      return attentionTensors(layer);
    case 'transformer-encoder-layer':
    case 'transformer-decoder-layer':
      return transformerTensors(layer);
    case 'parameter':
      return parameterTensors(layer);
    case 'activation':
    case 'dropout':
    case 'pooling':
    case 'reshape':
    case 'merge':
    case 'input':
    case 'preprocessing':
    case 'other':
      return [];
    case 'unknown':
      return undefined;
  }
}
