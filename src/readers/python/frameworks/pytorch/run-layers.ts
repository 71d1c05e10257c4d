import { BATCH, message, SEQ_LEN, type Dim, type Shape } from '../../../../model';
import type { Host } from '../../evaluate/host';
import { tuple } from '../../evaluate/make';
import {
  NONE,
  type Arguments,
  type LayerDraft,
  type ObjectValue,
  type TensorValue,
  type Value,
} from '../../evaluate/values';
import { mismatch } from './recurrent-shapes';
import {
  freshAxis,
  infoOf,
  isOpen,
  openView,
  settle,
  tensorArgument,
  unknownShape,
  useLater,
} from './shapes';

type Attention = Extract<LayerDraft, { numHeads: Dim; keyDim: Dim }>;

type DraftOf<K extends LayerDraft['kind']> = Extract<LayerDraft, { kind: K }>;

/** What all of them do when the input can't be followed. */
export function unclear(layer: ObjectValue, input: TensorValue | undefined, host: Host): TensorValue {
  const why = input?.why ?? message('Its input’s shape is not known.');
  host.useUnclear(layer, why);
  return unknownShape(host, why);
}

/** A lazy layer takes its input size from the first input. */
function fillLazy(layer: ObjectValue, size: Dim | undefined, host: Host): void {
  if (!layer.type.includes('.Lazy') || !size || layer.names.has('%sized')) return;
  const draft = layer.draft;
  if (draft?.kind === 'dense') layer.draft = { ...draft, inputSize: size };
  else if (draft?.kind === 'conv' || draft?.kind === 'conv-transpose')
    layer.draft = { ...draft, inputChannels: size };
  else if (draft?.kind === 'batch-norm') layer.draft = { ...draft, features: size };
  host.setName(layer.names, '%sized', NONE);
}

/** Works on the last axis: all other axes are rows. */
export function runLinear(layer: ObjectValue, args: Arguments, host: Host): Value {
  const input = tensorArgument(args, 0, 'input');
  if (isOpen(input) && layer.draft?.kind === 'dense' && !layer.type.includes('.Lazy'))
    return openLinear(layer, input, layer.draft, args, host);
  const shape = input?.shape;
  if (!shape || shape.length === 0) return unclear(layer, input, host);
  fillLazy(layer, shape.at(-1), host);
  const draft = layer.draft as DraftOf<'dense'> | undefined;
  if (draft?.kind !== 'dense') return unclear(layer, input, host);
  mismatch(layer, shape.at(-1)!, draft.inputSize, args, host);
  const output = [...shape.slice(0, -1), draft.outputSize];
  host.use(layer, [shape], output, args.site);
  return host.tensor(output);
}

/** On an input of unknown rank: whoever takes the result tells how many rows there were. */
function openLinear(
  layer: ObjectValue,
  input: TensorValue,
  draft: DraftOf<'dense'>,
  args: Arguments,
  host: Host,
): Value {
  useLater(layer, input, host, (shape) =>
    host.use(layer, [shape], [...shape.slice(0, -1), draft.outputSize], args.site),
  );
  return openView(input, host, (shape) => [...shape.slice(0, -1), draft.inputSize], {
    features: draft.outputSize,
  });
}

export function runBilinear(layer: ObjectValue, args: Arguments, host: Host): Value {
  const [a, b] = [tensorArgument(args, 0, 'input1'), tensorArgument(args, 1, 'input2')];
  const draft = layer.draft;
  if (!a?.shape || !b?.shape || draft?.kind !== 'dense') return unclear(layer, a, host);
  const output = [...a.shape.slice(0, -1), draft.outputSize];
  host.use(layer, [a.shape, b.shape], output, args.site);
  return host.tensor(output);
}

/** Ids of any shape; each gives one row. A model's own ids are two axes, steps and batch in an order that later layers tell. */
export function runEmbedding(layer: ObjectValue, args: Arguments, host: Host): Value {
  const input = tensorArgument(args, 0, 'input');
  const draft = layer.draft as DraftOf<'embedding'> | undefined;
  // A step that was picked out of the ids has one axis fewer.
  if (isOpen(input))
    settle(host, input, Array.from({ length: (infoOf(input).input?.dropped ?? 0) > 0 ? 1 : 2 }, freshAxis));
  if (!input?.shape || draft?.kind !== 'embedding') return unclear(layer, input, host);
  const rows = layer.type.endsWith('EmbeddingBag') ? input.shape.slice(0, 1) : input.shape;
  const output = [...rows, draft.embeddingSize];
  host.use(layer, [input.shape], output, args.site);
  return host.tensor(output, undefined, infoOf(input).packed ? { packed: infoOf(input).packed } : undefined);
}

/** Norms, activations, dropout: the shape stays. */
export function runKeepShape(layer: ObjectValue, args: Arguments, host: Host): Value {
  const input = tensorArgument(args, 0, 'input');
  if (!input) return unclear(layer, undefined, host);
  const shape = input.shape;
  if (shape && layer.draft?.kind === 'batch-norm') fillLazy(layer, shape[1] ?? shape[0], host);
  if (!shape) {
    useLater(layer, input, host, (known) => host.use(layer, [known], known, args.site));
    return input;
  }
  host.use(layer, [shape], shape, args.site);
  return input;
}

/** `output, weights = attention(query, key, value)` */
export function runAttention(layer: ObjectValue, args: Arguments, host: Host): Value {
  const [query, key, value] = [
    tensorArgument(args, 0, 'query'),
    tensorArgument(args, 1, 'key'),
    tensorArgument(args, 2, 'value'),
  ];
  const draft = layer.draft as Attention | undefined;
  if (!query?.shape || !key?.shape || !value?.shape || draft?.kind !== 'multi-head-attention')
    return tuple([unclear(layer, query, host), unknownShape(host)]);
  const output = [...query.shape.slice(0, -1), draft.outputSize];
  host.use(layer, [query.shape, key.shape, value.shape], output, args.site);
  return tuple([host.tensor(output), unknownShape(host)]);
}

export function runTransformer(layer: ObjectValue, args: Arguments, host: Host): Value {
  const [input, memory] = [tensorArgument(args, 0, 'src', 'tgt'), tensorArgument(args, 1, 'memory')];
  const draft = layer.draft as DraftOf<'transformer-encoder-layer' | 'transformer-decoder-layer'> | undefined;
  if (isOpen(input) && draft && 'modelSize' in draft) settle(host, input, [SEQ_LEN, BATCH, draft.modelSize]);
  if (
    !input?.shape ||
    (draft?.kind !== 'transformer-encoder-layer' && draft?.kind !== 'transformer-decoder-layer')
  )
    return unclear(layer, input, host);
  const inputs: (Shape | undefined)[] =
    draft.kind === 'transformer-decoder-layer' ? [input.shape, memory?.shape] : [input.shape];
  host.use(layer, inputs, input.shape, args.site);
  return input;
}
