import { type Node, type TensorInfo, intOf } from './graph';
import type { Scope } from './scope';

/** A stretch of a constant's values, row-major. */
export interface Stretch {
  readonly tensor: TensorInfo;
  readonly start: number;
  readonly length: number;
}

/** A value that is nothing but constants' values in another order: its shape, and where they come from. */
interface Assembled {
  readonly dims: readonly number[];
  readonly stretches: readonly Stretch[];
}

/** Far above what exporters leave behind, low enough that a graph that sends us in circles ends soon. */
const MAX_DEPTH = 16;
const MAX_STRETCHES = 256;

/**
 * Where a value's numbers lie in the file when exporters that do not fold constants put it together on the spot: `Concat` of
 * `Slice`s, `Unsqueeze`d. Undefined when it is anything else, so that nobody takes a constant behind it for the value itself.
 */
export function assemble(scope: Scope, name: string): readonly Stretch[] | undefined {
  return new Follower(scope).follow(name, 0)?.stretches;
}

/** Follows each value once, however many ways lead to it. */
class Follower {
  private readonly known = new Map<string, Assembled | undefined>();

  constructor(private readonly scope: Scope) {}

  follow(name: string, depth: number): Assembled | undefined {
    if (!this.known.has(name)) {
      // A value that defines itself is nothing that is stored.
      this.known.set(name, undefined);
      this.known.set(name, this.look(name, depth));
    }
    return this.known.get(name);
  }

  private look(name: string, depth: number): Assembled | undefined {
    const { scope } = this;
    const constant = scope.constant(name);
    if (constant) {
      if (constant.invalid) return undefined;
      return {
        dims: constant.dims,
        stretches: [{ tensor: constant, start: 0, length: sizeOf(constant.dims) }],
      };
    }
    const node = depth < MAX_DEPTH ? scope.producer(name) : undefined;
    const rule = node && Object.hasOwn(RULES, node.opType) ? RULES[node.opType] : undefined;
    if (!node || !rule) return undefined;
    const inputs: Assembled[] = [];
    for (const input of node.opType === 'Concat' ? node.inputs : node.inputs.slice(0, 1)) {
      const found = this.follow(input, depth + 1);
      if (!found) return undefined;
      inputs.push(found);
    }
    const result = inputs.length > 0 ? rule(node, inputs, scope) : undefined;
    return result && result.stretches.length <= MAX_STRETCHES ? result : undefined;
  }
}

type Rule = (node: Node, inputs: readonly Assembled[], scope: Scope) => Assembled | undefined;

const RULES: Readonly<Record<string, Rule>> = {
  Identity: (_, [x]) => x,
  Unsqueeze: (node, [x], scope) => {
    const axes = integers(node, 'axes', 1, scope);
    if (!x || !axes) return undefined;
    const rank = x.dims.length + axes.length;
    const added = new Set(axes.map((a) => (a < 0 ? a + rank : a)));
    const rest = [...x.dims];
    return { ...x, dims: Array.from({ length: rank }, (_, i) => (added.has(i) ? 1 : (rest.shift() ?? 1))) };
  },
  Squeeze: (node, [x], scope) => {
    const axes = integers(node, 'axes', 1, scope);
    if (!x || !axes) return undefined;
    const gone = new Set(axes.map((a) => (a < 0 ? a + x.dims.length : a)));
    return { ...x, dims: x.dims.filter((_, i) => !gone.has(i)) };
  },
  Concat: (node, inputs) => {
    const dims = inputs[0]!.dims;
    const axis = outermost(intOf(node, 'axis', 0), dims);
    if (axis === undefined) return undefined;
    const total = inputs.reduce((sum, { dims: d }) => sum + (d[axis] ?? NaN), 0);
    if (!Number.isSafeInteger(total)) return undefined;
    return { dims: dims.with(axis, total), stretches: inputs.flatMap((x) => x.stretches) };
  },
  Slice: (node, [x], scope) => {
    const starts = integers(node, 'starts', 1, scope);
    const ends = integers(node, 'ends', 2, scope);
    const axes = integers(node, 'axes', 3, scope) ?? [0];
    const steps = scope.integers(node.inputs[4]) ?? [1];
    if (!x || starts?.length !== 1 || ends?.length !== 1 || axes.length !== 1 || steps[0] !== 1)
      return undefined;
    const axis = outermost(axes[0]!, x.dims);
    if (axis === undefined) return undefined;
    const size = x.dims[axis]!;
    const within = (at: number) => Math.max(0, Math.min(size, at < 0 ? at + size : at));
    const [from, to] = [within(starts[0]!), within(ends[0]!)];
    if (to <= from) return undefined;
    const row = sizeOf(x.dims.slice(axis + 1));
    return { dims: x.dims.with(axis, to - from), stretches: cut(x.stretches, from * row, to * row) };
  },
};

/** The axis counted from the front, when only axes of size 1 stand before it: what is cut or joined there lies in one piece. */
function outermost(axis: number, dims: readonly number[]): number | undefined {
  const at = axis < 0 ? axis + dims.length : axis;
  return at >= 0 && at < dims.length && dims.slice(0, at).every((d) => d === 1) ? at : undefined;
}

/** The part of stretches, laid end to end, from one value to another. */
function cut(stretches: readonly Stretch[], from: number, to: number): Stretch[] {
  const parts: Stretch[] = [];
  let at = 0;
  for (const { tensor, start, length } of stretches) {
    const [first, last] = [Math.max(from - at, 0), Math.min(to - at, length)];
    if (last > first) parts.push({ tensor, start: start + first, length: last - first });
    at += length;
  }
  return parts;
}

/** A list of integers that is an attribute in older operator sets, an input in newer ones. */
function integers(node: Node, name: string, input: number, scope: Scope): readonly number[] | undefined {
  return node.attributes.get(name)?.ints ?? scope.integers(node.inputs[input]);
}

function sizeOf(dims: readonly number[]): number {
  return dims.reduce((n, d) => n * d, 1);
}
