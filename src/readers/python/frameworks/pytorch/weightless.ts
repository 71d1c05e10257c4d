import { add, floorDiv, message, type Dim, type WeightlessLayer } from '../../../../model';
import type { Host } from '../../evaluate/host';
import { bool, int } from '../../evaluate/make';
import { NONE, type Arguments, type ObjectValue, type TensorValue, type Value } from '../../evaluate/values';
import { bind } from '../signature';
import { windows } from './conv-shapes';
import type { Forward } from './layer';
import {
  axisOf,
  numberOfElements,
  reshaped,
  sizesOf,
  tensorArgument,
  unknownShape,
  useLater,
} from './shapes';

export type Weightless = readonly [kind: WeightlessLayer['kind'], op: string, forward: Forward];

const keep: Forward = (layer, args, host) => {
  const input = tensorArgument(args, 0, 'input');
  if (input?.shape) host.use(layer, [input.shape], input.shape, args.site);
  else if (input) useLater(layer, input, host, (known) => host.use(layer, [known], known, args.site));
  return input ?? args.positional[0]?.value ?? unknownShape(host);
};

/** Wraps a function of shapes into a layer's forward. */
function shaped(make: (input: TensorValue, layer: ObjectValue, host: Host) => TensorValue): Forward {
  return (layer, args, host) => {
    const input = tensorArgument(args, 0, 'input');
    if (!input) return unknownShape(host);
    const output = input.shape ? make(input, layer, host) : unknownShape(host, input.why);
    if (input.shape) host.use(layer, [input.shape], output.shape, args.site);
    else host.useUnclear(layer, input.why ?? message('Its input’s shape is not known.'));
    return output;
  };
}

function argumentsOf(layer: ObjectValue): Arguments {
  return (layer.data as { args: Arguments }).args;
}

/** Arguments under the names that PyTorch gives them. */
function renamed(args: Arguments, names: Readonly<Record<string, string>>): Arguments {
  return { ...args, keywords: new Map([...args.keywords].map(([k, a]) => [names[k] ?? k, a])) };
}

const flatten = shaped((input, layer, host) => {
  const read = bind(
    [
      ['start_dim', int(1)],
      ['end_dim', int(-1)],
    ],
    renamed(argumentsOf(layer), { start_axis: 'start_dim', stop_axis: 'end_dim' }),
    host,
  );
  return flattened(input, read.value('start_dim'), read.value('end_dim'), host);
});

export function flattened(
  input: TensorValue,
  start: Value | undefined,
  end: Value | undefined,
  host: Host,
): TensorValue {
  const shape = input.shape!;
  const [a, b] = [axisOf(host, start, shape.length), axisOf(host, end, shape.length)];
  if (a === undefined || b === undefined || a > b) return unknownShape(host);
  return host.tensor([...shape.slice(0, a), numberOfElements(shape.slice(a, b + 1)), ...shape.slice(b + 1)]);
}

const unflatten = shaped((input, layer, host) => {
  const args = argumentsOf(layer);
  const at = axisOf(host, args.positional[0]?.value, input.shape!.length);
  const sizes = sizesOf(host, args, 1);
  const parts = at === undefined || !sizes ? undefined : reshaped([input.shape![at]!], sizes);
  return parts
    ? host.tensor([...input.shape!.slice(0, at), ...parts, ...input.shape!.slice(at! + 1)])
    : unknownShape(host);
});

/** Pooling over the last `rank` axes. */
function pool(rank: number): Forward {
  return shaped((input, layer, host) => pooled(input, argumentsOf(layer), rank, host));
}

export function pooled(input: TensorValue, args: Arguments, rank: number, host: Host): TensorValue {
  const read = bind(
    ['kernel_size', ['stride', NONE], ['padding', int(0)], ['dilation', int(1)], ['ceil_mode', bool(false)]],
    args,
    host,
  );
  const axes = (name: string): (Dim | undefined)[] => {
    const value = read.value(name) ?? NONE;
    const items = value.kind === 'tuple' || value.kind === 'list' ? host.items(value) : undefined;
    return Array.from({ length: rank }, (_, i) => host.dim(items ? (items[i] ?? items[0] ?? NONE) : value));
  };
  const kernel = axes('kernel_size');
  const stride = read.value('stride')?.kind === 'none' ? kernel : axes('stride');
  const padding = axes('padding');
  const ceil = read.value('ceil_mode');
  const shape = input.shape!;
  if (shape.length <= rank || (ceil && host.truth(ceil) !== false)) return unknownShape(host);
  try {
    const spatial = shape.slice(-rank).map((size, i) => windows(size, kernel[i]!, padding[i]!, stride[i]!));
    return host.tensor([...shape.slice(0, -rank), ...spatial]);
  } catch {
    return unknownShape(host);
  }
}

function adaptive(rank: number): Forward {
  return shaped((input, layer, host) => {
    const value =
      argumentsOf(layer).positional[0]?.value ??
      argumentsOf(layer).keywords.get('output_size')?.value ??
      NONE;
    const items = value.kind === 'tuple' || value.kind === 'list' ? host.items(value) : undefined;
    const shape = input.shape!;
    if (shape.length <= rank) return unknownShape(host);
    const spatial = shape.slice(-rank).map((size, i) => {
      const v = items ? (items[i] ?? NONE) : value;
      return v.kind === 'none' ? size : host.dim(v);
    });
    return spatial.every((d) => d !== undefined)
      ? host.tensor([...shape.slice(0, -rank), ...spatial])
      : unknownShape(host);
  });
}

const unknownOutput = shaped((_, __, host) => unknownShape(host));

const glu = shaped((input, layer, host) => {
  const at = axisOf(
    host,
    argumentsOf(layer).positional[0]?.value ?? argumentsOf(layer).keywords.get('dim')?.value ?? int(-1),
    input.shape!.length,
  );
  return at === undefined
    ? unknownShape(host)
    : host.tensor(input.shape!.map((d, i) => (i === at ? floorDiv(d, 2) : d)));
});

function pad(rank: number): Forward {
  return shaped((input, layer, host) => {
    const value = argumentsOf(layer).positional[0]?.value ?? NONE;
    const items = value.kind === 'tuple' || value.kind === 'list' ? host.items(value) : undefined;
    const shape = input.shape!;
    const widths = items
      ? items.map((v) => host.dim(v))
      : Array.from({ length: 2 * rank }, () => host.dim(value));
    if (widths.some((w) => w === undefined) || shape.length < rank) return unknownShape(host);
    return host.tensor(
      shape.map((size, i) => {
        const fromEnd = shape.length - 1 - i;
        return fromEnd < rank ? add(size, widths[2 * fromEnd]!, widths[2 * fromEnd + 1]!) : size;
      }),
    );
  });
}

const ACTIVATIONS = [
  'ReLU',
  'ReLU6',
  'LeakyReLU',
  'RReLU',
  'ELU',
  'CELU',
  'SELU',
  'GELU',
  'SiLU',
  'Mish',
  'Sigmoid',
  'Tanh',
  'Softplus',
  'Softsign',
  'Softmax',
  'Softmax2d',
  'LogSoftmax',
  'Softmin',
  'LogSigmoid',
  'Hardtanh',
  'Hardsigmoid',
  'Hardswish',
  'Hardshrink',
  'Softshrink',
  'Tanhshrink',
  'Threshold',
];
const DROPOUTS = ['Dropout', 'Dropout1d', 'Dropout2d', 'Dropout3d', 'AlphaDropout', 'FeatureAlphaDropout'];
const LOSSES = [
  'L1Loss',
  'MSELoss',
  'CrossEntropyLoss',
  'CTCLoss',
  'NLLLoss',
  'PoissonNLLLoss',
  'GaussianNLLLoss',
  'KLDivLoss',
  'BCELoss',
  'BCEWithLogitsLoss',
  'MarginRankingLoss',
  'HingeEmbeddingLoss',
  'MultiLabelMarginLoss',
  'HuberLoss',
  'SmoothL1Loss',
  'SoftMarginLoss',
  'CosineEmbeddingLoss',
  'MultiMarginLoss',
  'TripletMarginLoss',
  'MultiLabelSoftMarginLoss',
  'NLLLoss2d',
  'TripletMarginWithDistanceLoss',
];

/** Classes of `torch.nn` without weights. */
export const WEIGHTLESS: ReadonlyMap<string, Weightless> = new Map<string, Weightless>([
  ...ACTIVATIONS.map((name): [string, Weightless] => [name, ['activation', name.toLowerCase(), keep]]),
  ...DROPOUTS.map((name): [string, Weightless] => [name, ['dropout', 'dropout', keep]]),
  ...LOSSES.map((name): [string, Weightless] => [name, ['other', 'loss', unknownOutput]]),
  ['GLU', ['activation', 'glu', glu]],
  ['Identity', ['other', 'identity', keep]],
  ['LocalResponseNorm', ['other', 'local-response-norm', keep]],
  ['CrossMapLRN2d', ['other', 'local-response-norm', keep]],
  ['ChannelShuffle', ['reshape', 'channel-shuffle', keep]],
  ['Flatten', ['reshape', 'flatten', flatten]],
  ['Unflatten', ['reshape', 'unflatten', unflatten]],
  ...([1, 2, 3] as const).flatMap((rank): [string, Weightless][] => [
    [`MaxPool${rank}d`, ['pooling', 'max-pool', pool(rank)]],
    [`AvgPool${rank}d`, ['pooling', 'average-pool', poolAverage(rank)]],
    [`LPPool${rank}d`, ['pooling', 'lp-pool', unknownOutput]],
    [`AdaptiveAvgPool${rank}d`, ['pooling', 'adaptive-average-pool', adaptive(rank)]],
    [`AdaptiveMaxPool${rank}d`, ['pooling', 'adaptive-max-pool', adaptive(rank)]],
    [`MaxUnpool${rank}d`, ['pooling', 'max-unpool', unknownOutput]],
    [`ZeroPad${rank}d`, ['reshape', 'pad', pad(rank)]],
    [`ConstantPad${rank}d`, ['reshape', 'pad', pad(rank)]],
    [`ReflectionPad${rank}d`, ['reshape', 'pad', pad(rank)]],
    [`ReplicationPad${rank}d`, ['reshape', 'pad', pad(rank)]],
    [`CircularPad${rank}d`, ['reshape', 'pad', pad(rank)]],
  ]),
  ['FractionalMaxPool2d', ['pooling', 'max-pool', unknownOutput]],
  ['Upsample', ['reshape', 'upsample', unknownOutput]],
  ['UpsamplingNearest2d', ['reshape', 'upsample', unknownOutput]],
  ['UpsamplingBilinear2d', ['reshape', 'upsample', unknownOutput]],
  ['PixelShuffle', ['reshape', 'pixel-shuffle', unknownOutput]],
  ['PixelUnshuffle', ['reshape', 'pixel-unshuffle', unknownOutput]],
  ['Fold', ['reshape', 'fold', unknownOutput]],
  ['Unfold', ['reshape', 'unfold', unknownOutput]],
  ['CosineSimilarity', ['merge', 'cosine-similarity', unknownOutput]],
  ['PairwiseDistance', ['merge', 'pairwise-distance', unknownOutput]],
]);

/** Average pooling has `ceil_mode` where max pooling has `dilation`. */
function poolAverage(rank: number): Forward {
  return shaped((input, layer, host) => {
    const args = argumentsOf(layer);
    return pooled(input, { ...args, positional: args.positional.slice(0, 3) }, rank, host);
  });
}
