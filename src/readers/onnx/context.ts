import {
  type Dim,
  type Fact,
  type Layer,
  type LayerBase,
  type LayerCall,
  type Message,
  type Shape,
  type SourceRef,
  type StoredTensor,
  type Unknown,
  constant,
  message,
  symbol,
  symbolsIn,
} from '../../model';
import { valuesIn } from '../weights/dtypes';
import type { DeclaredDim, Node, TensorInfo, ValueInfo } from './graph';
import type { PartShape, Scope } from './scope';

/** What is around a graph: how often it runs, and in front of its layers' names. */
export interface Around {
  readonly prefix: string;
  readonly times: Dim;
  /** Set in branches: whether they run is not known. */
  readonly callsUnknown?: Message;
}

/** One tensor of a layer: which part it plays there, and the constants it is made of. */
export interface Part {
  readonly role: string;
  readonly tensors: readonly TensorInfo[];
  readonly trainable?: boolean;
}

/** Collects a model's layers and unknowns while its graphs are walked; hands each constant to the first layer that uses it. */
export class Building {
  readonly layers: Layer[] = [];
  private readonly unknowns = new Map<string, Unknown>();
  private readonly owners = new Map<TensorInfo, { layer: string; tensor: string }>();
  private readonly paths = new Set<string>();

  constructor(readonly file: string) {}

  /** The unknowns that a layer's size or call depends on: a graph names many axes that nothing here needs. */
  get usedUnknowns(): readonly Unknown[] {
    const used = new Set<string>();
    for (const layer of this.layers) collectSymbols(layer, used);
    return [...this.unknowns.values()].filter((u) => used.has(u.name));
  }

  isOwned(tensor: TensorInfo): boolean {
    return this.owners.has(tensor);
  }

  source(member: string): SourceRef {
    return member === '' ? { file: this.file } : { file: this.file, member };
  }

  unknown(name: string, reason: Message, member: string): Dim {
    // `$` marks the workload's own names.
    const safe = name.replaceAll('$', '_').slice(0, 200);
    if (!this.unknowns.has(safe))
      this.unknowns.set(safe, { name: safe, reason, source: this.source(member) });
    return symbol(safe);
  }

  /** A declared shape; open axes become named unknowns: by the file's own name for them, else by the tensor and the axis. */
  declared(info: ValueInfo): PartShape | undefined {
    return info.shape?.map((dim) => this.declaredDim(dim, info.name));
  }

  private declaredDim(dim: DeclaredDim, tensor: string): Dim | undefined {
    if (dim === 'open') return undefined;
    if ('value' in dim) return Number.isSafeInteger(dim.value) ? constant(dim.value) : undefined;
    return this.unknown(
      dim.param,
      message('The axis {0} of {1} is open until the model runs.', dim.param, tensor),
      tensor,
    );
  }

  /** A name for a layer that no other layer has: the node's own, else the operator's with the first output. */
  path(node: Node, around: Around): string {
    const own = node.name || `${node.opType}(${node.outputs.find((o) => o !== '') ?? ''})`;
    const wanted = around.prefix + own;
    let path = wanted;
    for (let i = 2; this.paths.has(path); i++) path = `${wanted}#${i}`;
    this.paths.add(path);
    return path;
  }

  loosePath(name: string): string {
    let path = name;
    for (let i = 2; this.paths.has(path); i++) path = `${name}#${i}`;
    this.paths.add(path);
    return path;
  }

  /** The fields every layer has; `parts` become its stored tensors. */
  base(
    node: Node,
    typeName: string,
    parts: readonly Part[],
    around: Around,
    call: LayerCall | undefined,
  ): LayerBase {
    const path = this.path(node, around);
    const stored: StoredTensor[] = [];
    const tied = new Map<string, { layer: string; tensor: string }>();
    for (const part of parts) {
      for (const tensor of part.tensors) {
        const name = storedName(part, tensor);
        stored.push(storedTensor(tensor, name, part.trainable ?? true));
        const owner = this.owners.get(tensor);
        if (owner) tied.set(name, owner);
        else this.owners.set(tensor, { layer: path, tensor: name });
      }
    }
    return {
      path,
      typeName,
      framework: 'onnx',
      source: this.source(node.name || (node.outputs[0] ?? '')),
      ...(stored.length > 0 ? { stored } : {}),
      ...(tied.size > 0 ? { tied: Object.fromEntries(tied) } : {}),
      ...(around.callsUnknown ? { callsUnknown: around.callsUnknown } : call ? { calls: [call] } : {}),
    };
  }

  /** A constant that no recognised layer took: counted on its own. */
  loose(tensor: TensorInfo, usedBy: string): void {
    if (this.owners.has(tensor)) return;
    const path = this.loosePath(tensor.name || usedBy || 'constant');
    this.owners.set(tensor, { layer: path, tensor: 'value' });
    this.layers.push({
      kind: 'parameter',
      path,
      typeName: usedBy || 'Parameter',
      framework: 'onnx',
      source: this.source(tensor.name),
      shape: tensor.dims.map((n) => constant(n)),
      stored: [storedTensor(tensor, 'value', true)],
      callsUnknown: message(
        'Only layers of known kinds are followed through the graph; {0} is not one.',
        usedBy || tensor.name,
      ),
    });
  }

  unreadable(name: string, reason: Message): void {
    this.layers.push({
      kind: 'unknown',
      path: this.loosePath(name || 'tensor'),
      typeName: 'Parameter',
      framework: 'onnx',
      source: this.source(name),
      reason,
      dependsOn: [],
    });
  }
}

/** What a constant is called among its layer's stored tensors. */
export function storedName({ role, tensors }: Part, tensor: TensorInfo): string {
  return tensors.length === 1 ? role : `${role}: ${tensor.name}`;
}

function storedTensor(tensor: TensorInfo, name: string, trainable: boolean): StoredTensor {
  return {
    name,
    shape: tensor.dims,
    dtype: tensor.dtype,
    trainable,
    counted: true,
    ...(tensor.bytes ? { bytes: tensor.bytes } : {}),
  };
}

/** A shape with no gaps, or undefined. */
export function whole(shape: PartShape | undefined): Shape | undefined {
  return shape?.every((d) => d !== undefined) ? (shape as Shape) : undefined;
}

/** A call of a node with one data input. */
export function callOf(scope: Scope, node: Node, around: Around, output = node.outputs[0]): LayerCall {
  const out = output === undefined ? undefined : whole(scope.shape(output));
  return {
    inputs: [whole(scope.shape(node.inputs[0] ?? ''))],
    ...(out ? { output: out } : {}),
    times: around.times,
  };
}

/** A size read off a constant's shape. */
export function dimsFact(building: Building, tensor: TensorInfo): Fact {
  return {
    text: `${tensor.name} [${tensor.dims.join(' × ')}]`,
    source: building.source(tensor.name),
    how: 'file',
  };
}

/** Does a constant hold weights? Floating-point ones do; integers of 8 bits and less when there are several (quantised weights). */
export function holdsWeights(tensor: TensorInfo): boolean {
  if (/^(float|bfloat|complex)/.test(tensor.dtype)) return true;
  return /^u?int[48]$/.test(tensor.dtype) && (valuesIn(tensor.dims) ?? 0) > 1;
}

function collectSymbols(layer: Layer, into: Set<string>): void {
  if ('inputSize' in layer) symbolsIn(layer.inputSize, into);
  for (const call of layer.calls ?? []) {
    for (const dim of [...call.inputs.flatMap((s) => s ?? []), ...(call.output ?? [])]) symbolsIn(dim, into);
    for (const dim of [call.times, call.steps, call.batch]) if (dim) symbolsIn(dim, into);
  }
}
