import { type Dim, constant, message, mul, valueOf } from '../../model';
import { malformed, tooLarge } from '../bytes';
import { type Around, type Building, holdsWeights } from './context';
import {
  type Graph,
  type LocalFunction,
  type Node,
  type OnnxModel,
  type TensorInfo,
  type ValueInfo,
  intOf,
} from './graph';
import { otherLayer } from './others';
import { recurrentLayer } from './recurrent';
import { Scope } from './scope';
import { inferShapes } from './shapes';

const RECURRENT = new Set(['LSTM', 'GRU', 'RNN']);
const MAX_CALL_DEPTH = 24;
const MAX_NODES = 200_000;

/** Walks a model's graphs in order, turning nodes into layers; then counts every constant of weights that no layer took. */
export class GraphWalker {
  private readonly functions: ReadonlyMap<string, LocalFunction>;
  private readonly seen: { tensor: TensorInfo; usedBy: string }[] = [];
  private nodes = 0;
  private readonly running = new Set<LocalFunction>();
  /** Layers whose weights are not in the file but fed in when it runs. */
  readonly fedIn: string[] = [];

  constructor(
    model: OnnxModel,
    private readonly building: Building,
  ) {
    this.functions = new Map(model.functions.map((f) => [`${f.domain}:${f.name}`, f]));
    this.graph(model.graph, undefined, { prefix: '', times: constant(1) }, 0);
    for (const { tensor, usedBy } of this.seen) {
      if (tensor.invalid) building.unreadable(tensor.name, tensor.invalid);
      else building.loose(tensor, usedBy);
    }
  }

  private graph(graph: Graph, outer: Scope | undefined, around: Around, depth: number): void {
    const scope = new Scope(outer);
    const consumers = firstConsumers(graph.nodes);
    for (const tensor of graph.initialisers) {
      scope.constants.set(tensor.name, tensor);
      scope.shapes.set(
        tensor.name,
        tensor.dims.map((n) => constant(n)),
      );
      if (holdsWeights(tensor) || tensor.invalid)
        this.seen.push({ tensor, usedBy: consumers.get(tensor.name) ?? '' });
    }
    for (const name of graph.sparse) {
      this.building.unreadable(
        name,
        message('Its values are kept in a form this reader lacks ({0}).', 'sparse_initializer'),
      );
    }
    // Inputs before the rest, so that the axes' names are introduced where users see them. Constants may be listed as inputs too.
    for (const info of graph.inputs) this.declare(scope, info, outer === undefined);
    for (const info of [...graph.values, ...graph.outputs]) this.declare(scope, info, false);
    this.body(graph.nodes, scope, around, depth);
  }

  /** An axis that is open and has no name gets one where a person can look it up: at the model's own inputs. */
  private declare(scope: Scope, info: ValueInfo, isModelInput: boolean): void {
    if (scope.constants.has(info.name)) return;
    const shape = this.building.declared(info);
    if (!shape) return;
    scope.shapes.set(
      info.name,
      shape.map((d, axis) => {
        if (d !== undefined || !isModelInput) return d;
        const name = `${info.name}[${axis}]`;
        return this.building.unknown(
          name,
          message('The axis {0} of {1} is open until the model runs.', axis, info.name),
          info.name,
        );
      }),
    );
  }

  private body(nodes: readonly Node[], scope: Scope, around: Around, depth: number): void {
    for (const node of nodes) {
      for (const output of node.outputs) scope.producers.set(output, node);
      for (const input of node.inputs) push(scope.consumers, input, node);
    }
    for (const node of nodes) {
      if (++this.nodes > MAX_NODES) throw tooLarge('the graph', MAX_NODES);
      this.constantNode(node, scope);
      this.shapes(node, scope);
      this.layer(node, scope, around);
      this.inside(node, scope, around, depth);
    }
  }

  private constantNode(node: Node, scope: Scope): void {
    const tensor = node.opType === 'Constant' ? node.attributes.get('value')?.t : undefined;
    const name = node.outputs[0];
    if (!tensor || name === undefined) {
      const ints = node.opType === 'Constant' ? node.attributes.get('value_ints')?.ints : undefined;
      const one = node.opType === 'Constant' ? node.attributes.get('value_int')?.i : undefined;
      const integers = ints ?? (one === undefined ? undefined : [one]);
      if (integers && name !== undefined) {
        scope.constants.set(name, { name, dims: ints ? [ints.length] : [], dtype: 'int64', integers });
      }
      return;
    }
    scope.constants.set(name, { ...tensor, name: tensor.name || name });
    scope.shapes.set(
      name,
      tensor.dims.map((n) => constant(n)),
    );
  }

  private shapes(node: Node, scope: Scope): void {
    const inferred = inferShapes(node, scope);
    node.outputs.forEach((name, i) => {
      const shape = inferred[i];
      if (name === '' || !shape) return;
      const declared = scope.shapes.get(name);
      // Numbers that the file declares stand; where it only gives an axis a name of its own, the axis it comes from says more. A different rank means that the inference does not apply.
      if (declared && declared.length !== shape.length) return;
      scope.shapes.set(name, declared ? declared.map((d, axis) => better(d, shape[axis])) : shape);
    });
  }

  private layer(node: Node, scope: Scope, around: Around): void {
    const isRecurrent = RECURRENT.has(node.opType) && node.domain === '';
    if (!isRecurrent) {
      const layer = otherLayer(node, scope, this.building, around);
      if (layer) this.building.layers.push(layer);
      return;
    }
    const layer = recurrentLayer(node, scope, this.building, around);
    if (!layer) {
      const name = node.name || (node.outputs[0] ?? node.opType);
      this.building.unreadable(
        name,
        message('The shapes of the weights of {0} contradict each other or are not known.', name),
      );
      return;
    }
    if (!layer.stored) this.fedIn.push(layer.path);
    this.building.layers.push(layer);
  }

  /** Subgraphs of control flow, and the model's own functions. */
  private inside(node: Node, scope: Scope, around: Around, depth: number): void {
    const name = node.name || (node.outputs[0] ?? node.opType);
    const prefix = `${around.prefix}${name}/`;
    for (const [attribute, { g }] of node.attributes) {
      if (!g) continue;
      if (node.opType === 'If') {
        const callsUnknown = message(
          'It lies in a branch of {0}: whether it runs depends on the input.',
          name,
        );
        this.graph(
          g,
          scope,
          { prefix: `${prefix}${attribute}/`, times: around.times, callsUnknown },
          depth + 1,
        );
      } else {
        const times = this.times(node, scope, around.times, name);
        this.graph(g, scope, { ...around, prefix, times }, depth + 1);
      }
    }
    const called = this.functions.get(`${node.domain}:${node.opType}`);
    if (!called) return;
    // ONNX forbids functions that call themselves.
    if (depth > MAX_CALL_DEPTH) throw malformed(`functions nested more than ${MAX_CALL_DEPTH} deep`);
    if (this.running.has(called)) throw malformed(`the function ${called.name} calls itself`);
    this.running.add(called);
    const inner = new Scope(scope, true);
    called.inputs.forEach((formal, i) => inner.aliases.set(formal, node.inputs[i] ?? ''));
    this.body(called.nodes, inner, { ...around, prefix }, depth + 1);
    this.running.delete(called);
    called.outputs.forEach((formal, i) => {
      const shape = inner.shape(formal);
      if (shape && node.outputs[i] !== undefined) scope.shapes.set(node.outputs[i], shape);
    });
  }

  /** How often a loop's body runs: `Loop` has a trip count, `Scan` runs along its first scanned input. */
  private times(node: Node, scope: Scope, outer: Dim, name: string): Dim {
    let trips: Dim | undefined;
    if (node.opType === 'Loop') {
      const count = scope.integers(node.inputs[0])?.[0];
      // With a condition the loop may end earlier.
      if (count !== undefined && count >= 0 && (node.inputs[1] ?? '') === '') trips = constant(count);
    } else if (node.opType === 'Scan') {
      const scanned = intOf(node, 'num_scan_inputs', 1);
      const axis = node.attributes.get('scan_input_axes')?.ints?.[0] ?? 0;
      trips = scope.shape(node.inputs[node.inputs.length - scanned] ?? '')?.at(axis);
    } else return outer;
    trips ??= this.building.unknown(
      `${name}.trips`,
      message('How often {0} repeats is known only when the model runs.', name),
      name,
    );
    return mul(outer, trips);
  }
}

function better(declared: Dim | undefined, inferred: Dim | undefined): Dim | undefined {
  return declared !== undefined && (inferred === undefined || valueOf(declared) !== undefined)
    ? declared
    : inferred;
}

function push(map: Map<string, Node[]>, key: string, node: Node): void {
  const list = map.get(key);
  if (list) list.push(node);
  else map.set(key, [node]);
}

/** For each value, the operator that uses it first. */
function firstConsumers(nodes: readonly Node[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const node of nodes)
    for (const input of node.inputs) if (!found.has(input)) found.set(input, node.opType);
  return found;
}
