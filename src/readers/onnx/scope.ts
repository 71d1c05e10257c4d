import type { Dim } from '../../model';
import type { Node, TensorInfo } from './graph';

/** A shape as far as it could be followed: an axis that could not is undefined. */
export type PartShape = readonly (Dim | undefined)[];

/** The names visible in a graph: its own, then those of the graphs around it (as ONNX has it for subgraphs). */
export class Scope {
  readonly constants = new Map<string, TensorInfo>();
  readonly producers = new Map<string, Node>();
  readonly consumers = new Map<string, Node[]>();
  readonly shapes = new Map<string, PartShape>();
  /** Names of a function's formal inputs, standing for the caller's. */
  readonly aliases = new Map<string, string>();

  constructor(
    private readonly outer?: Scope,
    /** A function's body sees its caller's values only through its inputs. */
    private readonly isFunction = false,
  ) {}

  constant(name: string): TensorInfo | undefined {
    return this.constants.get(name) ?? this.above(name, (scope, n) => scope.constant(n));
  }

  producer(name: string): Node | undefined {
    return this.producers.get(name) ?? this.above(name, (scope, n) => scope.producer(n));
  }

  shape(name: string): PartShape | undefined {
    return this.shapes.get(name) ?? this.above(name, (scope, n) => scope.shape(n));
  }

  integers(name: string | undefined): readonly number[] | undefined {
    return name === undefined || name === '' ? undefined : this.constant(name)?.integers;
  }

  private above<T>(name: string, look: (scope: Scope, name: string) => T | undefined): T | undefined {
    if (!this.outer) return undefined;
    if (!this.isFunction) return look(this.outer, name);
    const actual = this.aliases.get(name);
    return actual === undefined ? undefined : look(this.outer, actual);
  }
}

/** Operators that only rearrange or retype their first input. */
const REARRANGING = new Set([
  'Identity',
  'Cast',
  'Transpose',
  'Reshape',
  'Squeeze',
  'Unsqueeze',
  'Concat',
  'Slice',
  'Split',
  'Flatten',
  'DequantizeLinear',
  'Expand',
]);
const MAX_TRACE = 256;

/**
 * The constants a value is made of, when it is made of constants only: itself, or what exporters that do not fold leave behind
 * (`Concat` of `Slice`s of `Unsqueeze`d weights). Undefined when anything computed flows in.
 */
export function constantsBehind(scope: Scope, name: string): TensorInfo[] | undefined {
  const found = new Map<string, TensorInfo>();
  const open = [name];
  for (let steps = 0; open.length > 0; steps++) {
    if (steps > MAX_TRACE) return undefined;
    const next = open.pop()!;
    if (next === '') continue;
    const constant = scope.constant(next);
    if (constant) {
      found.set(next, constant);
      continue;
    }
    const node = scope.producer(next);
    if (!node || !REARRANGING.has(node.opType)) return undefined;
    open.push(...node.inputs);
  }
  return [...found.values()];
}
