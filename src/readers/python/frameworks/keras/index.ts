import { message } from '../../../../model';
import type { Host } from '../../evaluate/host';
import { bool, builtin } from '../../evaluate/make';
import {
  NONE,
  type Arguments,
  type InstanceValue,
  type ObjectValue,
  type Value,
} from '../../evaluate/values';
import type { FrameworkPlugin } from '../types';
import { attributeOf, itemOf } from './attributes';
import { addNode, callMaker } from './calls';
import { dataOf, isCallable } from './data';
import { makeFunctional, makeInput, makeLayer, makeSequential } from './layers';
import { kerasModels } from './models';
import { canonical, exportsOf, isBase, layerClass, owns, plainName } from './names';
import { tensorFunction, tensorOperator } from './ops';
import { OwnGraphs } from './own';
import { addWeight, makeVariable } from './weights';

const graphs = new WeakMap<Host, OwnGraphs>();

function graphsOf(host: Host): OwnGraphs {
  let own = graphs.get(host);
  if (!own) graphs.set(host, (own = new OwnGraphs()));
  return own;
}

/** Keras, alone or inside TensorFlow. */
export const keras: FrameworkPlugin = {
  id: 'keras',
  framework: 'keras',
  owns,
  canonical,
  call,
  callObject,
  attribute: attributeOf,
  item: itemOf,
  operator: tensorOperator,
  isKind: (object, name) => {
    const wanted = layerClass(name);
    const data = dataOf(object);
    if (data?.kind === 'layer' && wanted) return bool(data.className === wanted);
    return plainName(name) === 'keras.layers.Layer' ? bool(isCallable(object)) : undefined;
  },
  isBase,
  initBase,
  instanceAttribute,
  callInstance: (instance, args, host) => callMaker(instance, args, host, graphsOf(host)),
  exports: exportsOf,
  models: (host) => kerasModels(host, graphsOf(host)),
};

function call(name: string, args: Arguments, host: Host): Value | undefined {
  const plain = plainName(name);
  const className = layerClass(name);
  if (className !== undefined) return makeLayer(className, name, args, host);
  switch (plain) {
    case 'keras.Input':
      return addNode({ maker: makeInput(args, host), inputs: [], site: args.site }, host, graphsOf(host))[0];
    case 'keras.Sequential':
      return makeSequential(args, host);
    case 'keras.Model':
    case 'keras.Functional':
      return makeFunctional(args, host);
    case 'tensorflow.Variable':
    case 'keras.Variable':
      return makeVariable(args, host);
    case 'keras.activations.get':
      // A function that keeps shapes, whatever its name.
      return builtin('activation', (given) => tensorFunction('keras.ops.identity', given, host) ?? NONE);
    case 'tensorflow.function':
    case 'keras.models.clone_model':
      return args.positional[0]?.value;
    default:
      break;
  }
  const merged = LOWER_CASE[plain.slice('keras.layers.'.length)];
  if (plain.startsWith('keras.layers.') && merged !== undefined) return functionalMerge(merged, args, host);
  const opaque = opaqueLayer(plain, args, host);
  return opaque ?? tensorFunction(plain, args, host);
}

/** `keras.layers.concatenate([a, b])` and the like. */
const LOWER_CASE: Readonly<Record<string, string>> = {
  concatenate: 'Concatenate',
  add: 'Add',
  subtract: 'Subtract',
  multiply: 'Multiply',
  average: 'Average',
  maximum: 'Maximum',
  minimum: 'Minimum',
  dot: 'Dot',
};

function functionalMerge(className: string, args: Arguments, host: Host): Value {
  const given = args.keywords.get('inputs') ?? args.positional[0];
  const rest = given === args.positional[0] ? args.positional.slice(1) : args.positional;
  const layer = makeLayer(className, `keras.layers.${className}`, { ...args, positional: rest }, host);
  return callMaker(
    layer,
    { positional: given ? [given] : [], keywords: new Map(), site: args.site },
    host,
    graphsOf(host),
  );
}

/** Layers and whole models that come from outside the file: they count, but what they hold is not known. */
function opaqueLayer(name: string, args: Arguments, host: Host): ObjectValue | undefined {
  const last = name.slice(name.lastIndexOf('.') + 1);
  const isClass = /^\p{Lu}/u.test(last);
  if (!isClass) return undefined;
  if (
    name.startsWith('keras.applications.') ||
    name.startsWith('tensorflow_hub.') ||
    name.startsWith('keras_hub.') ||
    name.startsWith('keras_nlp.') ||
    name.startsWith('keras_cv.')
  ) {
    return makeLayer(
      last,
      name,
      args,
      host,
      message('`{0}` is a ready-made model; its weights are not in this file.', last),
    );
  }
  if (
    name.startsWith('keras.layers.') ||
    name.startsWith('tensorflow_addons.layers.') ||
    name.startsWith('tensorflow_addons.rnn.') ||
    name.startsWith('keras.applications')
  ) {
    return makeLayer(
      last,
      name,
      args,
      host,
      message('`{0}` is no layer whose weights are known here.', last),
    );
  }
  return undefined;
}

function callObject(object: ObjectValue, args: Arguments, host: Host): Value | undefined {
  return isCallable(object) ? callMaker(object, args, host, graphsOf(host)) : undefined;
}

/** `super().__init__(…)` in a user's class. */
function initBase(instance: InstanceValue, base: string, args: Arguments, host: Host): void {
  const name = args.keywords.get('name')?.value;
  if (name?.kind === 'str') host.setName(instance.names, '%name', name);
  const trainable = args.keywords.get('trainable')?.value;
  if (trainable) host.setName(instance.names, 'trainable', trainable);
  const className = layerClass(base);
  if (className !== undefined && !instance.native) instance.native = makeLayer(className, base, args, host);
  const plain = plainName(base);
  if (instance.native) return;
  // A Sequential or functional model made by its own class.
  if (plain === 'keras.Sequential') instance.native = makeSequential(args, host);
  if (plain === 'keras.Model') {
    const made = makeFunctional(args, host);
    if (made?.kind === 'object') instance.native = made;
  }
}

/** What a user's layer or model inherits. */
function instanceAttribute(instance: InstanceValue, name: string, host: Host): Value | undefined {
  if (instance.native) {
    const inherited = attributeOf(instance.native, name, host);
    if (inherited) return inherited;
  }
  switch (name) {
    case 'add_weight':
    case 'add_variable':
      return builtin(name, (args) => addWeight(instance, args, host));
    case 'build':
      return builtin(name, (args) => {
        const shape = args.positional[0]?.value ?? args.keywords.get('input_shape')?.value;
        if (shape) host.setName(instance.names, '%input_shape', shape);
        return NONE;
      });
    case 'call':
      return undefined;
    case 'compile':
    case 'summary':
    case 'fit':
    case 'add_loss':
    case 'add_metric':
      return builtin(name, () => NONE);
    case 'trainable':
      return bool(true);
    case 'dtype':
    case 'compute_dtype':
      return { kind: 'str', value: 'float32' };
    default:
      return undefined;
  }
}
