import { message } from '../../../../model';
import type { Host } from '../../evaluate/host';
import { NONE, type Arguments, type Value } from '../../evaluate/values';
import { containerKind } from './containers';
import type { Dialect } from './dialect';
import type { TorchData } from './layer';
import { LAYERS } from './layers';
import { canonical, exportsOf, isModuleBase, layerName, owns } from './names';
import { makeParameter } from './parameters';
import { torchLike } from './plugin';
import { RECURRENT } from './recurrent';
import { tensorArgument } from './shapes';
import { noteInitCall } from './starts';
import { makeStack, makeTransformer } from './transformer';
import { WEIGHTLESS } from './weightless';

const dialect: Dialect = {
  id: 'pytorch',
  framework: 'pytorch',
  owns,
  canonical,
  isBase: isModuleBase,
  layerName,
  layers: { ...LAYERS, ...RECURRENT },
  weightless: WEIGHTLESS,
  containerKind,
  forward: 'forward',
  exports: exportsOf,
  call,
};

/** PyTorch (and Lightning, whose modules are PyTorch's). */
export const pytorch = torchLike(dialect);

function call(name: string, args: Arguments, host: Host): Value | undefined {
  const layer = layerName(name);
  if (layer === 'TransformerEncoder' || layer === 'TransformerDecoder') return makeStack(name, args, host);
  if (layer === 'Transformer') return makeTransformer(args, host);
  if (layer === 'DataParallel') return args.positional[0]?.value;
  if (layer === 'Parameter') return makeParameter(args, host);
  if (
    name.endsWith('.from_pretrained') &&
    (name.startsWith('torch.nn.Embedding.') || name.startsWith('torch.nn.EmbeddingBag.'))
  )
    return fromPretrained(args, host);
  if (name.endsWith('.weight_norm')) return weightNorm(args, host);
  if (
    name.endsWith('.spectral_norm') ||
    name.endsWith('.remove_weight_norm') ||
    name === 'torch.jit.script' ||
    name === 'torch.compile' ||
    name === 'torch.nn.DataParallel'
  )
    return args.positional[0]?.value;
  if (name === 'torch.nn.init.calculate_gain') return gain(args, host);
  if (name.startsWith('torch.nn.init.')) {
    noteInitCall(name, args, host);
    return args.positional[0]?.value ?? NONE;
  }
  return undefined;
}

/** `nn.init.calculate_gain('tanh')` */
function gain(args: Arguments, host: Host): Value {
  const name = args.positional[0]?.value ?? args.keywords.get('nonlinearity')?.value;
  const known = name?.kind === 'str' && args.positional.length === 1 ? GAINS.get(name.value) : undefined;
  return known === undefined
    ? host.unknown(message('The gain of this nonlinearity is not known.'), 'gain', args.site)
    : { kind: 'float', value: known };
}

const GAINS: ReadonlyMap<string, number> = new Map([
  ['linear', 1],
  ['sigmoid', 1],
  ['tanh', 5 / 3],
  ['relu', Math.SQRT2],
  ['leaky_relu', Math.sqrt(2 / (1 + 0.01 ** 2))],
  ['selu', 3 / 4],
]);

/** `nn.Embedding.from_pretrained(vectors, freeze=True)`: the size of the given matrix. */
function fromPretrained(args: Arguments, host: Host): Value {
  const vectors = tensorArgument(args, 0, 'embeddings');
  const given = args.positional[0]?.value ?? args.keywords.get('embeddings')?.value;
  const shape = vectors?.shape;
  const freeze = args.positional[1]?.value ?? args.keywords.get('freeze')?.value;
  const maker = LAYERS.Embedding!;
  const size = (i: number): Value =>
    shape?.[i]
      ? { kind: 'int', dim: shape[i] }
      : given?.kind === 'unknown'
        ? host.derive(given, `.shape[${i}]`, args.site)
        : host.unknown(
            message('The shape of the pretrained vectors is not known.'),
            `vectors.shape[${i}]`,
            args.site,
          );
  const { draft, forward } = maker.make(
    'Embedding',
    {
      positional: [0, 1].map((i) => ({ value: size(i), site: args.positional[0]?.site ?? args.site })),
      keywords: new Map(),
      site: args.site,
    },
    host,
  );
  const object = host.object('pytorch', 'torch.nn.Embedding', args.site, draft, {
    forward,
  } satisfies TorchData);
  const frozen = freeze ? host.truth(freeze) : true;
  if (frozen === true) object.names.set('%frozen', NONE);
  return object;
}

/** `weight_norm(module, name='weight', dim=0)` splits a weight into direction and length. */
function weightNorm(args: Arguments, host: Host): Value {
  const module = args.positional[0]?.value ?? args.keywords.get('module')?.value ?? NONE;
  const name = args.positional[1]?.value ?? args.keywords.get('name')?.value;
  const dim = args.positional[2]?.value ?? args.keywords.get('dim')?.value;
  if (module.kind === 'object')
    host.setName(
      module.names,
      `%norm:${name?.kind === 'str' ? name.value : 'weight'}`,
      dim ?? { kind: 'int', dim: host.dim({ kind: 'bool', value: false })! },
    );
  return module;
}
