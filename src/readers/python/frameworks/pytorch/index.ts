import { message, valueOf } from '../../../../model';
import type { Host } from '../../evaluate/host';
import { bool, builtin, int, tuple } from '../../evaluate/make';
import {
  NONE,
  type Arguments,
  type InstanceValue,
  type ObjectValue,
  type TensorValue,
  type Value,
} from '../../evaluate/values';
import type { FrameworkPlugin } from '../types';
import {
  children,
  containerAttribute,
  containerItem,
  containerKind,
  fillContainer,
  makeContainer,
  runSequential,
} from './containers';
import { torchFunction } from './functions';
import { dataOf, type TorchData } from './layer';
import { LAYERS } from './layers';
import { pytorchModels } from './models';
import { canonical, exportsOf, isModuleBase, layerName, owns } from './names';
import { makeParameter, moduleAttribute, ownTensor, setGradient, tensorNames } from './parameters';
import { RECURRENT } from './recurrent';
import { infoOf, openSize, tensorArgument, unknownShape, unknownSize } from './shapes';
import { tensorItem } from './tensor-items';
import { SHAPE, tensorAttribute, tensorOperator } from './tensors';
import { makeStack, makeTransformer } from './transformer';
import { WEIGHTLESS } from './weightless';

/** PyTorch (and Lightning, whose modules are PyTorch's). */
export const pytorch: FrameworkPlugin = {
  id: 'pytorch',
  framework: 'pytorch',
  owns,
  canonical,
  call,
  callObject,
  attribute: (self, name, host) =>
    self.kind === 'tensor' ? tensorAttribute(self, name, host) : objectAttribute(self, name, host),
  item: (self, index, host) =>
    self.kind === 'tensor'
      ? tensorItem(self, index, host)
      : self.type === SHAPE
        ? shapeItem(self, index, host)
        : containerItem(self, index, host),
  iterate: (self) =>
    self.kind === 'object' &&
    dataOf(self).container !== undefined &&
    !children(self).some((c) => c.kind === 'repeat')
      ? children(self)
      : undefined,
  operator: tensorOperator,
  isKind: (object, name) => {
    if (object.type === name) return bool(true);
    if (name === 'torch.nn.Module')
      return bool(object.type !== 'torch.nn.Parameter' && object.type.startsWith('torch.nn.'));
    return bool(
      RNN_BASES.has(name) &&
        layerName(object.type) !== undefined &&
        ['LSTM', 'GRU', 'RNN'].includes(layerName(object.type)!),
    );
  },
  isBase: isModuleBase,
  initBase,
  instanceAttribute: (instance, name, host) => moduleAttribute(instance, name, host),
  callInstance,
  attributeSet: (self, name, value, host) => {
    if (name === 'requires_grad') setGradient(self, undefined, host.truth(value) !== false, host);
  },
  tensorAttributeSet: (self, name, value, host) => {
    const { owner, tensor } = infoOf(self);
    if (name === 'requires_grad' && owner) setGradient(owner, tensor, host.truth(value) !== false, host);
  },
  exports: exportsOf,
  models: pytorchModels,
};

const SAME_PARAMETER = new Set(['to', 'cuda', 'cpu', 'float', 'contiguous', 'requires_grad_']);
const RNN_BASES = new Set(['torch.nn.RNNBase', 'torch.nn.modules.rnn.RNNBase']);

function call(name: string, args: Arguments, host: Host): Value | undefined {
  const layer = layerName(name);
  if (layer !== undefined) return construct(name, layer, args, host);
  if (name === 'torch.nn.Parameter') return makeParameter(args, host);
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
  if (name.startsWith('torch.nn.init.')) return args.positional[0]?.value ?? NONE;
  if (
    name === 'torch.device' ||
    name.startsWith('torch.cuda.') ||
    name.startsWith('torch.manual_seed') ||
    name.startsWith('torch.backends')
  )
    return undefined;
  return torchFunction(name, args, host);
}

function construct(name: string, layer: string, args: Arguments, host: Host): Value | undefined {
  const maker = RECURRENT[layer] ?? LAYERS[layer];
  if (maker) {
    const { draft, forward } = maker.make(layer, args, host);
    return host.object('pytorch', name, args.site, draft, { forward } satisfies TorchData);
  }
  const container = containerKind(layer);
  if (container) return makeContainer(name, container, args, host);
  const weightless = WEIGHTLESS.get(layer);
  if (weightless) {
    const [kind, op, forward] = weightless;
    return host.object('pytorch', name, args.site, { kind, typeName: layer, op }, { forward, args });
  }
  if (layer === 'TransformerEncoder' || layer === 'TransformerDecoder') return makeStack(name, args, host);
  if (layer === 'Transformer') return makeTransformer(args, host);
  if (layer === 'Parameter') return makeParameter(args, host);
  if (layer === 'DataParallel') return args.positional[0]?.value;
  if (layer === 'Module')
    return host.object('pytorch', name, args.site, undefined, { container: 'dict' } satisfies TorchData);
  const reason = message('`{0}` is not a layer whose weights are known here.', name);
  return host.object(
    'pytorch',
    name,
    args.site,
    { kind: 'unknown', typeName: layer, reason, dependsOn: [] },
    {},
  );
}

/** One size out of `x.shape` of an input that has none yet. */
function shapeItem(object: ObjectValue, index: Value, host: Host): Value {
  const { tensor } = object.data as { tensor: TensorValue };
  if (tensor.shape) return host.item(tuple(tensor.shape.map((d) => int(d))), index, object.site);
  const axis = index.kind === 'int' ? valueOf(index.dim) : undefined;
  return axis !== undefined && Math.abs(axis) < 8
    ? int(openSize(tensor, axis))
    : unknownSize(host, tensor.why, 'shape');
}

function callObject(object: ObjectValue, args: Arguments, host: Host): Value | undefined {
  const { container, forward } = dataOf(object);
  if (forward) return forward(object, args, host);
  if (container === 'sequential') return runSequential(object, args, host);
  host.useUnclear(object, message('How `{0}` is used is not known.', object.type));
  return unknownShape(host);
}

function objectAttribute(object: ObjectValue, name: string, host: Host): Value | undefined {
  const { container } = dataOf(object);
  const inContainer = containerAttribute(object, name, host);
  if (inContainer) return inContainer;
  if (container === undefined && object.draft) {
    if (object.type === 'torch.nn.Parameter') {
      const tensor: TensorValue = {
        kind: 'tensor',
        ...(object.draft.kind === 'parameter' && { shape: object.draft.shape }),
        data: { owner: object, tensor: '*', parameter: true },
      };
      if (name === 'data') return tensor;
      // On the CPU, where counts are taken, these give the parameter itself.
      if (SAME_PARAMETER.has(name)) return builtin(name, () => object);
      return tensorAttribute(tensor, name, host);
    }
    const size = constructorAttribute(object, name);
    if (size) return size;
    if (tensorNames(object.draft).includes(name)) return ownTensor(object, name);
    if (name === 'bias') return NONE;
  }
  if (name === 'forward' || name === '__call__') return object;
  return moduleAttribute(object, name, host);
}

/** `layer.out_features` and the other sizes that layers remember. */
function constructorAttribute(object: ObjectValue, name: string): Value | undefined {
  const draft = object.draft!;
  const fields: Readonly<Record<string, string>> = {
    in_features: 'inputSize',
    out_features: 'outputSize',
    input_size: 'inputSize',
    hidden_size: 'hiddenSize',
    num_layers: 'numLayers',
    embedding_dim: 'embeddingSize',
    num_embeddings: 'vocabularySize',
    in_channels: 'inputChannels',
    out_channels: 'outputChannels',
    num_features: 'features',
    proj_size: 'projSize',
    embed_dim: 'querySize',
    num_heads: 'numHeads',
    groups: 'groups',
  };
  const field = fields[name];
  const value = field === undefined ? undefined : (draft as unknown as Record<string, unknown>)[field];
  if (value !== undefined && typeof value === 'object') return { kind: 'int', dim: value as never };
  if (draft.kind === 'rnn' || draft.kind === 'lstm' || draft.kind === 'gru') {
    if (name === 'batch_first' && draft.batchFirst !== undefined) return bool(draft.batchFirst);
    if (name === 'bidirectional')
      return draft.directions.terms.get('')?.coefficient === 2n && draft.directions.terms.size === 1
        ? bool(true)
        : draft.directions.terms.size === 1
          ? bool(false)
          : undefined;
    if (name === 'all_weights') return { kind: 'list', items: [] };
    if (name === 'mode') return { kind: 'str', value: draft.kind.toUpperCase() };
  }
  if (
    (draft.kind === 'conv' || draft.kind === 'conv-transpose') &&
    (name === 'kernel_size' || name === 'stride')
  ) {
    return {
      kind: 'tuple',
      items: (name === 'stride' ? draft.stride : draft.kernelSize).map((dim) => ({ kind: 'int', dim })),
    };
  }
  return undefined;
}

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

/** A user class derived from a layer or container is that as well. */
function initBase(instance: InstanceValue, base: string, args: Arguments, host: Host): void {
  const layer = layerName(base);
  if (layer === undefined || layer === 'Module' || instance.native) return;
  const container = containerKind(layer);
  if (container) {
    const native = host.object('pytorch', base, args.site, undefined, { container } satisfies TorchData);
    // One set of names: `self.add_module` and `self.x = …` fill the container.
    instance.native = { ...native, names: instance.names };
    fillContainer(instance.native, args, host);
    return;
  }
  const made = construct(base, layer, args, host);
  if (made?.kind === 'object') instance.native = made;
}

/** `model(x)`: `forward`, when the input's shape can tell something or the forward pass is what is followed. */
function callInstance(instance: InstanceValue, args: Arguments, host: Host): Value | undefined {
  const worthIt =
    host.following ||
    [...args.positional, ...args.keywords.values()].some(
      (a) => a.value.kind === 'tensor' && a.value.shape !== undefined,
    );
  if (!worthIt) return unknownShape(host);
  const forward = host.findAttribute(instance, 'forward', args.site);
  return forward && forward.kind !== 'unknown' ? host.call(forward, args) : undefined;
}
