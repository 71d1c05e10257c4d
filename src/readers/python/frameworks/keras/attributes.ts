import { type Dim, add, constant, floorDiv, max, min, message, sub, valueOf } from '../../../../model';
import type { Host } from '../../evaluate/host';
import { builtin, int } from '../../evaluate/make';
import {
  NONE,
  type Arguments,
  type ObjectValue,
  type SliceValue,
  type TensorValue,
  type Value,
} from '../../evaluate/values';
import { operation } from './calls';
import { type KerasNode, dataOf, isCallable, kerasOf } from './data';
import { shapeTuple } from './shapes';

/** Attributes and methods of layers, models and tensors of a graph. */
export function attributeOf(self: ObjectValue | TensorValue, name: string, host: Host): Value | undefined {
  if (self.kind === 'tensor') return tensorAttribute(self, name, host);
  const data = dataOf(self);
  if (!data) return undefined;
  const set = self.names.get(name);
  if (set) return set;
  switch (name) {
    case 'output':
      return self.names.get('%output') ?? (data.kind === 'functional' ? single(data.outputs) : undefined);
    case 'input':
      return self.names.get('%input') ?? (data.kind === 'functional' ? single(data.inputs) : undefined);
    case 'outputs':
    case 'inputs':
      return data.kind === 'functional' ? { kind: 'list', items: [...data[name]] } : undefined;
    case 'layers':
      return { kind: 'list', items: layersOf(self) };
    case 'output_shape': {
      const output = self.names.get('%output');
      return output?.kind === 'tensor' ? shapeTuple(output.shape, host) : undefined;
    }
    case 'add':
      return builtin(name, (args) => {
        const layer = args.positional[0]?.value;
        if (data.kind === 'sequential' && layer) host.setItems(data.layers, [...data.layers.items, layer]);
        return NONE;
      });
    case 'pop':
      return builtin(name, () => {
        if (data.kind === 'sequential') host.setItems(data.layers, data.layers.items.slice(0, -1));
        return NONE;
      });
    case 'get_layer':
      return builtin(name, (args) => getLayer(self, args, host));
    case 'compile':
    case 'summary':
    case 'fit':
    case 'adapt':
    case 'reset_states':
    case 'load_weights':
    case 'save':
      return builtin(name, () => NONE);
    case 'build':
      return builtin(name, (args) => {
        const shape = args.positional[0]?.value ?? args.keywords.get('input_shape')?.value;
        if (shape) host.setName(self.names, '%input_shape', shape);
        return NONE;
      });
    case 'get_vocabulary':
    case 'vocabulary_size':
      return builtin(name, (args) => vocabularyOf(name, args, host));
    case 'trainable':
      return { kind: 'bool', value: true };
    case 'name':
      return data.name === undefined ? undefined : { kind: 'str', value: data.name };
    default:
      return data.kind === 'layer' ? data.fields.get(name) : undefined;
  }
}

/** A lookup layer's vocabulary, which `adapt` measures. */
function vocabularyOf(name: string, args: Arguments, host: Host): Value {
  const reason = message('The vocabulary comes from data.');
  return host.unknown(reason, name === 'vocabulary_size' ? 'vocabulary_size' : 'vocabulary', args.site, {
    named: true,
    numeric: name === 'vocabulary_size',
  });
}

function single(tensors: readonly TensorValue[]): Value {
  return tensors.length === 1 ? tensors[0]! : { kind: 'list', items: [...tensors] };
}

/** A model's layers in the order in which they are first used. */
export function layersOf(model: ObjectValue): Value[] {
  const data = dataOf(model);
  if (data?.kind === 'sequential') return [...data.layers.items];
  if (data?.kind !== 'functional') return [];
  const found: Value[] = [];
  const seen = new Set<KerasNode>();
  const visit = (tensor: TensorValue, depth: number): void => {
    const node = kerasOf(tensor)?.node;
    if (!node || seen.has(node) || depth > 400) return;
    seen.add(node);
    node.inputs.forEach((t) => visit(t, depth + 1));
    if (node.maker.kind !== 'operation' && !found.includes(node.maker)) found.push(node.maker);
  };
  [...data.inputs, ...data.outputs].forEach((t) => visit(t, 0));
  return found;
}

function getLayer(model: ObjectValue, args: Arguments, host: Host): Value {
  const wanted = args.keywords.get('name')?.value ?? args.positional[0]?.value;
  const index = args.keywords.get('index')?.value;
  const layers = layersOf(model);
  const byName =
    wanted?.kind === 'str'
      ? layers.find((l) => isCallable(l) && dataOf(l) && nameOf(l) === wanted.value)
      : undefined;
  const at = index ?? (wanted?.kind === 'int' ? wanted : undefined);
  const position = at && valueOf(host.dim(at) ?? constant(-1));
  const byIndex = position === undefined ? undefined : layers.at(position);
  return (
    byName ?? byIndex ?? host.unknown(message('This layer cannot be found by its name.'), 'layer', args.site)
  );
}

function nameOf(layer: ObjectValue): string | undefined {
  const data = dataOf(layer);
  return data && 'name' in data ? data.name : undefined;
}

function tensorAttribute(self: TensorValue, name: string, host: Host): Value | undefined {
  if (!kerasOf(self)) return undefined;
  switch (name) {
    case 'shape':
    case '_keras_shape':
      return shapeTuple(self.shape, host);
    case 'get_shape':
      return builtin(name, () => shapeTuple(self.shape, host));
    case 'as_list':
      return builtin(name, () => shapeTuple(self.shape, host));
    case 'ndim':
      return self.shape ? int(self.shape.length) : undefined;
    case 'assign':
    case 'assign_add':
      return builtin(name, () => self);
    default:
      return undefined;
  }
}

/** `tensor[:, -1, :]`: a node of its own. */
export function itemOf(self: ObjectValue | TensorValue, index: Value, host: Host): Value | undefined {
  if (self.kind !== 'tensor' || !kerasOf(self)) return undefined;
  const parts = index.kind === 'tuple' ? index.items : [index];
  const site = kerasOf(self)?.node?.site ?? { text: host.main.text, from: 0, to: 0 };
  return operation('getitem', [self], ([shape]) => [shape && picked(shape, parts, host)], site, host)[0];
}

function picked(shape: readonly Dim[], parts: readonly Value[], host: Host): readonly Dim[] | undefined {
  const named = parts.filter((p) => p.kind !== 'none').length;
  const result: Dim[] = [];
  let at = 0;
  for (const part of parts) {
    if (part.kind === 'none' && part.ellipsis) {
      const skip = shape.length - named;
      result.push(...shape.slice(at, at + skip));
      at += skip;
    } else if (part.kind === 'none') {
      result.push(constant(1));
    } else if (at >= shape.length) {
      return undefined;
    } else if (part.kind === 'slice') {
      const length = sliced(shape[at++]!, part, host);
      if (!length) return undefined;
      result.push(length);
    } else if (part.kind === 'int' || part.kind === 'unknown') {
      at++;
    } else {
      return undefined;
    }
  }
  return [...result, ...shape.slice(at)];
}

function sliced(size: Dim, slice: SliceValue, host: Host): Dim | undefined {
  const bound = (v: Value) => (v.kind === 'none' ? null : host.dim(v));
  const [lower, upper, step] = [bound(slice.lower), bound(slice.upper), bound(slice.step)];
  if (lower === undefined || upper === undefined || step === undefined) return undefined;
  const by = step === null ? 1 : valueOf(step);
  if (!by) return undefined;
  const place = (d: Dim | null, fallback: Dim): Dim => {
    if (d === null) return fallback;
    const n = valueOf(d);
    if (n !== undefined && n < 0) return add(size, n);
    return n === 0 || valueOf(size) === undefined ? d : min(d, size);
  };
  const span = sub(place(upper, size), place(lower, constant(0)));
  const length = valueOf(span) === undefined ? span : max(span, 0);
  return Math.abs(by) === 1 ? length : floorDiv(add(length, Math.abs(by) - 1), Math.abs(by));
}
