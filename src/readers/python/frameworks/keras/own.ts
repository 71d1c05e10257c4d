import { type Message, type Shape, message } from '../../../../model';
import type { LayerSpec } from '../../../keras';
import type { Host } from '../../evaluate/host';
import type { Arguments, InstanceValue, ObjectValue, TensorValue, Value } from '../../evaluate/values';
import type { Site } from '../../parse/text';
import { graphTensorsIn, tensorsIn } from './values';
import { type KerasNode, type TensorData, dataOf, isCallable, kerasOf } from './data';
import { calledAttributes } from '../pytorch/called';
import { shapeTuple } from './shapes';

/** What following `build` and `call` of a user's layer or model gave. */
export interface OwnGraph {
  readonly inputs: readonly TensorValue[];
  readonly outputs: readonly TensorValue[];
  /** What `call` returned, with the graph's own tensors in it. */
  readonly returned: Value;
  readonly weights: readonly ObjectValue[];
  readonly names: ReadonlyMap<Value, string>;
  /** Layers that it keeps and `call` does not reach. */
  readonly unused: readonly Value[];
  readonly gap?: Message;
}

const CALL_FUEL = 60_000;

/** Follows the `call` of user's classes, once per instance. */
export class OwnGraphs {
  private readonly graphs = new Map<InstanceValue, OwnGraph>();
  private readonly running = new Set<InstanceValue>();
  /** Every call of a layer so far. */
  readonly calls: KerasNode[] = [];

  /** Calls that come from these inputs and that the outputs do not reach: they stand before something that cannot be followed. */
  lost(inputs: readonly TensorValue[], outputs: readonly TensorValue[]): readonly KerasNode[] {
    const { reached, unclear } = walkBack(outputs, inputs);
    if (!unclear) return [];
    const from = new Set(inputs.map((t) => kerasOf(t)?.node));
    const known = new Map<KerasNode, boolean>();
    return this.calls.filter((node) => {
      const descends = node.inputs.some((t) => {
        const before = kerasOf(t)?.node;
        return before !== undefined && (from.has(before) || known.get(before) === true);
      });
      known.set(node, descends);
      return descends && !reached.has(node);
    });
  }

  of(instance: InstanceValue): OwnGraph | undefined {
    return this.graphs.get(instance);
  }

  /** The graph behind an instance; `args` are those of the first call, with shapes where they are known. */
  follow(instance: InstanceValue, args: Arguments, host: Host): OwnGraph | undefined {
    const known = this.graphs.get(instance);
    if (known) return known;
    if (this.running.has(instance)) return undefined;
    this.running.add(instance);
    try {
      const graph = this.trace(instance, args, host);
      this.graphs.set(instance, graph);
      return graph;
    } finally {
      this.running.delete(instance);
    }
  }

  private trace(instance: InstanceValue, args: Arguments, host: Host): OwnGraph {
    const inputs: TensorValue[] = [];
    const placed = (value: Value): Value => withPlaceholders(value, inputs, args.site, host);
    const asInput = (value: Value): Value =>
      value.kind === 'unknown' || value.kind === 'union' ? placed(host.tensor(undefined)) : placed(value);
    const inner: Arguments = {
      ...args,
      // The first argument is the input, even where its value is not known.
      positional: args.positional.map((a, i) => ({
        ...a,
        value: i === 0 ? asInput(a.value) : placed(a.value),
      })),
      keywords: new Map([...args.keywords].map(([k, a]) => [k, { ...a, value: placed(a.value) }])),
    };
    runBuild(instance, inputs, args.site, host);
    const call = host.findAttribute(instance, 'call', args.site);
    let returned: Value | undefined;
    if (call && call.kind !== 'unknown')
      host.withFuel(CALL_FUEL, () => void (returned = host.call(call, inner)));
    const outputs = graphTensorsIn(returned, host);
    const { names, weights } = partsOf(instance, host);
    const reached = makersIn(outputs, inputs);
    const unused = [...names.keys()].filter((part) => !reached.has(part) && !isInside(part, reached, this));
    const unsized = weights.find((w) => {
      const data = dataOf(w);
      return data?.kind === 'weight' && !data.shape;
    });
    const gap = unsized
      ? message('The shape of a weight that `{0}` adds cannot be worked out.', instance.cls.name)
      : undefined;
    return {
      inputs,
      outputs,
      returned: returned ?? { kind: 'none' },
      weights,
      names,
      unused,
      ...(gap ? { gap } : {}),
    };
  }

  /** Output shapes of a `Lambda`'s function. */
  lambda(fn: Value | undefined, host: Host): LayerSpec['outputOf'] {
    if (fn?.kind !== 'function') return undefined;
    const site: Site = { text: fn.scope.module.text, from: 0, to: 0 };
    return (shapes) => {
      const tensors = shapes.map((shape) => placeholder(shape, site, host));
      const value: Value = tensors.length === 1 ? tensors[0]! : { kind: 'list', items: tensors };
      const result = host.call(fn, { positional: [{ value, site }], keywords: new Map(), site });
      const outputs = tensorsIn(result).map((t) => t.shape);
      return outputs.length > 0 ? outputs : [undefined];
    };
  }
}

/** A tensor that stands for an input. */
export function placeholder(shape: Shape | undefined, site: Site, host: Host): TensorValue {
  const node: KerasNode = {
    maker: { kind: 'operation', op: 'input', outputOf: () => [shape] },
    inputs: [],
    site,
  };
  return host.tensor(shape, undefined, { keras: { node, index: 0 } } satisfies TensorData);
}

function withPlaceholders(value: Value, into: TensorValue[], site: Site, host: Host): Value {
  if (value.kind === 'tensor') {
    const inside = placeholder(value.shape, site, host);
    into.push(inside);
    return inside;
  }
  if (value.kind === 'list' || value.kind === 'tuple') {
    return { ...value, items: value.items.map((item) => withPlaceholders(item, into, site, host)) };
  }
  return value;
}

/** Runs the class's own `build(input_shape)`. */
function runBuild(instance: InstanceValue, inputs: readonly TensorValue[], site: Site, host: Host): void {
  if (instance.names.has('%built')) return;
  host.setName(instance.names, '%built', { kind: 'bool', value: true });
  const hasBuild = instance.cls.order.some((c) => c.kind === 'class' && c.names.has('build'));
  if (!hasBuild) return;
  const build = host.findAttribute(instance, 'build', site);
  const shapes = inputs.map((t) => shapeTuple(t.shape, host));
  const value: Value = shapes.length === 1 ? shapes[0]! : { kind: 'list', items: shapes };
  if (build)
    host.withFuel(
      CALL_FUEL,
      () => void host.call(build, { positional: [{ value, site }], keywords: new Map(), site }),
    );
}

/** The layers and weights an instance keeps, by attribute; lists and dicts are looked into. */
function partsOf(instance: InstanceValue, host: Host) {
  const names = new Map<Value, string>();
  const called = calledAttributes(instance.cls);
  const weights: ObjectValue[] = [];
  const visit = (value: Value, path: string, depth: number): void => {
    const data = dataOf(value);
    if (data?.kind === 'weight' && value.kind === 'object') {
      if (!weights.includes(value)) weights.push(value);
    } else if (isCallable(value) || (value.kind === 'instance' && host.isModel(value.cls))) {
      if (!names.has(value)) names.set(value, path);
    } else if (value.kind === 'list' || value.kind === 'tuple') {
      // Beside layers, whatever cannot be followed may be a layer too.
      const beside = value.items.some(
        (item) => isCallable(item) || (item.kind === 'instance' && host.isModel(item.cls)),
      );
      if (depth < 4) {
        value.items.forEach((item, i) => {
          const loose = item.kind === 'repeat' || item.kind === 'unknown' || item.kind === 'union';
          if (beside && loose) names.set(item, `${path}.${i}`);
          else visit(item, `${path}.${i}`, depth + 1);
        });
      }
    } else if (value.kind === 'dict') {
      if (depth < 4)
        for (const [key, item] of value.entries) visit(item, `${path}.${key.slice(2)}`, depth + 1);
    } else if (mayHoldLayers(value, called.has(path.split('.')[0]!), host)) {
      names.set(value, path);
    } else {
      const weight = kerasOf(value)?.weight;
      if (weight && !weights.includes(weight)) weights.push(weight);
    }
  };
  for (const [name, value] of instance.names)
    if (!name.startsWith('%') || name.startsWith('%weight')) visit(value, name, 0);
  return { names, weights };
}

/** Something that cannot be followed and may be a layer, or several. */
function mayHoldLayers(value: Value, called: boolean, host: Host): boolean {
  switch (value.kind) {
    case 'repeat':
      return mayHoldLayers(value.value, called, host) || isCallable(value.value);
    case 'union':
      return value.options.some(
        (o) =>
          isCallable(o) || (o.kind === 'instance' && host.isModel(o.cls)) || mayHoldLayers(o, called, host),
      );
    case 'unknown':
      return called || value.maybeModule === true;
    default:
      return false;
  }
}

/** Every layer that the outputs come from. */
export function makersIn(outputs: readonly TensorValue[], inputs: readonly TensorValue[]): Set<unknown> {
  return new Set<unknown>([...walkBack(outputs, inputs).reached].map((node) => node.maker));
}

/** The nodes between inputs and outputs, and whether something among them cannot be followed. */
function walkBack(outputs: readonly TensorValue[], inputs: readonly TensorValue[]) {
  const reached = new Set<KerasNode>();
  const ends = new Set(inputs.map((t) => kerasOf(t)?.node));
  const stack = [...outputs];
  let unclear = false;
  while (stack.length > 0) {
    const keras = kerasOf(stack.pop());
    if (!keras || keras.unclear) unclear = true;
    const node = keras?.node;
    if (!node || reached.has(node) || ends.has(node)) continue;
    reached.add(node);
    stack.push(...node.inputs);
  }
  return { reached, unclear };
}

/** Is a layer part of a wrapper or model that is reached? */
function isInside(part: Value, reached: ReadonlySet<unknown>, own: OwnGraphs): boolean {
  const contains = (holder: unknown, depth: number): boolean => {
    if (holder === part) return true;
    if (depth > 6 || typeof holder !== 'object' || holder === null || !('kind' in holder)) return false;
    const value = holder as Value;
    const data = dataOf(value);
    if (data?.kind === 'layer') return [...data.fields.values()].some((v) => contains(v, depth + 1));
    if (data?.kind === 'sequential') return data.layers.items.some((v) => contains(v, depth + 1));
    if (data?.kind === 'functional')
      return [...makersIn(data.outputs, data.inputs)].some((m) => contains(m, depth + 1));
    if (value.kind === 'list' || value.kind === 'tuple')
      return value.items.some((v) => contains(v, depth + 1));
    if (value.kind === 'instance') {
      const graph = own.of(value);
      return graph !== undefined && [...graph.names.keys()].some((v) => contains(v, depth + 1));
    }
    return false;
  };
  return [...reached].some((maker) => contains(maker, 0));
}
