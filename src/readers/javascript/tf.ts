import { message, valueOf } from '../../model';
import {
  type Config,
  type LayerSpec,
  type OwnWeight,
  type Shapes,
  type Tensor,
  Collector,
  buildLayer,
  knownClasses,
} from '../keras';
import { configOf } from './config';
import type { Evaluator } from './evaluator';
import { text } from './evaluator';
import { dimOf } from './expressions';
import { specOfModel } from './models';
import { shapeValue } from './shape';
import {
  type ClassValue,
  type ModelRecord,
  type ObjectValue,
  type Site,
  UNDEFINED,
  type Value,
} from './values';

/** Factory names (`lstm`, `convLstm2d`) → Keras' class names. */
const CLASSES: ReadonlyMap<string, string> = new Map(
  knownClasses().map((name) => [name.toLowerCase(), name]),
);
const NOT_LAYERS = new Set(['input', 'sequential', 'model', 'functional', 'operation']);

/** Calls a name of TensorFlow.js. */
export function callTf(E: Evaluator, path: string, args: readonly Value[], site: Site): Value {
  const options = args[0]?.kind === 'object' ? args[0] : undefined;
  switch (path) {
    case 'sequential':
    case 'Sequential':
      return newSequential(E, options, site);
    case 'model':
    case 'LayersModel':
      return newFunctional(E, options, site);
    case 'input':
    case 'layers.input':
      return input(E, options, site);
    case 'tidy':
      return E.parts.call(E, args.at(-1) ?? UNDEFINED, [], site);
    default:
      break;
  }
  if (path.startsWith('layers.')) return newLayer(E, path.slice('layers.'.length), options, args, site);
  if (path.startsWith('initializers.'))
    return text(initialiserText(path.slice('initializers.'.length), options));
  for (const arg of args) if (arg.kind === 'function') E.later.push(arg);
  const name = `tf.${path}()`;
  return E.unknown(name, message('What `{0}` gives is not known.', name), site);
}

/** An initialiser with its numbers, `randomNormal(stddev=0.01)`; a number that is not known leaves the text unreadable. */
function initialiserText(name: string, options: ObjectValue | undefined): string {
  const fields = [...(options?.fields ?? [])].filter(([field]) => field !== 'seed');
  if (fields.length === 0) return name;
  const shown = fields.map(([field, value]) => `${field}=${numberOf(value) ?? '?'}`);
  return `${name}(${shown.join(',')})`;
}

function numberOf(value: Value): number | undefined {
  if (value.kind !== 'number') return undefined;
  return value.float ?? (value.dim === undefined ? undefined : valueOf(value.dim));
}

function newSequential(E: Evaluator, options: ObjectValue | undefined, site: Site): Value {
  const layers = options?.fields.get('layers');
  const specs = layers?.kind === 'array' ? layers.items.map((l) => specOf(E, l, site)) : [];
  return record(
    E,
    { form: 'sequential', source: site.file.ref(site.node), layers: specs, inputs: [], outputs: [] },
    options,
  );
}

function newFunctional(E: Evaluator, options: ObjectValue | undefined, site: Site): Value {
  const ends = (field: string): Tensor[] => tensorsIn(options?.fields.get(field)) ?? [];
  const [inputs, outputs] = [ends('inputs'), ends('outputs')];
  if (outputs.length === 0)
    return E.unknown('model', message('The outputs of this model cannot be worked out.'), site);
  return record(
    E,
    { form: 'functional', source: site.file.ref(site.node), layers: [], inputs, outputs },
    options,
  );
}

function record(E: Evaluator, made: ModelRecord, options: ObjectValue | undefined): Value {
  const given = options?.fields.get('name');
  const name = given?.kind === 'string' ? given.value : E.stack.findLast((s) => s !== '');
  if (name !== undefined) made.name = name;
  E.models.push(made);
  return { kind: 'model', model: made };
}

/** Every tensor in a value, in order; undefined when something else is among them. */
function tensorsIn(value: Value | undefined): Tensor[] | undefined {
  if (value?.kind === 'tensor') return [value.tensor];
  if (value?.kind !== 'array') return undefined;
  const found = value.items.map((v) => tensorsIn(v));
  return found.every((t) => t !== undefined) ? found.flat() : undefined;
}

function input(E: Evaluator, options: ObjectValue | undefined, site: Site): Value {
  const { config } = configOf(E, options);
  const name = config.get('name');
  const layer: LayerSpec = {
    className: 'InputLayer',
    config,
    source: site.file.ref(site.node),
    ...(typeof name === 'string' ? { name } : {}),
  };
  return tensorOf(layer, [], new Map(), site)[0]!;
}

function newLayer(
  E: Evaluator,
  factory: string,
  options: ObjectValue | undefined,
  args: readonly Value[],
  site: Site,
): Value {
  const lower = factory.toLowerCase();
  const className = NOT_LAYERS.has(lower) ? undefined : CLASSES.get(lower);
  const { config, facts } = configOf(E, options);
  const name = config.get('name');
  const spec: LayerSpec = {
    className: className ?? factory,
    config,
    source: site.file.ref(site.node),
    ...(typeof name === 'string' ? { name } : {}),
    facts,
    ...(className ? {} : { opaque: message('`tf.layers.{0}` is not known here.', factory) }),
  };
  if (args.length > 0 && !options && args[0]!.kind === 'unknown') {
    const reason = message('The configuration of `{0}` cannot be worked out.', site.file.brief(site.node));
    return { kind: 'layer', spec: { ...spec, opaque: reason, dependsOn: [E.declare(args[0]!)] } };
  }
  return { kind: 'layer', spec };
}

/** A layer spec from a value that stands where a layer is expected. */
export function specOf(E: Evaluator, value: Value, site: Site): LayerSpec {
  if (value.kind === 'layer') return value.spec;
  if (value.kind === 'model') return specOfModel(value.model);
  const reason = value.kind === 'unknown' ? value.reason : message('This is not a layer.');
  const dependsOn = value.kind === 'unknown' ? [E.declare(value)] : [];
  return {
    className: 'Layer',
    config: new Map(),
    source: site.file.ref(site.node),
    opaque: reason,
    dependsOn,
  };
}

/** Adds a node to the graph; one value per output. */
function tensorOf(layer: LayerSpec, inputs: readonly Tensor[], callConfig: Config, site: Site): Value[] {
  const node = { layer, inputs, callConfig, source: site.file.ref(site.node) };
  const shapes = buildLayer(
    layer,
    'layer',
    inputs.map((t) => t.shape),
    new Collector('tfjs'),
  ).outputs;
  return shapes.map((shape, index): Value => ({ kind: 'tensor', tensor: { node, index, shape } }));
}

function apply(layer: LayerSpec, args: readonly Value[], site: Site): Value {
  const [first, options] = args;
  const given = first && tensorsIn(first);
  const states = options?.kind === 'object' ? tensorsIn(options.fields.get('initialState')) : undefined;
  const inputs = [...(given ?? [untraced(site)]), ...(states ?? [])];
  const outputs = tensorOf(layer, inputs, new Map(), site);
  return outputs.length === 1 ? outputs[0]! : { kind: 'array', items: outputs };
}

/** Stands for an input that is no tensor of a graph. */
function untraced(site: Site): Tensor {
  const layer: LayerSpec = {
    className: 'Operation',
    config: new Map(),
    source: site.file.ref(site.node),
    name: 'input',
  };
  return { node: { layer, inputs: [] }, index: 0, shape: undefined };
}

/** What a layer offers. */
export function layerMember(
  E: Evaluator,
  object: Value & { kind: 'layer' },
  name: string,
  site: Site,
): Value {
  if (name === 'apply') {
    return { kind: 'native', name, call: (args, at) => apply(ownSpec(E, object, args, at), args, at) };
  }
  const field = object.own?.fields.get(name);
  if (field) return field;
  return E.unknown(
    site.file.brief(site.node),
    message('`{0}` cannot be worked out.', site.file.brief(site.node)),
    site,
  );
}

/** What a model offers. */
export function modelMember(E: Evaluator, model: ModelRecord, name: string, site: Site): Value {
  switch (name) {
    case 'add':
      return {
        kind: 'native',
        name,
        call: ([layer], at) => {
          E.push(model.layers, specOf(E, layer ?? UNDEFINED, at));
          return UNDEFINED;
        },
      };
    case 'apply':
      return { kind: 'native', name, call: (args, at) => apply(specOfModel(model), args, at) };
    case 'inputs':
    case 'outputs':
      return { kind: 'array', items: model[name].map((tensor): Value => ({ kind: 'tensor', tensor })) };
    case 'input':
    case 'output': {
      const tensor = model[`${name}s`][0];
      if (tensor) return { kind: 'tensor', tensor };
      break;
    }
    case 'compile':
    case 'summary':
      return { kind: 'native', name, call: () => UNDEFINED };
    default:
      break;
  }
  return E.unknown(
    site.file.brief(site.node),
    message('`{0}` cannot be worked out.', site.file.brief(site.node)),
    site,
  );
}

/** A layer of the user's own class (`extends tf.layers.Layer`). */
export function makeOwnLayer(
  E: Evaluator,
  cls: ClassValue,
  own: ObjectValue,
  args: readonly Value[],
  site: Site,
): Value {
  const options = args[0]?.kind === 'object' ? args[0] : undefined;
  const { config } = configOf(E, options);
  const name = config.get('name');
  const spec: LayerSpec = {
    className: cls.name,
    config,
    source: site.file.ref(site.node),
    ...(typeof name === 'string' ? { name } : {}),
  };
  return { kind: 'layer', spec, own };
}

const ownSpecs = new WeakMap<LayerSpec, LayerSpec>();

/** Runs `build` and `computeOutputShape` of the user's class on the shape of the first call. */
function ownSpec(
  E: Evaluator,
  layer: Value & { kind: 'layer' },
  args: readonly Value[],
  site: Site,
): LayerSpec {
  const { own, spec } = layer;
  const cls = own?.cls;
  if (!own || !cls) return spec;
  const known = ownSpecs.get(spec);
  if (known) return known;
  const inputs = (args[0] && tensorsIn(args[0])) ?? [];
  const method = (name: string) => cls.methods.get(name);
  const shape =
    inputs.length > 1
      ? ({ kind: 'array', items: inputs.map((t) => shapeValue(t.shape)) } as Value)
      : shapeValue(inputs[0]?.shape);
  const weights: OwnWeight[] = [];
  let clear = ![...own.fields.values()].some((v) => v.kind === 'layer' || v.kind === 'model');
  own.fields.set('addWeight', {
    kind: 'native',
    name: 'addWeight',
    call: ([name, dims, , , , trainable], at) => {
      const read = dims?.kind === 'array' ? dims.items.map((d) => dimOf(E, d)) : [undefined];
      if (read.every((d) => d !== undefined)) {
        weights.push({
          name: name?.kind === 'string' ? name.value : `weight_${weights.length}`,
          shape: read,
          trainable: !(trainable?.kind === 'bool' && !trainable.value),
          source: at.file.ref(at.node),
        });
      } else clear = false;
      return E.unknown('weight', message('The values of a weight are not known.'), at);
    },
  });
  const build = method('build');
  if (build) E.parts.call(E, { ...build, self: own }, [shape], site);
  const compute = method('computeOutputShape');
  const reason = message('`{0}` keeps layers inside, or weights whose shape cannot be worked out.', cls.name);
  const result: LayerSpec = {
    ...spec,
    ...(clear ? { ownWeights: weights } : { opaque: reason }),
    ...(compute
      ? { outputOf: (shapes: Shapes): Shapes => [outputOf(E, { ...compute, self: own }, shapes, site)] }
      : {}),
  };
  ownSpecs.set(spec, result);
  return result;
}

function outputOf(E: Evaluator, compute: Value, shapes: Shapes, site: Site): Shapes[number] {
  const arg: Value =
    shapes.length > 1 ? { kind: 'array', items: shapes.map(shapeValue) } : shapeValue(shapes[0]);
  const result = E.parts.call(E, compute, [arg], site);
  if (result.kind !== 'array') return undefined;
  const input = shapes[0];
  const dims = result.items.map((item, i) => (item.kind === 'null' ? input?.[i] : dimOf(E, item)));
  return dims.every((d) => d !== undefined) ? dims : undefined;
}
