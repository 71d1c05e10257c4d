import { formatDim, isRecurrent, valueOf, type Dim, type Layer } from '../model';
import { formatCount } from './numbers';

/** A size as people read it: a number with thousands separated, or the formula of its unknowns. */
export function sizeText(dim: Dim): string {
  const value = valueOf(dim);
  return value === undefined ? formatDim(dim) : formatCount(value);
}

/** A layer in a few words: `LSTM 200 → 200, 2 layers, bidirectional`. */
export function layerText(layer: Layer): string {
  const size = sizesText(layer);
  const copies = layer.repeat && valueOf(layer.repeat) !== 1 ? `${sizeText(layer.repeat)} × ` : '';
  return `${copies}${layer.typeName}${size === '' ? '' : ` ${size}`}`;
}

function sizesText(layer: Layer): string {
  if (isRecurrent(layer)) {
    const layers = valueOf(layer.numLayers) === 1 ? '' : `, ${sizeText(layer.numLayers)} layers`;
    const directions = valueOf(layer.directions);
    const both =
      directions === 2
        ? ', bidirectional'
        : directions === 1
          ? ''
          : `, ${sizeText(layer.directions)} directions`;
    const projection =
      layer.projSize && valueOf(layer.projSize) !== 0 ? `, projection ${sizeText(layer.projSize)}` : '';
    return `${sizeText(layer.inputSize)} → ${sizeText(layer.hiddenSize)}${projection}${layers}${both}`;
  }
  switch (layer.kind) {
    case 'embedding':
      return `${sizeText(layer.vocabularySize)} × ${sizeText(layer.embeddingSize)}`;
    case 'dense':
      return `${sizeText(layer.inputSize)}${layer.secondInputSize ? ` × ${sizeText(layer.secondInputSize)}` : ''} → ${sizeText(layer.outputSize)}`;
    case 'conv':
    case 'conv-transpose':
    case 'depthwise-conv':
    case 'separable-conv':
      return `${sizeText(layer.inputChannels)} → ${sizeText(layer.outputChannels)}, kernel ${layer.kernelSize.map(sizeText).join('×')}`;
    case 'conv-lstm':
      return `${sizeText(layer.inputChannels)} → ${sizeText(layer.filters)}, kernel ${layer.kernelSize.map(sizeText).join('×')}`;
    case 'batch-norm':
    case 'layer-norm':
    case 'group-norm':
    case 'instance-norm':
    case 'rms-norm':
      return sizeText(layer.features);
    case 'multi-head-attention':
      return `${sizeText(layer.querySize)}, ${sizeText(layer.numHeads)} heads`;
    case 'transformer-encoder-layer':
    case 'transformer-decoder-layer':
      return `${sizeText(layer.modelSize)}, ${sizeText(layer.numHeads)} heads, feed-forward ${sizeText(layer.feedForwardSize)}`;
    case 'parameter':
      return layer.shape.map(sizeText).join(' × ');
    default:
      return '';
  }
}
