import { type Layer, type Shape, constantOf, equalDims, message, symbolName } from '../../../model';
import { Names } from '../names';
import { type GraphSpec, type LayerSpec, type Node, type Tensor } from '../spec';
import { type LayerRun, type Shapes, Site, whole } from '../site';
import { inputShape } from './plain';

/** `Sequential`: each layer takes what the one before gives. */
export function sequential(site: Site): LayerRun {
  const specs = site.spec.layers ?? [];
  const names = new Names();
  const built = new LayerList(site);
  const saved = inputShape(site);
  let shapes: Shapes = site.inputs.length > 0 ? site.inputs : [saved];
  specs.forEach((spec, i) => {
    const path = site.path === '' ? nameOf(spec, names, site) : `${site.path}.${nameOf(spec, names, site)}`;
    if (i === 0) shapes = [reconcile(declaredShape(site, spec, path), shapes[0])];
    const inner = site.inner(spec, path, shapes, {
      ...inherited(site),
      first: i === 0 && shapes[0] === undefined,
    });
    const run = site.build(inner);
    built.add(run.layers, inner);
    shapes = run.outputs.slice(0, 1);
    if (i === 0 && spec.className === 'InputLayer') shapes = [reconcile(run.outputs[0], site.inputs[0])];
  });
  return { layers: built.layers, outputs: shapes };
}

/** What wraps a model wraps each of its layers in time, not in name. */
function inherited(site: Site) {
  return { ...(site.around.times ? { times: site.around.times } : {}) };
}

/** The input shape a Sequential's first layer declares, itself or through what it wraps or contains. */
function declaredShape(site: Site, spec: LayerSpec, path: string): Shape | undefined {
  const at = (s: LayerSpec) => inputShape(new Site(s, path, [], site.ctx, site.build));
  const own = at(spec);
  if (own) return own;
  const wrapped = spec.config.get('layer');
  if (typeof wrapped === 'object' && wrapped !== null && 'className' in wrapped) {
    const inside = at(wrapped);
    // What TimeDistributed's layer declares lacks the time axis: Keras ignores it too.
    return spec.className === 'Bidirectional' ? inside : undefined;
  }
  return undefined;
}

/** A functional model: its nodes in an order in which inputs come first. */
export function functional(site: Site): LayerRun {
  const graph = site.spec.graph;
  if (!graph) {
    const reason = message('the graph of {0} cannot be read', site.path || site.spec.className);
    return {
      layers: [{ kind: 'unknown', reason, dependsOn: [], ...site.base(undefined) }],
      outputs: [undefined],
    };
  }
  const names = new Names();
  const paths = new Map<LayerSpec, string>();
  const shapes = new Map<Node, Shapes>();
  const built = new LayerList(site);
  const inputNodes = new Set(graph.inputs.map((t) => t.node));
  for (const node of orderOf(graph)) {
    let path = paths.get(node.layer);
    if (path === undefined) {
      const name = nameOf(node.layer, names, site);
      path = site.path === '' ? name : `${site.path}.${name}`;
      paths.set(node.layer, path);
    }
    const position = graph.inputs.findIndex((t) => t.node === node);
    const inputs = node.inputs.map((t) => shapes.get(t.node)?.[t.index] ?? t.shape);
    const inner = site.inner(node.layer, path, inputs, {
      ...inherited(site),
      ...(node.times ? { times: node.times } : {}),
      ...(node.callConfig ? { callConfig: node.callConfig } : {}),
      ...(node.source ? { callSource: node.source } : {}),
      first: node.inputs.some((t) => inputNodes.has(t.node)) && inputs[0] === undefined,
    });
    const run = site.build(inner);
    const outer = position >= 0 ? site.inputs[position] : undefined;
    shapes.set(
      node,
      position >= 0 ? [reconcile(run.outputs[0] ?? graph.inputs[position]?.shape, outer)] : run.outputs,
    );
    built.add(run.layers, inner);
  }
  const outputs = graph.outputs.map((t) => shapes.get(t.node)?.[t.index]);
  return { layers: built.layers, outputs };
}

function nameOf(spec: LayerSpec, names: Names, site: Site): string {
  const given = site.spec.names?.get(spec) ?? spec.name;
  return given === undefined ? names.automatic(spec.className) : names.unique(given);
}

/** The graph's nodes, each after those it takes its inputs from. Iterative: graphs may be deep. */
export function orderOf(graph: GraphSpec): readonly Node[] {
  const order: Node[] = [];
  const state = new Map<Node, 'open' | 'done'>();
  const roots = [...graph.inputs, ...graph.outputs];
  for (const root of roots) {
    const stack: Node[] = [root.node];
    while (stack.length > 0) {
      const node = stack.at(-1)!;
      if (state.get(node) === 'done') {
        stack.pop();
        continue;
      }
      const isInput = graph.inputs.some((t) => t.node === node);
      const before: readonly Tensor[] = isInput ? [] : node.inputs;
      const pending = before.filter((t) => state.get(t.node) === undefined);
      state.set(node, 'open');
      if (pending.length === 0) {
        order.push(node);
        state.set(node, 'done');
        stack.pop();
      } else {
        stack.push(...pending.map((t) => t.node).reverse());
      }
    }
  }
  return order;
}

/** Two readings of one shape: fixed sizes win over open axes; ranks that differ keep the first. */
export function reconcile(own: Shape | undefined, outer: Shape | undefined): Shape | undefined {
  if (!own || !outer) return own ?? outer;
  if (!whole(own)) return outer;
  if (own.length !== outer.length) return own;
  return own.map((d, i) => (constantOf(d) !== undefined ? d : (outer[i] ?? d)));
}

/** Is the size of its input nothing but the unknown that stands for it? */
function isOpenInput(layer: Layer): boolean {
  if (!('inputSize' in layer)) return false;
  const name = symbolName(layer.inputSize);
  return name?.endsWith('.input_size') === true;
}

/** Layers in order of creation; a layer met again gets one more call instead of a second set of weights. */
class LayerList {
  readonly layers: Layer[] = [];
  private readonly places = new Map<string, number>();

  constructor(private readonly site: Site) {}

  add(layers: readonly Layer[], at: Site): void {
    for (const layer of layers) {
      const place = this.places.get(layer.path);
      if (place === undefined) {
        this.places.set(layer.path, this.layers.length);
        this.layers.push(layer);
        continue;
      }
      const before = this.layers[place]!;
      // The call whose input is known says what the weights are.
      const first = isOpenInput(before) ? layer : before;
      this.layers[place] = { ...first, calls: [...(before.calls ?? []), ...(layer.calls ?? [])] };
      if (!isOpenInput(before) && !isOpenInput(layer)) this.compare(before, layer, at);
    }
  }

  private compare(before: Layer, again: Layer, at: Site): void {
    if (!('inputSize' in before) || !('inputSize' in again)) return;
    if (equalDims(before.inputSize, again.inputSize)) return;
    if (constantOf(before.inputSize) === undefined || constantOf(again.inputSize) === undefined) return;
    this.site.ctx.problem({
      code: 'shape-mismatch',
      severity: 'error',
      message: message('{0} was built for other inputs than it gets here', before.path),
      source: at.around.callSource ?? at.spec.source,
    });
  }
}
