import { constant, message, valueOf, type Dim } from '../../../../model';
import { bool, float, int, str } from '../../evaluate/make';
import { NONE, type LayerDraft, type Value } from '../../evaluate/values';
import type { CallReader } from '../pytorch/arguments';
import type { Signature } from '../signature';

/*
 * What linen and nnx have in common: layers whose input size is `sizes.input`, given by the source in nnx, taken from the first input
 * in linen.
 */

export const YES = bool(true);
const NO = bool(false);

/** Where a layer's input size comes from. */
export type InputSize = (read: CallReader, name: string, field: string) => Dim;

export const NORM: Signature = [
  ['use_bias', YES],
  ['use_scale', YES],
];

export const CONV: Signature = [
  ['strides', int(1)],
  ['padding', str('SAME')],
  ['input_dilation', int(1)],
  ['kernel_dilation', int(1)],
  ['feature_group_count', int(1)],
  ['use_bias', YES],
  ['mask', NONE],
];

export function dense(read: CallReader, typeName: string, input: Dim, output: string): LayerDraft {
  return {
    kind: 'dense',
    typeName,
    inputSize: input,
    outputSize: read.size(output, 'outputSize'),
    bias: read.flag('use_bias', 'bias'),
  };
}

export function embedding(read: CallReader, typeName: string): LayerDraft {
  return {
    kind: 'embedding',
    typeName,
    vocabularySize: read.size('num_embeddings', 'vocabularySize'),
    embeddingSize: read.size('features', 'embeddingSize'),
  };
}

export function conv(
  read: CallReader,
  typeName: string,
  transposed: boolean,
  input: Dim,
  output: string,
): LayerDraft {
  const rank = rankOf(read);
  const steps =
    read.value('strides')?.kind === 'none' ? Array.from({ length: rank }, () => constant(1)) : undefined;
  const scheme = read.text('padding')?.toLowerCase();
  return {
    kind: transposed ? 'conv-transpose' : 'conv',
    typeName,
    inputChannels: input,
    outputChannels: read.size(output, 'outputChannels'),
    kernelSize: read.axes('kernel_size', 'kernelSize', rank),
    stride: steps ?? read.axes('strides', 'stride', rank),
    padding:
      scheme === 'same' || scheme === 'valid' || scheme === 'causal' ? scheme : padding(read, rank, scheme),
    dilation:
      read.value('kernel_dilation')?.kind === 'none'
        ? Array.from({ length: rank }, () => constant(1))
        : read.axes('kernel_dilation', 'dilation', rank),
    groups: transposed ? constant(1) : read.size('feature_group_count', 'groups'),
    bias: read.flag('use_bias', 'bias'),
    channelsFirst: false,
  };
}

/** A number is one axis, a tuple as many as it has. */
function rankOf(read: CallReader): number {
  const value = read.value('kernel_size');
  const items = value && (value.kind === 'tuple' || value.kind === 'list') ? value.items.length : 1;
  return Math.max(1, items);
}

/** Pairs of amounts count when both sides are the same; padding decides no weights. */
function padding(read: CallReader, rank: number, scheme: string | undefined): Dim[] | 'valid' {
  const value = read.value('padding');
  if (scheme !== undefined || !value) return 'valid';
  const items = value.kind === 'tuple' || value.kind === 'list' ? (read.host.items(value) ?? []) : [value];
  const sides = items.map((v) => (v.kind === 'tuple' || v.kind === 'list' ? (v.items[0] ?? v) : v));
  const sizes = sides.map((v) => read.host.dim(v));
  if (sizes.some((d) => d === undefined)) return 'valid';
  return sizes.length === rank ? (sizes as Dim[]) : Array.from({ length: rank }, () => sizes[0]!);
}

export function norm(
  kind: 'batch-norm' | 'layer-norm' | 'group-norm' | 'rms-norm',
  read: CallReader,
  typeName: string,
  features: Dim,
): LayerDraft {
  return {
    kind,
    typeName,
    features,
    scale: read.flag('use_scale', 'scale'),
    offset: kind === 'rms-norm' ? constant(0) : read.flag('use_bias', 'offset'),
    ...(kind === 'batch-norm' && { trackStatistics: true }),
  };
}

export function attention(
  read: CallReader,
  typeName: string,
  query: Dim,
  key: Dim,
  queryFeatures: Value | undefined,
): LayerDraft {
  const or = (name: string, field: string, fallback: Dim): Dim => {
    const value = name === 'qkv_features' ? queryFeatures : read.value(name);
    return value === undefined || value.kind === 'none' ? fallback : read.size(name, field);
  };
  const inner = or('qkv_features', 'keyDim', query);
  const heads = read.size('num_heads', 'numHeads');
  const [n, size] = [valueOf(heads), valueOf(inner)];
  const even = n !== undefined && size !== undefined && n > 0 && size % n === 0;
  if (n !== undefined && size !== undefined && !even)
    read.fail(message('`embed_dim` of `{0}` must be a multiple of `num_heads`.', typeName), undefined);
  // With an unknown number of heads one head of the whole size has the same weights.
  const each = even ? constant(size / n) : inner;
  return {
    kind: 'multi-head-attention',
    typeName,
    querySize: query,
    keySize: key,
    valueSize: key,
    numHeads: even ? heads : constant(1),
    keyDim: each,
    valueDim: each,
    outputSize: or('out_features', 'outputSize', query),
    bias: read.flag('use_bias', 'bias'),
    batchFirst: true,
  };
}

/** `RNN(cell, …)` and `Bidirectional(…)` have these in both. */
export const RNN: Signature = [
  'cell',
  ['time_major', NO],
  ['return_carry', NO],
  ['reverse', NO],
  ['keep_order', NO],
];
export const EPSILON: Signature = [['epsilon', float(1e-6)]];
