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
  fillContainer,
  makeContainer,
  runSequential,
} from './containers';
import type { Dialect } from './dialect';
import { torchFunction } from './functions';
import { dataOf, isParameter, type TorchData } from './layer';
import { torchModels } from './models';
import { gradientAttribute, moduleAttribute, ownTensor, setGradient, tensorNames } from './parameters';
import { type TensorInfo, infoOf, openSize, unknownShape, unknownSize } from './shapes';
import { noteAssigned, rowsAt } from './starts';
import { tensorItem } from './tensor-items';
import { SHAPE, tensorAttribute, tensorOperator } from './tensors';
import { noteCall, noteLayer, tracing } from './trace';

/** The plug-in of a framework that works as PyTorch does. */
export function torchLike(dialect: Dialect): FrameworkPlugin {
  return {
    id: dialect.id,
    framework: dialect.framework,
    owns: dialect.owns,
    canonical: dialect.canonical,
    call: (name, args, host) => {
      const result = call(dialect, name, args, host);
      return result && tracing(host) ? noteCall(host, name, valuesOf(args), result) : result;
    },
    callObject: (object, args, host) => {
      const result = callObject(object, args, host);
      return result && noteLayer(host, object, args.positional[0]?.value, result);
    },
    attribute: (self, name, host) =>
      gradientAttribute(self, name, host) ??
      (self.kind === 'tensor' ? ofTensor(self, name, host) : objectAttribute(self, name, host)),
    item: (self, index, host) =>
      self.kind === 'tensor'
        ? withRows(tensorItem(self, index, host), rowsAt(self, index, host))
        : self.type === SHAPE
          ? shapeItem(self, index, host)
          : containerItem(self, index, host),
    iterate: (self) =>
      self.kind === 'object' &&
      dataOf(self).container !== undefined &&
      !children(self).some((c) => c.kind === 'repeat')
        ? children(self)
        : undefined,
    operator: (op, left, right, host) => {
      const result = tensorOperator(op, left, right, host);
      return result && noteCall(host, op, [left, right], result);
    },
    isKind: (object, name) => {
      if (object.type === name) return bool(true);
      if (dialect.isBase(name) && ROOT_CLASSES.has(name.slice(name.lastIndexOf('.') + 1)))
        return bool(!isParameter(object) && object.type !== SHAPE);
      return bool(
        RNN_BASES.has(name) && ['LSTM', 'GRU', 'RNN'].includes(dialect.layerName(object.type) ?? ''),
      );
    },
    isBase: dialect.isBase,
    initBase: (instance, base, args, host) => initBase(dialect, instance, base, args, host),
    instanceAttribute: (instance, name, host) =>
      dialect.instanceAttribute?.(instance, name, host) ?? moduleAttribute(instance, name, host),
    callInstance: (instance, args, host) =>
      dialect.callInstance
        ? dialect.callInstance(instance, args, host)
        : callInstance(dialect, instance, args, host),
    attributeSet: (self, name, value, host) => {
      if (name === 'requires_grad') setGradient(self, undefined, host.truth(value) !== false, host);
    },
    tensorItemSet: (self, index, value, host) => {
      const rows = rowsAt(self, index, host);
      if (rows) noteAssigned(withRows(self, rows), value, host);
    },
    attributeDeleted: (self, name, host) => {
      if (self.draft && tensorNames(self.draft).includes(name)) host.setName(self.names, name, NONE);
    },
    tensorAttributeSet: (self, name, value, host) => {
      if (name === 'data') noteAssigned(self, value, host);
      const { owner, tensor } = infoOf(self);
      if (name === 'requires_grad' && owner) setGradient(owner, tensor, host.truth(value) !== false, host);
    },
    exports: dialect.exports,
    models: (host) => torchModels(host, dialect),
  };
}

function call(dialect: Dialect, name: string, args: Arguments, host: Host): Value | undefined {
  const own = dialect.call?.(name, args, host);
  if (own) return own;
  const layer = dialect.layerName(name);
  if (layer === undefined) return torchFunction(name, args, host);
  const made = construct(dialect, name, layer, args, host);
  return made?.kind === 'object' ? (dialect.adopt?.(made, layer, args, host) ?? made) : made;
}

/** Arguments in the order of their writing, whatever their names. */
function valuesOf(args: Arguments): Value[] {
  return [...args.positional, ...args.keywords.values()].map((a) => a.value);
}

function ofTensor(self: TensorValue, name: string, host: Host): Value | undefined {
  const found = tensorAttribute(self, name, host);
  if (found?.kind !== 'builtin' || !tracing(host)) return found;
  return builtin(name, (args) => noteCall(host, name, [self, ...valuesOf(args)], found.call(args)));
}

const ROOT_CLASSES = new Set(['Module', 'Layer', 'Cell', 'Block', 'HybridBlock']);
const SAME_PARAMETER = new Set(['to', 'cuda', 'cpu', 'float', 'contiguous']);
const RNN_BASES = new Set(['torch.nn.RNNBase', 'torch.nn.modules.rnn.RNNBase']);

/** A layer, container or unknown layer from its constructor call. */
export function construct(
  dialect: Dialect,
  name: string,
  layer: string,
  args: Arguments,
  host: Host,
): Value | undefined {
  const maker = dialect.layers[layer];
  if (maker) {
    const { draft, parts, ...data } = maker.make(layer, args, host);
    const object = host.object('pytorch', name, args.site, draft, data satisfies TorchData);
    for (const [part, value] of Object.entries(parts ?? {})) object.names.set(part, value);
    return object;
  }
  const container = dialect.containerKind(layer);
  if (container) return makeContainer(name, container, args, host);
  const weightless = dialect.weightless.get(layer);
  if (weightless) {
    const [kind, op, forward] = weightless;
    return host.object('pytorch', name, args.site, { kind, typeName: layer, op }, { forward, args });
  }
  if (ROOT_CLASSES.has(layer))
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

/** A view of a layer's own tensor remembers which rows it shows. */
function withRows(view: Value, rows: ReturnType<typeof rowsAt>): Value {
  return view.kind === 'tensor' && rows ? { ...view, data: { rows } satisfies TensorInfo } : view;
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
  const { container, forward, prepare } = dataOf(object);
  prepare?.(object, args, host);
  if (forward) return forward(object, args, host);
  if (container === 'sequential') return runSequential(object, args, host);
  host.useUnclear(object, message('How `{0}` is used is not known.', object.type));
  return unknownShape(host);
}

function objectAttribute(object: ObjectValue, name: string, host: Host): Value | undefined {
  const { container } = dataOf(object);
  const method = dataOf(object).methods?.[name];
  if (method) return builtin(name, (args) => method(object, args, host));
  const inContainer = containerAttribute(object, name, host);
  if (inContainer) return inContainer;
  if (container === undefined && object.draft) {
    if (isParameter(object)) {
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
  if (name === 'forward' || name === '__call__' || name === 'construct') return object;
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
    if (name === '_all_weights') {
      const suffixes = [...new Set(tensorNames(draft).map((t) => /_l\d+(_reverse)?$/.exec(t)?.[0] ?? ''))];
      const own = (suffix: string) => tensorNames(draft).filter((t) => t.endsWith(suffix));
      return {
        kind: 'list',
        items: suffixes.map((s) => ({ kind: 'list', items: own(s).map((t) => ({ kind: 'str', value: t })) })),
      };
    }
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

/** A user class derived from a layer or container is that as well. */
function initBase(
  dialect: Dialect,
  instance: InstanceValue,
  base: string,
  args: Arguments,
  host: Host,
): void {
  const layer = dialect.layerName(base);
  if (layer === undefined || ROOT_CLASSES.has(layer) || instance.native) return;
  const container = dialect.containerKind(layer);
  if (container) {
    const native = host.object('pytorch', base, args.site, undefined, { container } satisfies TorchData);
    // One set of names: `self.add_module` and `self.x = …` fill the container.
    instance.native = { ...native, names: instance.names };
    fillContainer(instance.native, args, host);
    return;
  }
  const made = construct(dialect, base, layer, args, host);
  if (made?.kind === 'object') instance.native = made;
}

/** `model(x)`: `forward`, when the input's shape can tell something or the forward pass is what is followed. */
function callInstance(
  dialect: Dialect,
  instance: InstanceValue,
  args: Arguments,
  host: Host,
): Value | undefined {
  const worthIt =
    host.following ||
    [...args.positional, ...args.keywords.values()].some(
      (a) => a.value.kind === 'tensor' && a.value.shape !== undefined,
    );
  if (!worthIt) return unknownShape(host);
  const forward = host.findAttribute(instance, dialect.forward, args.site);
  return forward && forward.kind !== 'unknown' ? host.call(forward, args) : undefined;
}
