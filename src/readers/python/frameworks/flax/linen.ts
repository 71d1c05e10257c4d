import { constant, message, type Dim } from '../../../../model';
import type { Host } from '../../evaluate/host';
import { bool, builtin, float, int, str } from '../../evaluate/make';
import {
  NONE,
  type Arguments,
  type InstanceValue,
  type LayerDraft,
  type ObjectValue,
  type Value,
} from '../../evaluate/values';
import { CallReader } from '../pytorch/arguments';
import { makeOneWay } from '../pytorch/cell-runners';
import type { Dialect } from '../pytorch/dialect';
import type { Forward, LayerMaker, TorchData } from '../pytorch/layer';
import { makeParameter } from '../pytorch/parameters';
import { torchLike } from '../pytorch/plugin';
import { runAttention, runEmbedding, runKeepShape, runLinear, unclear } from '../pytorch/run-layers';
import { infoOf, isOpen, shapeOf, tensorArgument, unknownShape } from '../pytorch/shapes';
import { bind, type Signature } from '../signature';
import { behind, CELL_METHODS, cellSizes, forwardCell, makeBidirectional, returned } from './cells';
import { runLastChannels } from './conv';
import { jaxFunction } from './functions';
import { attention, conv, CONV, dense, embedding, norm, NORM, RNN, YES } from './layers';
import { adopt, callModule, discover, moduleInputs, noteSample, setUp } from './linen-scope';
import { canonical, className, ownsLinen } from './names';
import { known } from './nnx';
import { scanned } from './scan';
import { WEIGHTLESS } from './weightless';

const NAME: Signature = [['name', NONE]];

/** The size that the first input gives: a named unknown until then. */
function pending(read: CallReader): Dim {
  return read.host.dim(
    read.host.unknown(
      message('The first input of `{0}` decides it, and that input’s size can’t be followed.', read.typeName),
      'input_features',
      read.args.site,
      { named: true, numeric: true },
    ),
  )!;
}

const SIZES: Readonly<Record<string, readonly string[]>> = {
  dense: ['inputSize'],
  conv: ['inputChannels'],
  'conv-transpose': ['inputChannels'],
  'conv-lstm': ['inputChannels'],
  'batch-norm': ['features'],
  'layer-norm': ['features'],
  'group-norm': ['features'],
  'rms-norm': ['features'],
  'multi-head-attention': ['querySize', 'keySize', 'valueSize'],
};

/** Gives a layer the size of its input's last axis. A layer that gets inputs of two sizes is wrong in Flax: unknown here. */
function fill(layer: ObjectValue, args: Arguments, host: Host): void {
  const { draft } = layer;
  const input = tensorArgument(args, 0, 'inputs', 'inputs_q');
  const size = input?.shape?.at(-1) ?? (isOpen(input) ? infoOf(input).input?.features : undefined);
  if (!draft || !size || layer.names.has('%sized')) return;
  const fields = SIZES[draft.kind] ?? ('hiddenSize' in draft ? ['inputSize'] : []);
  layer.draft = resized(draft, Object.fromEntries(fields.map((f) => [f, size])));
  host.setName(layer.names, '%sized', NONE);
}

function resized(draft: LayerDraft, sizes: Readonly<Record<string, Dim>>): LayerDraft {
  return { ...draft, ...sizes } as LayerDraft;
}

function lazy(
  signature: Signature,
  forward: Forward,
  draft: (read: CallReader, typeName: string) => LayerDraft,
  methods?: TorchData['methods'],
): LayerMaker {
  return {
    make(typeName, args, host) {
      const read = new CallReader(typeName, [...signature, ...NAME], args, host);
      return {
        draft: read.draft(draft(read, typeName)),
        forward,
        prepare: fill,
        ...(methods && { methods }),
      };
    },
  };
}

function cell(kind: 'rnn-cell' | 'lstm-cell' | 'gru-cell'): LayerMaker {
  return lazy(
    ['features'],
    forwardCell,
    (read, typeName) => ({ kind, typeName, ...cellSizes(read, pending(read), 'features') }),
    CELL_METHODS,
  );
}

/** Cells take the state first: the input is the second argument. */
function cellMaker(kind: 'rnn-cell' | 'lstm-cell' | 'gru-cell'): LayerMaker {
  const inner = cell(kind);
  return {
    make(typeName, args, host) {
      const made = inner.make(typeName, args, host);
      return {
        ...made,
        prepare: (layer, given, h) => fill(layer, given.positional.length > 1 ? behind(given) : given, h),
      };
    },
  };
}

const convLstm: LayerMaker = lazy(
  ['features', 'kernel_size', ['strides', NONE], ['padding', str('SAME')], ['use_bias', YES]],
  (layer, args, host) => unclear(layer, tensorArgument(behind(args), 0), host),
  (read, typeName) => {
    const value = read.value('kernel_size');
    const rank = value?.kind === 'tuple' || value?.kind === 'list' ? value.items.length : 1;
    return {
      kind: 'conv-lstm',
      typeName,
      inputChannels: pending(read),
      filters: read.size('features', 'filters'),
      kernelSize: read.axes('kernel_size', 'kernelSize', rank),
      directions: constant(1),
      bias: read.flag('use_bias', 'bias'),
    };
  },
  CELL_METHODS,
);

function normMaker(kind: Parameters<typeof norm>[0], head: Signature): LayerMaker {
  return lazy([...head, ['dtype', NONE], ['param_dtype', NONE], ...NORM], runKeepShape, (read, typeName) =>
    norm(kind, read, typeName, pending(read)),
  );
}

function convMaker(transposed: boolean): LayerMaker {
  const tail: Signature = transposed
    ? [
        ['strides', NONE],
        ['padding', str('SAME')],
        ['kernel_dilation', NONE],
        ['use_bias', YES],
      ]
    : CONV;
  return lazy(['features', 'kernel_size', ...tail], runLastChannels, (read, typeName) =>
    conv(read, typeName, transposed, pending(read), 'features'),
  );
}

const attend: LayerMaker = lazy(
  [
    'num_heads',
    ['dtype', NONE],
    ['param_dtype', NONE],
    ['qkv_features', NONE],
    ['out_features', NONE],
    ['broadcast_dropout', YES],
    ['dropout_rate', float(0)],
    ['deterministic', NONE],
    ['precision', NONE],
    '*',
    ['use_bias', YES],
    ['normalize_qk', bool(false)],
  ],
  runAttention,
  (read, typeName) => {
    const size = pending(read);
    return attention(read, typeName, size, size, read.value('qkv_features'));
  },
);

/** Its inner sizes follow the query's unless they are given. */
const attentionMaker: LayerMaker = {
  make(typeName, args, host) {
    const made = attend.make(typeName, args, host);
    const { draft } = made;
    if (draft?.kind !== 'multi-head-attention') return made;
    const free = { inner: !isGiven(args, 'qkv_features'), output: !isGiven(args, 'out_features') };
    return {
      ...made,
      prepare: (layer, given, h) => sizeAttention(layer, given, free, h),
    };
  },
};

function isGiven(args: Arguments, name: string): boolean {
  const value = args.keywords.get(name)?.value;
  return value !== undefined && value.kind !== 'none';
}

function sizeAttention(
  layer: ObjectValue,
  args: Arguments,
  free: { readonly inner: boolean; readonly output: boolean },
  host: Host,
): void {
  const { draft } = layer;
  const query = tensorArgument(args, 0, 'inputs_q')?.shape?.at(-1);
  const key = (
    tensorArgument(args, 1, 'inputs_k', 'inputs_kv') ?? tensorArgument(args, 0, 'inputs_q')
  )?.shape?.at(-1);
  if (draft?.kind !== 'multi-head-attention' || !query || !key || layer.names.has('%sized')) return;
  const heads = free.inner ? constant(1) : draft.numHeads;
  layer.draft = {
    ...draft,
    querySize: query,
    keySize: key,
    valueSize: key,
    // Without sizes of their own all heads together are as wide as the query: one head stands for them.
    ...(free.inner && { numHeads: heads, keyDim: query, valueDim: query }),
    ...(free.output && { outputSize: query }),
  };
  host.setName(layer.names, '%sized', NONE);
}

/** A unit with one gate: a forget gate and a candidate, each a dense layer of the input and one of the state. */
const mgu: LayerMaker = {
  make(typeName, args, host) {
    const read = new CallReader(typeName, ['features', ['reset_gate', YES]], args, host);
    const reset = read.known('reset_gate');
    const features = read.value('features') ?? NONE;
    const part = (bias: boolean): Value => {
      const keywords = new Map([
        ['features', { value: features, site: args.site }],
        ['use_bias', { value: bool(bias), site: args.site }],
      ]);
      const { draft, ...data } = LAYERS.Dense!.make(
        'Dense',
        { positional: [], keywords, site: args.site },
        host,
      );
      return host.object('pytorch', 'flax.linen.Dense', args.site, draft, data satisfies TorchData);
    };
    if (reset === undefined) {
      const reason = message('`{0}` of `{1}` can’t be decided.', 'reset_gate', typeName);
      return { draft: { kind: 'unknown', typeName, reason, dependsOn: [] } };
    }
    const parts = { if: part(true), in: part(true), hf: part(false), hn: part(reset) };
    const forward: Forward = (object, given, h) => {
      const x = given.positional[1] ?? { value: unknownShape(h), site: given.site };
      const on = (name: string, value: Value) =>
        h.call(object.names.get(name) ?? NONE, {
          positional: [{ value, site: given.site }],
          keywords: new Map(),
          site: given.site,
        });
      const state = on('if', x.value);
      on('in', x.value);
      on('hf', state);
      on('hn', state);
      return { kind: 'tuple', items: [state, state] };
    };
    return { parts, container: 'dict', forward, methods: CELL_METHODS };
  },
};

const LAYERS: Readonly<Record<string, LayerMaker>> = {
  Dense: lazy(['features', ['use_bias', YES]], runLinear, (read, typeName) =>
    dense(read, typeName, pending(read), 'features'),
  ),
  Embed: lazy(['num_embeddings', 'features'], runEmbedding, embedding, {
    // The same weights as a projection: nothing is added.
    attend: (layer, args, host) => {
      const shape = tensorArgument(args, 0, 'query')?.shape;
      return shape && layer.draft?.kind === 'embedding'
        ? host.tensor([...shape.slice(0, -1), layer.draft.vocabularySize])
        : unknownShape(host);
    },
  }),
  Conv: convMaker(false),
  ConvTranspose: convMaker(true),
  LayerNorm: normMaker('layer-norm', [['epsilon', float(1e-6)]]),
  RMSNorm: normMaker('rms-norm', [['epsilon', float(1e-6)]]),
  BatchNorm: normMaker('batch-norm', [
    ['use_running_average', NONE],
    ['axis', int(-1)],
    ['momentum', float(0.99)],
    ['epsilon', float(1e-5)],
  ]),
  GroupNorm: normMaker('group-norm', [
    ['num_groups', int(32)],
    ['group_size', NONE],
    ['epsilon', float(1e-6)],
  ]),
  MultiHeadDotProductAttention: attentionMaker,
  MultiHeadAttention: attentionMaker,
  SelfAttention: attentionMaker,
  SimpleCell: cellMaker('rnn-cell'),
  LSTMCell: cellMaker('lstm-cell'),
  OptimizedLSTMCell: cellMaker('lstm-cell'),
  GRUCell: cellMaker('gru-cell'),
  MGUCell: mgu,
  ConvLSTMCell: {
    make(typeName, args, host) {
      return {
        ...convLstm.make(typeName, args, host),
        prepare: (layer, given, h) => fill(layer, behind(given), h),
      };
    },
  },
};

function call(name: string, args: Arguments, host: Host): Value | undefined {
  const last = className('linen', name);
  switch (last) {
    case 'RNN': {
      const read = bind(RNN, args, host);
      const [time, carry] = ['time_major', 'return_carry'].map((n) => known(read.value(n), host));
      const object = makeOneWay(name, read.value('cell'), time, args, host, (output, state, h) =>
        returned(carry, state, output, h),
      );
      return adopt(object, last, args, host);
    }
    case 'Bidirectional': {
      const read = bind(
        [
          'forward_rnn',
          'backward_rnn',
          ['merge_fn', NONE],
          ['time_major', bool(false)],
          ['return_carry', bool(false)],
        ],
        args,
        host,
      );
      const parts = {
        forward_rnn: read.value('forward_rnn') ?? NONE,
        backward_rnn: read.value('backward_rnn') ?? NONE,
      };
      const carry = known(read.value('return_carry'), host);
      return adopt(
        makeBidirectional(name, parts, read.value('merge_fn') ?? NONE, carry, args, host),
        last,
        args,
        host,
      );
    }
    default:
      break;
  }
  if (last !== undefined) return undefined;
  switch (name) {
    case 'flax.linen.scan':
      return scanned(args, host);
    case 'flax.linen.remat':
    case 'flax.linen.checkpoint':
    case 'flax.linen.jit':
    case 'flax.linen.compact':
    case 'flax.linen.nowrap':
      return args.positional[0]?.value;
    default:
      return name.startsWith('flax.linen.') || name.startsWith('jax.')
        ? jaxFunction(name, args, host)
        : undefined;
  }
}

function instanceAttribute(instance: InstanceValue, name: string, host: Host): Value | undefined {
  switch (name) {
    case 'param':
      return builtin(name, (args) => makeParam(instance, args, host));
    case 'variable':
    case 'sow':
    case 'perturb':
      return builtin(name, () => unknownShape(host, message('It is no parameter.')));
    case 'make_rng':
      return builtin(name, () => unknownShape(host, message('It is a random key.')));
    case 'init':
    case 'init_with_output':
    case 'apply':
    case 'tabulate':
    case 'lazy_init':
      return builtin(name, (args) => {
        noteSample(instance, args, host);
        return host.unknown(
          message('It is known when the program runs.'),
          `${instance.cls.name}.${name}()`,
          args.site,
        );
      });
    case 'initialize_carry':
      return builtin(name, () => unknownShape(host, message('It is the first state of a cell.')));
    default:
      break;
  }
  // An attribute that `setup` makes, asked for from outside.
  if (!host.following || instance.names.has('%setup') || name.startsWith('__')) return undefined;
  setUp(instance, host);
  return instance.names.get(name);
}

/** `self.param('bias', initialiser, shape)` */
function makeParam(instance: InstanceValue, args: Arguments, host: Host): Value {
  const [name, start, shape] = args.positional.map((a) => a.value);
  const key = name?.kind === 'str' ? name.value : 'parameter';
  const before = instance.names.get(key);
  if (before) return before;
  const dims = shape && shapeOf(shape, host);
  const drawn =
    !dims && start?.kind === 'function'
      ? host.call(start, {
          positional: [{ value: unknownShape(host), site: args.site }, ...args.positional.slice(2)],
          keywords: new Map(),
          site: args.site,
        })
      : undefined;
  const value = dims
    ? host.tensor(dims)
    : (drawn ?? unknownShape(host, message('The shape of this parameter is not known.')));
  const made = makeParameter(
    { positional: [{ value, site: args.site }], keywords: new Map(), site: args.site },
    host,
    'flax.linen.Parameter',
  );
  host.setName(instance.names, key, made);
  return made;
}

const dialect: Dialect = {
  id: 'flax-linen',
  framework: 'flax-linen',
  owns: ownsLinen,
  canonical,
  isBase: (name) => className('linen', name) !== undefined,
  layerName: (name) => className('linen', name),
  layers: LAYERS,
  weightless: WEIGHTLESS,
  containerKind: (layer) => (layer === 'Sequential' ? 'sequential' : undefined),
  forward: '__call__',
  exports: () => undefined,
  call,
  madeOnCall: true,
  adopt: (object, layer, args, host) => adopt(object, layer, args, host),
  callInstance: callModule,
  discover,
  inputs: moduleInputs,
  instanceAttribute,
};

/** Flax linen: input sizes come from the first call. */
export const flaxLinen = torchLike(dialect);
