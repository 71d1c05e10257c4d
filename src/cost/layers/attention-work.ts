import {
  type AttentionLayer,
  type Dim,
  type LayerCall,
  type Shape,
  type TransformerLayer,
  add,
  constant,
  mul,
} from '../../model';
import type { Work } from '../types';
import { activationOps, addWork, makeWork } from '../work';
import { selfAttentionOf } from './attention';
import { normOps } from './norm-work';

interface Lengths {
  readonly batch: Dim;
  readonly length: Dim;
}

/** Batch and length of a (batch, length, features) shape, or of (length, batch, features) where the framework has it so. */
function lengthsOf(shape: Shape | undefined, batchFirst: boolean): Lengths | undefined {
  if (shape?.length === 2) return { batch: constant(1), length: shape[0]! };
  if (shape?.length !== 3) return undefined;
  return batchFirst ? { batch: shape[0]!, length: shape[1]! } : { batch: shape[1]!, length: shape[0]! };
}

/** Batch and lengths of queries and keys; one input attends to itself. */
function queryAndKey(
  layer: AttentionLayer,
  call: LayerCall,
): { readonly query: Lengths; readonly key: Lengths } | undefined {
  const batchFirst = layer.batchFirst ?? layer.framework !== 'pytorch';
  const query = lengthsOf(call.inputs[0], batchFirst);
  const key = lengthsOf(call.inputs[1] ?? (call.inputs.length < 2 ? call.inputs[0] : undefined), batchFirst);
  return query && key && { query, key };
}

/**
 * Work of one run of an attention layer; undefined when a shape it needs is not known. The products of queries with keys and of scores with
 * values multiply activations: they are in the FLOPs, not in the weight MACs.
 */
export function attentionWork(layer: AttentionLayer, call: LayerCall): Work | undefined {
  const lengths = queryAndKey(layer, call);
  if (lengths === undefined) return undefined;
  const { query, key } = lengths;
  const scores = mul(query.batch, query.length, key.length);
  switch (layer.kind) {
    case 'attention':
      return makeWork({
        activationMacs: mul(scores, add(layer.keySize, layer.valueSize)),
        ops: { ...activationOps('softmax', scores), mul: mul(layer.useScale ?? 0, scores) },
      });
    case 'additive-attention': {
      const each = mul(scores, layer.keySize);
      return makeWork({
        // tanh(q + k) summed over its features, weighed by the scale where there is one.
        activationMacs: mul(scores, layer.valueSize),
        ops: {
          tanh: each,
          exp: scores,
          div: scores,
          mul: mul(layer.useScale ?? 1, each),
          add: add(mul(2, each), scores),
        },
      });
    }
    case 'multi-head-attention':
      return multiHeadWork(layer, query, key);
  }
}

function multiHeadWork(layer: AttentionLayer, query: Lengths, key: Lengths): Work {
  const torch = layer.framework === 'pytorch';
  // PyTorch splits the query size over its heads, so that all heads together are as wide as the query.
  const inner = torch ? layer.querySize : mul(layer.numHeads, layer.keyDim);
  const innerValue = torch ? layer.querySize : mul(layer.numHeads, layer.valueDim);
  const out = torch ? layer.querySize : layer.outputSize;
  const queries = mul(query.batch, query.length);
  const keys = mul(key.batch, key.length);
  const attended = add(key.length, layer.biasKv ?? 0);
  const scores = mul(query.batch, query.length, attended);
  const perHead = mul(layer.numHeads, scores);
  return makeWork({
    macs: add(
      mul(queries, layer.querySize, inner),
      mul(keys, layer.keySize, inner),
      mul(keys, layer.valueSize, innerValue),
      mul(queries, innerValue, out),
    ),
    activationMacs: mul(scores, add(inner, innerValue)),
    bias: mul(layer.bias, add(mul(queries, add(inner, out)), mul(keys, add(inner, innerValue)))),
    // Queries are scaled by 1/√d before the scores.
    ops: { ...activationOps('softmax', perHead), mul: mul(queries, inner) },
  });
}

/** Work of one run of a PyTorch transformer layer: attention, two dense layers, ReLU, residual sums and norms. */
export function transformerWork(layer: TransformerLayer, call: LayerCall): Work | undefined {
  const decoder = layer.kind === 'transformer-decoder-layer';
  const x = lengthsOf(call.inputs[0], layer.batchFirst ?? false);
  const memory = decoder ? lengthsOf(call.inputs[1], layer.batchFirst ?? false) : x;
  if (x === undefined || memory === undefined) return undefined;
  const attention = { ...selfAttentionOf(layer), numHeads: layer.numHeads };
  const { modelSize: e, feedForwardSize: f } = layer;
  const positions = mul(x.batch, x.length);
  const blocks = decoder ? 3 : 2;
  return addWork([
    multiHeadWork(attention, x, x),
    ...(decoder ? [multiHeadWork(attention, x, memory)] : []),
    makeWork({
      macs: mul(2, e, f, positions),
      bias: mul(layer.bias, add(e, f), positions),
      ops: { relu: mul(positions, f), add: mul(blocks, positions, e) },
    }),
    ...Array.from({ length: blocks }, () =>
      makeWork({ ops: normOps('layer-norm', mul(positions, e), constant(1), layer.bias) }),
    ),
  ]);
}

/** Values an attention layer keeps for its backward pass: what it reads, its projections, scores after the softmax, what they pick. */
export function attentionKept(layer: AttentionLayer, call: LayerCall): Dim | undefined {
  const lengths = queryAndKey(layer, call);
  if (lengths === undefined) return undefined;
  const itself = call.inputs.length < 2;
  return keptBetween(layer, lengths.query, lengths.key, itself);
}

function keptBetween(layer: AttentionLayer, query: Lengths, key: Lengths, itself: boolean): Dim {
  const queries = mul(query.batch, query.length);
  const keys = mul(key.batch, key.length);
  const read = itself
    ? mul(queries, layer.querySize)
    : add(mul(queries, layer.querySize), mul(keys, add(layer.keySize, layer.valueSize)));
  const scores = mul(query.batch, query.length, key.length);
  if (layer.kind !== 'multi-head-attention') return add(read, scores);
  const torch = layer.framework === 'pytorch';
  const inner = torch ? layer.querySize : mul(layer.numHeads, layer.keyDim);
  const innerValue = torch ? layer.querySize : mul(layer.numHeads, layer.valueDim);
  const projected = add(mul(queries, inner), mul(keys, add(inner, innerValue)));
  return add(read, projected, mul(layer.numHeads, scores), mul(queries, innerValue));
}

/** Values a transformer layer keeps: those of its attention, and what its norms and dense layers read. */
export function transformerKept(layer: TransformerLayer, call: LayerCall): Dim | undefined {
  const decoder = layer.kind === 'transformer-decoder-layer';
  const x = lengthsOf(call.inputs[0], layer.batchFirst ?? false);
  const memory = decoder ? lengthsOf(call.inputs[1], layer.batchFirst ?? false) : x;
  if (x === undefined || memory === undefined) return undefined;
  const attention = { ...selfAttentionOf(layer), numHeads: layer.numHeads };
  const { modelSize: e, feedForwardSize: f } = layer;
  const positions = mul(x.batch, x.length);
  return add(
    keptBetween(attention, x, x, true),
    decoder ? keptBetween(attention, x, memory, false) : 0,
    mul(positions, add(mul(decoder ? 4 : 3, e), f)),
  );
}
