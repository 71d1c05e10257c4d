import {
  add,
  BATCH,
  constant,
  floorDiv,
  message,
  mul,
  SEQ_LEN,
  sub,
  symbolName,
  valueOf,
  type Dim,
  type Shape,
} from '../../../../model';
import type { Host } from '../../evaluate/host';
import { NONE, type Arguments, type LayerDraft, type ObjectValue, type Value } from '../../evaluate/values';
import { mismatch } from './recurrent-shapes';
import { isOpen, settle, tensorArgument, unify, unknownShape } from './shapes';

type Conv = Extract<LayerDraft, { groups: Dim }>;

/** Image axes of a model's own input: nobody says how large they are. */
function imageAxes(rank: number, host: Host): Dim[] {
  if (rank === 1) return [SEQ_LEN];
  const names = rank === 2 ? ['input_height', 'input_width'] : ['input_depth', 'input_height', 'input_width'];
  return names.map((name) => {
    const assumed = host.assumption(name);
    const unknown = host.unknown(message('The input’s size is not written in this file.'), name, undefined, {
      named: true,
      numeric: true,
    });
    return host.dim(assumed ?? unknown)!;
  });
}

/** An axis of the input that nothing has given a size yet. */
function isFree(host: Host, axis: Dim): boolean {
  const name = symbolName(axis);
  return name?.startsWith('$axis') === true && !host.axes.has(name);
}

export function runConv(layer: ObjectValue, args: Arguments, host: Host): Value {
  const input = tensorArgument(args, 0, 'input');
  let draft = layer.draft;
  if (!draft || (draft.kind !== 'conv' && draft.kind !== 'conv-transpose')) {
    host.useUnclear(layer, message('The layer itself is not known.'));
    return unknownShape(host);
  }
  const rank = draft.kernelSize.length;
  if (isOpen(input) && !layer.type.includes('.Lazy'))
    settle(host, input, [BATCH, draft.inputChannels, ...imageAxes(rank, host)]);
  const shape = input?.shape;
  if (!shape || (shape.length !== rank + 2 && shape.length !== rank + 1)) {
    host.useUnclear(layer, input?.why ?? message('Its input’s shape is not known.'));
    return unknownShape(host);
  }
  const channelsAt = shape.length - rank - 1;
  if (layer.type.includes('.Lazy') && !layer.names.has('%sized')) {
    draft = { ...draft, inputChannels: shape[channelsAt]! };
    layer.draft = draft;
    host.setName(layer.names, '%sized', NONE);
  }
  if (channelsAt === 1) {
    unify(host, shape[0]!, BATCH);
    unify(host, shape[1]!, draft.inputChannels);
    if (rank === 1) unify(host, shape[2]!, SEQ_LEN);
    else if (shape.slice(2).every((axis) => isFree(host, axis)))
      imageAxes(rank, host).forEach((size, i) => unify(host, shape[2 + i]!, size));
  }
  mismatch(layer, shape[channelsAt]!, draft.inputChannels, args, host);
  const spatial = spatialSizes(draft, shape.slice(channelsAt + 1));
  const output: Shape | undefined = spatial && [
    ...shape.slice(0, channelsAt),
    draft.outputChannels,
    ...spatial,
  ];
  host.use(layer, [shape], output, args.site);
  return output ? host.tensor(output) : unknownShape(host);
}

function spatialSizes(draft: Conv, sizes: Shape): Dim[] | undefined {
  const { kernelSize, stride, dilation, padding } = draft;
  try {
    return sizes.map((size, i) => {
      const reach = add(mul(dilation[i] ?? dilation[0]!, sub(kernelSize[i]!, 1)), 1);
      if (draft.kind === 'conv-transpose') {
        const pad = typeof padding === 'string' ? constant(0) : padding[i]!;
        return add(sub(mul(sub(size, 1), stride[i]!), mul(2, pad)), reach);
      }
      if (padding === 'same') return size;
      const pad = typeof padding === 'string' ? constant(0) : padding[i]!;
      return windows(size, reach, pad, stride[i]!);
    });
  } catch {
    return undefined;
  }
}

/** How many windows of `reach` fit: `⌊(size + 2·pad − reach) / stride⌋ + 1`. */
export function windows(size: Dim, reach: Dim, pad: Dim, stride: Dim): Dim {
  const span = sub(add(size, mul(2, pad)), reach);
  return add(valueOf(stride) === 1 ? span : floorDiv(span, stride), 1);
}
