/** How the numbers of one weight tensor are drawn. `std` of a truncated normal is that of the normal before it is cut at ±2σ. */
export type Distribution =
  | { readonly kind: 'uniform'; readonly low: number; readonly high: number }
  | { readonly kind: 'normal'; readonly mean: number; readonly std: number }
  | { readonly kind: 'truncated-normal'; readonly mean: number; readonly std: number }
  | { readonly kind: 'constant'; readonly value: number }
  | { readonly kind: 'orthogonal'; readonly gain: number }
  | { readonly kind: 'identity'; readonly gain: number }
  | {
      readonly kind: 'variance-scaling';
      readonly scale: number;
      readonly mode: 'fan-in' | 'fan-out' | 'fan-average';
      readonly shape: 'uniform' | 'normal' | 'truncated-normal';
    };

/** The framework's name for a scheme, bare or called: `glorot_uniform`, `Orthogonal(gain=0.5)`, `xavier_uniform_`. */
interface Called {
  readonly name: string;
  readonly positional: readonly number[];
  readonly named: ReadonlyMap<string, number>;
  /** Arguments that are words: `mode=fan_avg`. */
  readonly words: ReadonlyMap<string, string>;
}

type Scheme = (call: Called) => Distribution | undefined;

/** Argument `name`, or the one at `position`, or `fallback`. */
function arg(call: Called, name: string, position: number, fallback: number): number {
  return call.named.get(name) ?? call.positional[position] ?? fallback;
}

function variance(
  scale: number,
  mode: 'fan-in' | 'fan-out' | 'fan-average',
  shape: 'uniform' | 'normal' | 'truncated-normal',
): Scheme {
  return () => ({ kind: 'variance-scaling', scale, mode, shape });
}

/** `xavier_*_` of PyTorch: as Glorot's, with a gain; its normal is not cut off. */
function xavier(shape: 'uniform' | 'normal'): Scheme {
  return (call) => ({
    kind: 'variance-scaling',
    scale: arg(call, 'gain', 0, 1) ** 2,
    mode: 'fan-average',
    shape,
  });
}

/** `kaiming_*_` of PyTorch: gain √(2/(1+a²)) for its default nonlinearity, leaky ReLU with slope a = 0. */
function kaiming(shape: 'uniform' | 'normal'): Scheme {
  return (call) => {
    const mode = call.words.get('mode') ?? 'fan_in';
    const nonlinearity = call.words.get('nonlinearity') ?? 'leaky_relu';
    if (mode !== 'fan_in' || (nonlinearity !== 'leaky_relu' && nonlinearity !== 'relu')) return undefined;
    const slope = nonlinearity === 'relu' ? 0 : arg(call, 'a', 0, 0);
    return { kind: 'variance-scaling', scale: 2 / (1 + slope ** 2), mode: 'fan-in', shape };
  };
}

const MODES = { fanin: 'fan-in', fanout: 'fan-out', fanavg: 'fan-average' } as const;
const SHAPES = {
  normal: 'truncated-normal',
  truncatednormal: 'truncated-normal',
  untruncatednormal: 'normal',
  uniform: 'uniform',
} as const;

/** Keras' `VarianceScaling`, as which saved files also name Glorot's, He's and LeCun's. */
const varianceScaling: Scheme = (call) => {
  const word = (name: string, fallback: string): string => plainName(call.words.get(name) ?? fallback);
  const mode = word('mode', 'fan_in');
  const shape = word('distribution', 'truncated_normal');
  if (!Object.hasOwn(MODES, mode) || !Object.hasOwn(SHAPES, shape)) return undefined;
  return {
    kind: 'variance-scaling',
    scale: arg(call, 'scale', 0, 1),
    mode: MODES[mode as keyof typeof MODES],
    shape: SHAPES[shape as keyof typeof SHAPES],
  };
};

const constant =
  (value: number): Scheme =>
  () => ({ kind: 'constant', value });
const orthogonal: Scheme = (c) => ({ kind: 'orthogonal', gain: arg(c, 'gain', 0, 1) });
const identity: Scheme = (c) => ({ kind: 'identity', gain: arg(c, 'gain', 0, 1) });

/** Keyed by the name in lower case without `_`, so that `glorot_uniform` and `GlorotUniform` are one. */
const SCHEMES: Readonly<Record<string, Scheme>> = {
  glorotuniform: variance(1, 'fan-average', 'uniform'),
  glorotnormal: variance(1, 'fan-average', 'truncated-normal'),
  heuniform: variance(2, 'fan-in', 'uniform'),
  henormal: variance(2, 'fan-in', 'truncated-normal'),
  lecununiform: variance(1, 'fan-in', 'uniform'),
  lecunnormal: variance(1, 'fan-in', 'truncated-normal'),
  xavieruniform: xavier('uniform'),
  xaviernormal: xavier('normal'),
  kaiminguniform: kaiming('uniform'),
  kaimingnormal: kaiming('normal'),
  variancescaling: varianceScaling,
  orthogonal,
  identity,
  eye: identity,
  zeros: constant(0),
  zero: constant(0),
  ones: constant(1),
  one: constant(1),
  constant: (c) => ({ kind: 'constant', value: arg(c, 'value', 0, arg(c, 'val', 0, 0)) }),
  fill: (c) => ({ kind: 'constant', value: arg(c, 'value', 0, 0) }),
  // Keras: a range of ±0.05 by default; PyTorch's uniform_ is 0 to 1.
  randomuniform: (c) => ({
    kind: 'uniform',
    low: arg(c, 'minval', 0, -0.05),
    high: arg(c, 'maxval', 1, 0.05),
  }),
  uniform: (c) => ({ kind: 'uniform', low: arg(c, 'a', 0, 0), high: arg(c, 'b', 1, 1) }),
  randomnormal: (c) => ({ kind: 'normal', mean: arg(c, 'mean', 0, 0), std: arg(c, 'stddev', 1, 0.05) }),
  normal: (c) => ({ kind: 'normal', mean: arg(c, 'mean', 0, 0), std: arg(c, 'std', 1, 1) }),
  truncatednormal: (c) => ({
    kind: 'truncated-normal',
    mean: arg(c, 'mean', 0, 0),
    std: arg(c, 'stddev', 1, 0.05),
  }),
};

/** The distribution a name stands for; undefined for a name nobody knows. */
export function parseInitialiser(text: string): Distribution | undefined {
  const call = parseCall(text);
  if (!call) return undefined;
  const key = plainName(call.name.split('.').at(-1)!);
  return Object.hasOwn(SCHEMES, key) ? SCHEMES[key]!(call) : undefined;
}

function plainName(name: string): string {
  return name.replaceAll('_', '').toLowerCase();
}

/** Names of arguments whose values are words. */
const WORD_ARGUMENTS = new Set(['mode', 'distribution', 'nonlinearity']);

/** Reads `name` or `name(1, gain=2)`; arguments must be plain numbers. */
function parseCall(text: string): Called | undefined {
  const open = text.indexOf('(');
  if (open < 0) return { name: text.trim(), positional: [], named: new Map(), words: new Map() };
  const close = text.lastIndexOf(')');
  if (close !== text.trimEnd().length - 1) return undefined;
  const positional: number[] = [];
  const named = new Map<string, number>();
  const words = new Map<string, string>();
  for (const part of text.slice(open + 1, close).split(',')) {
    if (part.trim() === '') continue;
    const [left, right] = part.split('=');
    const name = left!.trim();
    if (right !== undefined && WORD_ARGUMENTS.has(name)) {
      words.set(name, unquoted(right.trim()));
      continue;
    }
    const value = Number(right ?? left);
    if (!Number.isFinite(value)) return undefined;
    if (right === undefined) positional.push(value);
    else named.set(name, value);
  }
  return { name: text.slice(0, open).trim(), positional, named, words };
}

function unquoted(text: string): string {
  const quote = text[0];
  return (quote === '"' || quote === "'") && text.at(-1) === quote ? text.slice(1, -1) : text;
}
