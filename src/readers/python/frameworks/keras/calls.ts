import { type Shape, message, mul } from '../../../../model';
import { Collector, type Config, type ConfigValue, buildLayer } from '../../../keras';
import type { Host } from '../../evaluate/host';
import type { Interpreter } from '../../evaluate/interpreter';
import type { Arguments, InstanceValue, TensorValue, Value } from '../../evaluate/values';
import type { Site } from '../../parse/text';
import { Converter } from './convert';
import { type KerasNode, type Maker, type Operation, type TensorData, kerasOf } from './data';
import type { OwnGraphs } from './own';
import { graphTensorsIn, mapTensors, tensorsIn } from './values';

/** Call arguments that carry tensors besides the inputs, in the order in which Keras takes them. */
const TENSOR_KEYWORDS = [
  'inputs',
  'sequence',
  'sequences',
  'query',
  'value',
  'key',
  'initial_state',
  'states',
  'constants',
  'x',
];
/** Those among them that a layer cannot do without. */
const MAIN_KEYWORDS = new Set(['inputs', 'sequence', 'sequences', 'query', 'value', 'key', 'x']);
/** Call arguments that decide what comes out. */
const CALL_FIELDS = ['return_attention_scores'];

/** The tensors that go into a call, in order. Something that is no tensor counts as one of unknown shape. */
export function inputsOf(args: Arguments, host: Host): TensorValue[] {
  const [first, ...others] = args.positional.map((a) => a.value);
  const tensors = graphTensorsIn(first, host);
  // Beyond the first argument come states and flags: what is no tensor there makes nothing.
  for (const value of others) tensors.push(...tensorsIn(value));
  for (const name of TENSOR_KEYWORDS) {
    const given = args.keywords.get(name)?.value;
    if (!given) continue;
    tensors.push(...(MAIN_KEYWORDS.has(name) ? graphTensorsIn(given, host) : tensorsIn(given)));
  }
  if (tensors.length > 0) return tensors;
  return [host.tensor(undefined, message('What goes in here cannot be followed.'))];
}

/** Calls a layer or model object, or an instance of a user's class, on tensors: one more node of the graph. */
export function callMaker(maker: Maker, args: Arguments, host: Host, own: OwnGraphs): Value {
  if (maker.kind === 'instance') return callInstance(maker, args, host, own);
  const inputs = inputsOf(args, host);
  const callConfig = callConfigOf(args);
  const outputs = addNode(
    { maker, inputs, site: args.site, ...loops(host), ...(callConfig.size > 0 ? { callConfig } : {}) },
    host,
    own,
  );
  const value: Value = outputs.length === 1 ? outputs[0]! : { kind: 'tuple', items: outputs };
  if (maker.kind === 'object') {
    host.setName(maker.names, '%output', value);
    host.setName(maker.names, '%input', inputs.length === 1 ? inputs[0]! : { kind: 'list', items: inputs });
  }
  return value;
}

/** An instance of a user's class: its `call` is followed once; what it returned is given back with this call's tensors in it. */
function callInstance(instance: InstanceValue, args: Arguments, host: Host, own: OwnGraphs): Value {
  const inputs = inputsOf(args, host);
  const graph = instance.native ? undefined : own.follow(instance, args, host);
  const outputs = addNode({ maker: instance, inputs, site: args.site, ...loops(host) }, host, own);
  if (!graph || graph.outputs.length === 0)
    return outputs.length === 1 ? outputs[0]! : { kind: 'tuple', items: outputs };
  return mapTensors(graph.returned, (inner) => outputs[graph.outputs.indexOf(inner)] ?? inner);
}

function callConfigOf(args: Arguments): Config {
  const config = new Map<string, ConfigValue>();
  for (const field of CALL_FIELDS) {
    const value = args.keywords.get(field)?.value;
    if (value?.kind === 'bool') config.set(field, value.value);
    else if (value) config.set(field, { unknown: message('`{0}` is not known here.', field) });
  }
  return config;
}

/** How often the loops of unknown length around this call run. */
function loops(host: Host): { times?: KerasNode['times'] } {
  const trips = (host as Interpreter).trips;
  return trips.length > 0 ? { times: mul(1, ...trips) } : {};
}

export function addNode(node: KerasNode, host: Host, own: OwnGraphs): TensorValue[] {
  own.calls.push(node);
  const spec = new Converter(host, own).maker(node.maker);
  const shapes = buildLayer(
    spec,
    'layer',
    node.inputs.map((t) => t.shape),
    new Collector('keras'),
  ).outputs;
  return shapes.map((shape, index) => tensorOf(node, index, shape, host));
}

export function tensorOf(node: KerasNode, index: number, shape: Shape | undefined, host: Host): TensorValue {
  return host.tensor(shape, shape ? undefined : message('This shape cannot be worked out.'), {
    keras: { node, index },
  } satisfies TensorData);
}

/** A tensor operation: one more node without weights. */
export function operation(
  op: string,
  inputs: readonly TensorValue[],
  outputOf: Operation['outputOf'],
  site: Site,
  host: Host,
  operands?: readonly Value[],
): TensorValue[] {
  const node: KerasNode = {
    maker: { kind: 'operation', op, ...(outputOf ? { outputOf } : {}), ...(operands ? { operands } : {}) },
    inputs,
    site,
    ...loops(host),
  };
  const shapes = outputOf?.(inputs.map((t) => t.shape)) ?? [undefined];
  return shapes.map((shape, index) => tensorOf(node, index, shape, host));
}

/** Is any of these part of a Keras graph? */
export function inGraph(tensors: readonly TensorValue[]): boolean {
  return tensors.some((t) => {
    const keras = kerasOf(t);
    return keras !== undefined && !keras.constant;
  });
}
