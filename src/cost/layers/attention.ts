import { type AttentionLayer, type TransformerLayer, constant, equalDims, mul } from '../../model';
import { tensor, times } from '../tensor';
import type { WeightTensor } from '../types';

/** Weights of attention layers: none or a scale without projections, four projections with heads. */
export function attentionTensors(layer: AttentionLayer): readonly WeightTensor[] {
  switch (layer.kind) {
    case 'attention':
      return [
        ...times(layer.useScale ?? 0, [tensor('scale', 'scale', [])]),
        ...times(layer.concatScore ?? 0, [tensor('concat_score_weight', 'scale', [])]),
      ];
    case 'additive-attention':
      return times(layer.useScale ?? 1, [tensor('scale', 'scale', [layer.keySize])]);
    case 'multi-head-attention':
      return multiHead(layer);
  }
}

function multiHead(layer: AttentionLayer): readonly WeightTensor[] {
  switch (layer.framework) {
    case 'pytorch':
    case 'mindspore':
      return torchMultiHead(layer);
    case 'paddle':
    case 'mxnet':
    case 'onnx':
    case 'equinox':
      return plainMultiHead(layer);
    case 'keras':
    case 'keras2':
    case 'tfjs':
    case 'tf1':
    case 'flax-linen':
    case 'flax-nnx':
    case 'haiku':
      return headAxisMultiHead(layer);
  }
}

/** PyTorch: one matrix for the three inputs where their sizes agree, else one each; heads do not change the count. */
function torchMultiHead(layer: AttentionLayer): readonly WeightTensor[] {
  const { querySize: e, keySize, valueSize, bias } = layer;
  const one = constant(1);
  const projections =
    equalDims(keySize, e) && equalDims(valueSize, e)
      ? [tensor('in_proj_weight', 'kernel', [mul(3, e), e])]
      : [
          tensor('q_proj_weight', 'kernel', [e, e]),
          tensor('k_proj_weight', 'kernel', [e, keySize]),
          tensor('v_proj_weight', 'kernel', [e, valueSize]),
        ];
  return [
    ...projections,
    ...times(bias, [tensor('in_proj_bias', 'bias', [mul(3, e)])]),
    ...times(layer.biasKv ?? 0, [
      tensor('bias_k', 'other', [one, one, e]),
      tensor('bias_v', 'other', [one, one, e]),
    ]),
    tensor('out_proj.weight', 'kernel', [e, e]),
    ...times(bias, [tensor('out_proj.bias', 'bias', [e])]),
  ];
}

/** Four ordinary dense layers. */
function plainMultiHead(layer: AttentionLayer): readonly WeightTensor[] {
  const inner = mul(layer.numHeads, layer.keyDim);
  const innerValue = mul(layer.numHeads, layer.valueDim);
  return [
    ...plain('q_proj', [layer.querySize, inner], layer),
    ...plain('k_proj', [layer.keySize, inner], layer),
    ...plain('v_proj', [layer.valueSize, innerValue], layer),
    ...plain('out_proj', [innerValue, layer.outputSize], layer),
  ];
}

function plain(
  name: string,
  [i, o]: readonly [TransformerLayer['modelSize'], TransformerLayer['modelSize']],
  layer: AttentionLayer,
) {
  return [
    tensor(`${name}.weight`, 'kernel', layer.framework === 'paddle' ? [i, o] : [o, i]),
    ...times(layer.bias, [tensor(`${name}.bias`, 'bias', [o])]),
  ];
}

/** Keras and Flax keep heads as an axis of their own. */
function headAxisMultiHead(layer: AttentionLayer): readonly WeightTensor[] {
  const { numHeads: h, keyDim: k, valueDim: v } = layer;
  const separator = layer.framework === 'flax-nnx' ? '.' : '/';
  const part = (
    name: string,
    shape: readonly TransformerLayer['modelSize'][],
    bias: readonly TransformerLayer['modelSize'][],
  ) => [
    tensor(`${name}${separator}kernel`, 'kernel', shape),
    ...times(layer.bias, [tensor(`${name}${separator}bias`, 'bias', bias)]),
  ];
  const last =
    layer.framework === 'flax-linen' || layer.framework === 'flax-nnx' ? 'out' : 'attention_output';
  return [
    ...part('query', [layer.querySize, h, k], [h, k]),
    ...part('key', [layer.keySize, h, k], [h, k]),
    ...part('value', [layer.valueSize, h, v], [h, v]),
    ...part(last, [h, v, layer.outputSize], [layer.outputSize]),
  ];
}

/** `nn.TransformerEncoderLayer` and `nn.TransformerDecoderLayer`: attention, two dense layers and the norms between them. */
export function transformerTensors(layer: TransformerLayer): readonly WeightTensor[] {
  const { modelSize: e, feedForwardSize: f, bias } = layer;
  const decoder = layer.kind === 'transformer-decoder-layer';
  const norms = decoder ? 3 : 2;
  return [
    ...prefixed('self_attn.', selfAttention(layer)),
    ...(decoder ? prefixed('multihead_attn.', selfAttention(layer)) : []),
    tensor('linear1.weight', 'kernel', [f, e]),
    ...times(bias, [tensor('linear1.bias', 'bias', [f])]),
    tensor('linear2.weight', 'kernel', [e, f]),
    ...times(bias, [tensor('linear2.bias', 'bias', [e])]),
    ...Array.from({ length: norms }, (_, i) => [
      tensor(`norm${i + 1}.weight`, 'scale', [e]),
      ...times(bias, [tensor(`norm${i + 1}.bias`, 'bias', [e])]),
    ]).flat(),
  ];
}

function selfAttention(layer: TransformerLayer): readonly WeightTensor[] {
  return torchMultiHead(selfAttentionOf(layer));
}

/** The attention inside a transformer layer as a layer of its own. */
export function selfAttentionOf(layer: TransformerLayer): AttentionLayer {
  const e = layer.modelSize;
  const head = constant(1);
  return {
    ...layer,
    kind: 'multi-head-attention',
    querySize: e,
    keySize: e,
    valueSize: e,
    // Heads split E, so that neither counts nor products depend on how many there are.
    numHeads: head,
    keyDim: e,
    valueDim: e,
    outputSize: e,
    bias: layer.bias,
  };
}

function prefixed(prefix: string, tensors: readonly WeightTensor[]): readonly WeightTensor[] {
  return tensors.map((t) => ({ ...t, name: prefix + t.name }));
}
