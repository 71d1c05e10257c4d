import { message } from '../../../../model';
import type { Host } from '../../evaluate/host';
import { float, int } from '../../evaluate/make';
import { NONE, type Arguments, type Value } from '../../evaluate/values';
import { makeOneWay } from '../pytorch/cell-runners';
import { CallReader } from '../pytorch/arguments';
import type { Dialect } from '../pytorch/dialect';
import type { LayerMaker, TorchData } from '../pytorch/layer';
import { maker } from '../pytorch/layers';
import { makeParameter } from '../pytorch/parameters';
import { torchLike } from '../pytorch/plugin';
import { runAttention, runEmbedding, runKeepShape, runLinear } from '../pytorch/run-layers';
import { unknownShape } from '../pytorch/shapes';
import { bind, type Signature } from '../signature';
import { CELL_METHODS, cellSizes, forwardCell, makeBidirectional, returned } from './cells';
import { runLastChannels } from './conv';
import { jaxFunction } from './functions';
import { attention, conv, CONV, dense, embedding, norm, NORM, RNN, YES } from './layers';
import { canonical, className, ownsNnx } from './names';
import { WEIGHTLESS } from './weightless';

function cell(kind: 'rnn-cell' | 'lstm-cell' | 'gru-cell'): LayerMaker {
  return {
    make(typeName, args, host) {
      const read = new CallReader(
        typeName,
        ['in_features', 'hidden_features', '*', ['rngs', NONE]],
        args,
        host,
      );
      const sizes = cellSizes(read, read.size('in_features', 'inputSize'), 'hidden_features');
      return { draft: read.draft({ kind, typeName, ...sizes }), forward: forwardCell, methods: CELL_METHODS };
    },
  };
}

const features = (read: CallReader) => read.size('num_features', 'features');

function normMaker(kind: Parameters<typeof norm>[0], middle: Signature = []): LayerMaker {
  return maker(['num_features', ...middle, '*', ...NORM], runKeepShape, (read, typeName) =>
    norm(kind, read, typeName, features(read)),
  );
}

function convMaker(transposed: boolean): LayerMaker {
  return maker(
    ['in_features', 'out_features', 'kernel_size', ...CONV.slice(0, 1), '*', ...CONV.slice(1)],
    runLastChannels,
    (read, typeName) =>
      conv(read, typeName, transposed, read.size('in_features', 'inputChannels'), 'out_features'),
  );
}

const LAYERS: Readonly<Record<string, LayerMaker>> = {
  Linear: maker(['in_features', 'out_features', '*', ['use_bias', YES]], runLinear, (read, typeName) =>
    dense(read, typeName, read.size('in_features', 'inputSize'), 'out_features'),
  ),
  Embed: maker(['num_embeddings', 'features', '*', ['rngs', NONE]], runEmbedding, embedding),
  Conv: convMaker(false),
  ConvTranspose: convMaker(true),
  BatchNorm: normMaker('batch-norm'),
  LayerNorm: normMaker('layer-norm'),
  RMSNorm: normMaker('rms-norm'),
  GroupNorm: normMaker('group-norm', [['num_groups', int(32)]]),
  MultiHeadAttention: maker(
    [
      'num_heads',
      'in_features',
      ['qkv_features', NONE],
      ['out_features', NONE],
      '*',
      ['in_kv_features', NONE],
      ['dropout_rate', float(0)],
      ['use_bias', YES],
    ],
    runAttention,
    (read, typeName) => {
      const size = read.size('in_features', 'querySize');
      const other = read.value('in_kv_features');
      const key = !other || other.kind === 'none' ? size : read.size('in_kv_features', 'keySize');
      return attention(read, typeName, size, key, read.value('qkv_features'));
    },
  ),
  SimpleCell: cell('rnn-cell'),
  LSTMCell: cell('lstm-cell'),
  OptimizedLSTMCell: cell('lstm-cell'),
  GRUCell: cell('gru-cell'),
};

const CONTAINERS: Readonly<Record<string, TorchData['container']>> = {
  Sequential: 'sequential',
  List: 'list',
  Dict: 'dict',
};

function call(name: string, args: Arguments, host: Host): Value | undefined {
  switch (className('nnx', name)) {
    case 'RNN': {
      const read = bind(RNN, args, host);
      const [time, carry] = ['time_major', 'return_carry'].map((n) => known(read.value(n), host));
      return makeOneWay(name, read.value('cell'), time, args, host, (output, state, h) =>
        returned(carry, state, output, h),
      );
    }
    case 'Bidirectional': {
      const read = bind(
        [
          'forward_rnn',
          'backward_rnn',
          '*',
          ['merge_fn', NONE],
          ['return_carry', { kind: 'bool', value: false }],
        ],
        args,
        host,
      );
      const parts = {
        forward_rnn: read.value('forward_rnn') ?? NONE,
        backward_rnn: read.value('backward_rnn') ?? NONE,
      };
      return makeBidirectional(
        name,
        parts,
        read.value('merge_fn') ?? NONE,
        known(read.value('return_carry'), host),
        args,
        host,
      );
    }
    case 'Param':
      return makeParameter(args, host, 'flax.nnx.Parameter');
    case 'Rngs':
      return host.unknown(message('It makes random keys.'), 'rngs', args.site);
    case 'Variable':
    case 'BatchStat':
    case 'Cache':
    case 'Intermediate':
    case 'RngState':
      return args.positional[0]?.value.kind === 'tensor' ? args.positional[0].value : unknownShape(host);
    case undefined:
      return jaxFunction(name, args, host);
    default:
      return undefined;
  }
}

export function known(value: Value | undefined, host: Host): boolean | undefined {
  const answer = host.truth(value ?? NONE);
  return typeof answer === 'boolean' ? answer : undefined;
}

const dialect: Dialect = {
  id: 'flax-nnx',
  framework: 'flax-nnx',
  owns: ownsNnx,
  canonical,
  isBase: (name) => className('nnx', name) !== undefined,
  layerName: (name) => className('nnx', name),
  layers: LAYERS,
  weightless: WEIGHTLESS,
  containerKind: (layer) => CONTAINERS[layer],
  forward: '__call__',
  exports: () => undefined,
  call,
};

/** Flax nnx: sizes are written where layers are made. */
export const flaxNnx = torchLike(dialect);
