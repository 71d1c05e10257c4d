import {
  add,
  BATCH,
  ceilDiv,
  floorDiv,
  message,
  mul,
  SEQ_LEN,
  sub,
  valueOf,
  type Dim,
} from '../../../../model';
import type { Host } from '../../evaluate/host';
import type { Arguments, LayerDraft, ObjectValue, Value } from '../../evaluate/values';
import { windows } from '../pytorch/conv-shapes';
import { isOpen, settle, tensorArgument, unknownShape } from '../pytorch/shapes';
import { unclear } from '../pytorch/run-layers';

type Conv = Extract<LayerDraft, { groups: Dim }>;

/** A convolution over `[batch, …spatial, channels]`. */
export function runLastChannels(layer: ObjectValue, args: Arguments, host: Host): Value {
  const input = tensorArgument(args, 0, 'inputs');
  const { draft } = layer;
  if (draft?.kind !== 'conv' && draft?.kind !== 'conv-transpose') return unclear(layer, input, host);
  const rank = draft.kernelSize.length;
  if (isOpen(input) && rank === 1) settle(host, input, [BATCH, SEQ_LEN, draft.inputChannels]);
  const shape = input?.shape;
  if (!shape || shape.length !== rank + 2) return unclear(layer, input, host);
  const spatial = shape.slice(1, -1).map((size, i) => lengthAfter(draft, size, i));
  const known = spatial.every((d) => d !== undefined);
  const output = known ? [shape[0]!, ...spatial, draft.outputChannels] : undefined;
  host.use(layer, [shape], output, args.site);
  return output ? host.tensor(output) : unknownShape(host, message('This shape cannot be worked out.'));
}

function lengthAfter(draft: Conv, size: Dim, i: number): Dim | undefined {
  const [stride, kernel] = [draft.stride[i] ?? draft.stride[0]!, draft.kernelSize[i]!];
  const reach = add(mul(draft.dilation[i] ?? draft.dilation[0]!, sub(kernel, 1)), 1);
  const { padding } = draft;
  if (draft.kind === 'conv-transpose') {
    if (padding === 'same') return mul(size, stride);
    return undefined;
  }
  try {
    if (padding === 'same') return valueOf(stride) === 1 ? size : ceilDiv(size, stride);
    if (padding === 'causal') return valueOf(stride) === 1 ? size : add(floorDiv(sub(size, 1), stride), 1);
    return windows(size, reach, padding === 'valid' ? mul(0, size) : padding[i]!, stride);
  } catch {
    return undefined;
  }
}
