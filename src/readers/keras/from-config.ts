import {
  BATCH,
  type Dim,
  SEQ_LEN,
  type Shape,
  type SourceRef,
  constant,
  message,
  parseInitialiser,
} from '../../model';
import { snakeCase } from './names';
import type { Config, ConfigValue, GraphSpec, LayerSpec, Node, Tensor } from './spec';
import { isKnownClass } from './table';

type Json = unknown;
type JsonObject = { readonly [key: string]: Json };

/** Fields that hold layers, whatever class they name. */
const LAYER_FIELDS: ReadonlySet<string> = new Set([
  'layer',
  'forward_layer',
  'backward_layer',
  'cell',
  'cells',
]);
/** Deeper nesting than this is no model. */
const MAX_DEPTH = 200;

/** Where an object of the file stands; keyed by identity, so that a parser with positions can answer. */
export type SourceOf = (json: object) => SourceRef;

/**
 * A saved configuration (`{"class_name": …, "config": …}`, of Keras 2, Keras 3 or tf.js) as a spec for the builder.
 * Undefined when it has no class name and configuration. Never throws.
 */
export function specFromConfig(json: Json, sourceOf: SourceOf): LayerSpec | undefined {
  return layerOf(json, sourceOf, 0);
}

function layerOf(json: Json, sourceOf: SourceOf, depth: number): LayerSpec | undefined {
  if (!isObject(json) || depth > MAX_DEPTH) return undefined;
  const className = own(json, 'class_name');
  const settings = own(json, 'config');
  if (typeof className !== 'string') return undefined;
  // Keras 1 and 2.0 saved a Sequential's layers as the configuration itself.
  const fields: JsonObject = Array.isArray(settings)
    ? { layers: settings }
    : isObject(settings)
      ? settings
      : {};
  const layers = own(fields, 'layers');
  const name = own(fields, 'name');
  const module = own(json, 'module');
  if (typeof module === 'string' && module.startsWith('keras.') && module.includes('.ops.')) {
    // A tensor operation of Keras 3; its shape is told by those who use it.
    const op = new Map<string, ConfigValue>([['op', snakeCase(className)]]);
    return {
      className: 'Operation',
      config: op,
      source: sourceOf(json),
      name: typeof name === 'string' ? name : (op.get('op') as string),
    };
  }
  const spec: LayerSpec = {
    className: className.includes('>') ? className.slice(className.lastIndexOf('>') + 1) : className,
    config: configOf(fields, sourceOf, depth),
    source: sourceOf(json),
    ...(typeof name === 'string' ? { name } : {}),
  };
  if (className === 'Sequential' && Array.isArray(layers)) {
    const inside = layers.map((l) => layerOf(l, sourceOf, depth + 1) ?? unreadable(l, sourceOf, spec.source));
    return { ...spec, layers: inside, config: withBuildShape(spec.config, json, fields) };
  }
  const linked =
    Array.isArray(layers) && layers.some((l) => isObject(l) && own(l, 'inbound_nodes') !== undefined);
  if (linked)
    return { ...spec, className: 'Functional', graph: graphOf(fields, layers, sourceOf, depth + 1) };
  return spec;
}

function unreadable(json: Json, sourceOf: SourceOf, fallback: SourceRef): LayerSpec {
  const source = isObject(json) ? sourceOf(json) : fallback;
  return {
    className: 'Layer',
    config: new Map(),
    source,
    opaque: message('this layer has no class name'),
  };
}

/** The shape a Sequential without InputLayer was built for. */
function withBuildShape(config: Config, json: JsonObject, fields: JsonObject): Config {
  const saved = own(json, 'build_config');
  const shape = own(fields, 'build_input_shape') ?? (isObject(saved) ? own(saved, 'input_shape') : undefined);
  const value = plain(shape);
  return Array.isArray(value) ? new Map([...config, ['batch_input_shape', value as ConfigValue]]) : config;
}

function configOf(fields: JsonObject, sourceOf: SourceOf, depth: number): Config {
  const config = new Map<string, ConfigValue>();
  for (const [field, value] of Object.entries(fields)) {
    if (field === 'layers') continue;
    const read = LAYER_FIELDS.has(field)
      ? layersIn(value, sourceOf, depth + 1)
      : valueOf(value, sourceOf, depth + 1);
    if (read !== undefined) config.set(field, read);
  }
  return config;
}

function layersIn(json: Json, sourceOf: SourceOf, depth: number): ConfigValue | undefined {
  if (json === null) return null;
  if (Array.isArray(json)) {
    const specs = json.map((j) => layerOf(j, sourceOf, depth));
    return specs.every((s) => s !== undefined) ? specs : undefined;
  }
  return layerOf(json, sourceOf, depth);
}

/** A saved value; objects become the name of their class (initialisers, functions), layers become specs. */
function valueOf(json: Json, sourceOf: SourceOf, depth: number): ConfigValue | undefined {
  if (isObject(json)) {
    const className = own(json, 'class_name');
    if (typeof className === 'string' && isKnownClass(className)) return layerOf(json, sourceOf, depth);
    if (className === '__tuple__') return valueOf(own(json, 'items'), sourceOf, depth);
    const inside = own(json, 'config');
    if (className === 'function' && typeof inside === 'string') return inside;
    return typeof className === 'string' ? withArguments(className, inside) : undefined;
  }
  if (depth > MAX_DEPTH) return undefined;
  if (Array.isArray(json)) {
    const items = json.map((j) => valueOf(j, sourceOf, depth + 1));
    return items.every((i) => i !== undefined) ? items : undefined;
  }
  return plain(json);
}

/** An initialiser's arguments belong to its name: `RandomNormal(mean=0,stddev=0.01)`. */
function withArguments(className: string, config: Json | undefined): string {
  if (!isObject(config) || parseInitialiser(className) === undefined) return className;
  const given = Object.entries(config).filter(
    ([key, v]) => (typeof v === 'number' || typeof v === 'string') && key !== 'seed' && key !== 'name',
  );
  return given.length === 0
    ? className
    : `${className}(${given.map(([k, v]) => `${k}=${String(v)}`).join(',')})`;
}

function plain(json: Json): ConfigValue | undefined {
  if (json === null || typeof json === 'boolean' || typeof json === 'number' || typeof json === 'string')
    return json;
  return Array.isArray(json) ? (json.map((j) => plain(j) ?? null) as readonly ConfigValue[]) : undefined;
}

/** A reference to output `index` of call `node` of the layer called `name`. */
interface Ref {
  readonly name: string;
  readonly node: number;
  readonly index: number;
  /** Keras 3 repeats the tensor's shape at each use. */
  readonly shape?: Shape;
}

function graphOf(fields: JsonObject, layers: readonly Json[], sourceOf: SourceOf, depth: number): GraphSpec {
  const nodes = new Map<string, Node>();
  const pending: { readonly node: { inputs: readonly Tensor[] }; readonly refs: readonly Ref[] }[] = [];
  for (const json of layers) {
    if (!isObject(json)) continue;
    const layer = layerOf(json, sourceOf, depth) ?? unreadable(json, sourceOf, sourceOf(json));
    const given = own(json, 'name') ?? layer.name;
    const name = typeof given === 'string' ? given : layer.className;
    const named: LayerSpec = { ...layer, name };
    const inbound = own(json, 'inbound_nodes');
    const calls = Array.isArray(inbound) && inbound.length > 0 ? inbound : [[]];
    calls.forEach((call: Json, i) => {
      const node = { layer: named, inputs: [] as readonly Tensor[], callConfig: callConfigOf(call) };
      nodes.set(`${i}:${name}`, node);
      pending.push({ node, refs: refsIn(call) });
    });
  }
  const tensor = (ref: Ref): Tensor | undefined => {
    const node = nodes.get(`${ref.node}:${ref.name}`);
    return node && { node, index: ref.index, shape: ref.shape };
  };
  for (const { node, refs } of pending) node.inputs = refs.map(tensor).filter((t) => t !== undefined);
  const ends = (field: string) =>
    refsIn(own(fields, field))
      .map(tensor)
      .filter((t) => t !== undefined);
  return { inputs: ends('input_layers'), outputs: ends('output_layers') };
}

/** Every reference in a call, in order: Keras 2's `[name, node, index, {…}]` and Keras 3's `keras_history`. */
function refsIn(json: Json, depth = 0): readonly Ref[] {
  if (depth > MAX_DEPTH) return [];
  if (Array.isArray(json)) {
    const [name, node, index] = json as readonly Json[];
    if (typeof name === 'string' && typeof node === 'number' && typeof index === 'number') {
      // A call's keyword arguments may hold references too (initial_state, value).
      return [{ name, node, index }, ...json.slice(3).flatMap((j) => refsIn(j, depth + 1))];
    }
    return json.flatMap((j) => refsIn(j, depth + 1));
  }
  if (!isObject(json)) return [];
  const history = own(json, 'keras_history');
  if (history !== undefined) {
    const shape = shapeIn(own(json, 'shape'));
    return refsIn(history, depth + 1).map((ref) => ({ ...ref, ...(shape ? { shape } : {}) }));
  }
  return Object.values(json).flatMap((j) => refsIn(j, depth + 1));
}

/** A saved shape; undefined when an axis that has no name here is open. */
function shapeIn(json: Json): Shape | undefined {
  if (!Array.isArray(json)) return undefined;
  const dims = json.map((d: Json, i): Dim | undefined =>
    typeof d === 'number' && Number.isSafeInteger(d)
      ? constant(d)
      : d === null
        ? [BATCH, SEQ_LEN][i]
        : undefined,
  );
  return dims.every((d) => d !== undefined) ? dims : undefined;
}

function callConfigOf(call: Json): Config {
  const kwargs = isObject(call) ? own(call, 'kwargs') : undefined;
  const config = new Map<string, ConfigValue>();
  if (!isObject(kwargs)) return config;
  for (const [field, value] of Object.entries(kwargs)) {
    const read = plain(value);
    if (read !== undefined) config.set(field, read);
  }
  return config;
}

function isObject(json: Json): json is JsonObject {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

/** A field of the file's own, never one inherited from JavaScript. */
function own(json: JsonObject, field: string): Json {
  return Object.hasOwn(json, field) ? json[field] : undefined;
}
