import type { LayerCost } from '../../cost/types';
import { type Layer, type Message, isRecurrent, message, valueOf } from '../../model';
import type { LayerView, Place } from '../../protocol/panel';
import { sizeText } from '../../report/layer-text';
import type { SourceRef } from '../../model';
import { quantityOf } from './quantity';

/** Where a place that was read lies for the editor; null where there is nothing to go to. */
export type PlaceOf = (source: SourceRef | undefined) => Place | null;

/** One row of the layers table. */
export function layerView(cost: LayerCost, placeOf: PlaceOf): LayerView {
  const { layer, params, forward, memory, formula } = cost;
  return {
    path: layer.path,
    typeName: layer.typeName,
    what: whatOf(layer),
    recurrent: isRecurrent(layer),
    place: placeOf(layer.source),
    params: quantityOf(params?.total),
    macs: quantityOf(forward?.macs),
    flops: quantityOf(forward?.flops.total),
    weightBytes: quantityOf(memory?.weights),
    activationBytes: quantityOf(memory?.activations),
    formula: formula ?? null,
    unknown: cost.unknown,
  };
}

/** A layer in a few words, in parts that can be translated: `LSTM 200 → 200`, `2 layers`, `bidirectional`. */
export function whatOf(layer: Layer): readonly Message[] {
  const copies =
    layer.repeat && valueOf(layer.repeat) !== 1 ? [message('{0} times', sizeText(layer.repeat))] : [];
  return [...partsOf(layer), ...copies];
}

function partsOf(layer: Layer): Message[] {
  const name = layer.typeName;
  if (isRecurrent(layer)) {
    const parts = [message('{0} {1} → {2}', name, sizeText(layer.inputSize), sizeText(layer.hiddenSize))];
    if (valueOf(layer.numLayers) !== 1) parts.push(message('{0} layers', sizeText(layer.numLayers)));
    const directions = valueOf(layer.directions);
    if (directions === 2) parts.push(message('bidirectional'));
    else if (directions !== 1) parts.push(message('{0} directions', sizeText(layer.directions)));
    if (layer.projSize && valueOf(layer.projSize) !== 0) {
      parts.push(message('projection {0}', sizeText(layer.projSize)));
    }
    return parts;
  }
  switch (layer.kind) {
    case 'embedding':
      return [message('{0} {1} × {2}', name, sizeText(layer.vocabularySize), sizeText(layer.embeddingSize))];
    case 'dense':
      return [message('{0} {1} → {2}', name, sizeText(layer.inputSize), sizeText(layer.outputSize))];
    case 'conv':
    case 'conv-transpose':
    case 'depthwise-conv':
    case 'separable-conv':
      return [
        message('{0} {1} → {2}', name, sizeText(layer.inputChannels), sizeText(layer.outputChannels)),
        message('kernel {0}', layer.kernelSize.map(sizeText).join('×')),
      ];
    case 'conv-lstm':
      return [
        message('{0} {1} → {2}', name, sizeText(layer.inputChannels), sizeText(layer.filters)),
        message('kernel {0}', layer.kernelSize.map(sizeText).join('×')),
      ];
    case 'batch-norm':
    case 'layer-norm':
    case 'group-norm':
    case 'instance-norm':
    case 'rms-norm':
      return [message('{0} {1}', name, sizeText(layer.features))];
    case 'multi-head-attention':
      return [
        message('{0} {1}', name, sizeText(layer.querySize)),
        message('{0} heads', sizeText(layer.numHeads)),
      ];
    case 'transformer-encoder-layer':
    case 'transformer-decoder-layer':
      return [
        message('{0} {1}', name, sizeText(layer.modelSize)),
        message('{0} heads', sizeText(layer.numHeads)),
        message('feed-forward {0}', sizeText(layer.feedForwardSize)),
      ];
    case 'parameter':
      return [message('{0} {1}', name, layer.shape.map(sizeText).join(' × '))];
    case 'attention':
    case 'additive-attention':
    case 'activation':
    case 'dropout':
    case 'pooling':
    case 'reshape':
    case 'merge':
    case 'input':
    case 'preprocessing':
    case 'other':
    case 'unknown':
      return [message('{0}', name)];
  }
}
