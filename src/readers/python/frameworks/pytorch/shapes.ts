import {
  add,
  ceilDiv,
  constant,
  dimKey,
  equalDims,
  floorDiv,
  max,
  message,
  min,
  mod,
  mul,
  pow,
  substitute,
  symbol,
  symbolName,
  valueOf,
  type Dim,
  type Message,
  type Shape,
} from '../../../../model';
import type { Host } from '../../evaluate/host';
import type { Arguments, ObjectValue, TensorValue, Value } from '../../evaluate/values';

/** What this plug-in hangs on tensors. */
export interface TensorInfo {
  /** A layer's own tensor: `layer.weight`. */
  readonly owner?: ObjectValue;
  readonly tensor?: string;
  /** A model input whose shape the first layer that takes it decides; for a view of one, how to get back to the input's shape. */
  readonly input?: Input;
  /** An `nn.utils.rnn.PackedSequence` of this padded tensor. */
  readonly packed?: { readonly batchFirst: boolean };
  readonly parameter?: boolean;
  /** Rows of a layer's own tensor, which itself they are not. */
  readonly rows?: {
    readonly owner: ObjectValue;
    readonly tensor: string;
    readonly rows?: readonly [number, number] | 'unclear';
  };
}

interface Input {
  readonly parent?: TensorValue;
  readonly back?: (shape: Shape) => Shape | undefined;
  /** Sizes that were asked for before the shape was known, by axis (negative: from the end). */
  readonly sizes?: Map<number, Dim>;
  /** Uses to note when the shape is known. */
  readonly later?: ((shape: Shape) => void)[];
  /** How many axes it has fewer than the input: steps that were picked out. */
  readonly dropped?: number;
  /** The length of the last axis, where a layer made it. */
  readonly features?: Dim;
}

/** A model input whose shape nobody has told yet. */
export function openInput(host: Host): TensorValue {
  return host.tensor(undefined, message('The shape of the model’s input is not known.'), {
    input: { sizes: new Map(), later: [] },
  } satisfies TensorInfo);
}

/** A view of an open tensor: deciding the view's shape decides the tensor's. */
export function openView(
  parent: TensorValue,
  host: Host,
  back: (shape: Shape) => Shape | undefined,
  more: Pick<Input, 'dropped' | 'features'> = {},
): TensorValue {
  const input: Input = {
    parent,
    back,
    sizes: new Map(),
    later: [],
    dropped: infoOf(parent).input?.dropped ?? 0,
    ...more,
  };
  return host.tensor(undefined, parent.why, { input } satisfies TensorInfo);
}

/** Notes a use of a layer by an open tensor once its shape is known; until then the use is unclear. */
export function useLater(
  layer: ObjectValue,
  input: TensorValue,
  host: Host,
  note: (shape: Shape) => void,
): void {
  const later = infoOf(input).input?.later;
  host.useUnclear(layer, input.why ?? message('Its input’s shape is not known.'));
  // A second use must not clear what the first left unclear.
  const alone = layer.uses.calls.length === 0 && !layer.names.has('%waiting');
  if (!later || !alone || !host.unconditional()) return;
  host.setName(layer.names, '%waiting', { kind: 'none' });
  later.push((shape) => {
    host.useClear(layer);
    note(shape);
  });
}

/** The length of an axis of an open tensor: a name that is settled with the shape. */
export function openSize(tensor: TensorValue, axis: number): Dim {
  const sizes = infoOf(tensor).input?.sizes;
  const known = sizes?.get(axis);
  if (known) return known;
  const fresh = freshAxis();
  sizes?.set(axis, fresh);
  return fresh;
}

/** A size that can't be known because a shape can't. */
export function unknownSize(host: Host, why: Message | undefined, name: string): Value {
  return host.unknown(why ?? message('Its shape is not known.'), name, undefined, { shapeless: true });
}

/** A tensor that waits for its shape. The brand keeps TypeScript from thinking that all others are not tensors. */
export type OpenTensor = TensorValue & { readonly open?: true };

export function infoOf(tensor: TensorValue): TensorInfo {
  return (tensor.data as TensorInfo | undefined) ?? {};
}

export function isOpen(value: Value | undefined): value is OpenTensor {
  return value?.kind === 'tensor' && value.shape === undefined && infoOf(value).input !== undefined;
}

/** Decides the shape of a model input (or of a view of one) by what its first user needs. */
export function settle(host: Host, tensor: TensorValue, shape: Shape): void {
  tensor.shape = shape;
  const { parent, back, sizes, later } = infoOf(tensor).input ?? {};
  for (const note of later ?? []) note(shape);
  for (const [axis, size] of sizes ?? []) {
    const actual = shape.at(axis);
    if (actual) unify(host, size, actual);
  }
  if (!parent || parent.shape) return;
  const outer = back?.(shape);
  if (outer) settle(host, parent, outer);
}

/** What the other frameworks call the first argument. */
const FIRST = ['x', 'inputs'] as const;

/** The `i`-th positional argument, or a keyword, as a tensor. */
export function tensorArgument(
  args: Arguments,
  i: number,
  ...names: readonly string[]
): TensorValue | undefined {
  const argument =
    args.positional[i] ??
    [...names, ...(i === 0 ? FIRST : [])].map((n) => args.keywords.get(n)).find((a) => a);
  const value = argument?.value;
  if (value?.kind === 'tensor') return value;
  if (value?.kind === 'object' && value.draft?.kind === 'parameter')
    return { kind: 'tensor', shape: value.draft.shape };
  return undefined;
}

let axisCount = 0;
/** A fresh axis of unknown length. Names start with `$`: source code can't clash with them. */
export function freshAxis(): Dim {
  axisCount = (axisCount + 1) % 1_000_000;
  return symbol(`$axis${axisCount}`);
}

/** Declares an axis to be a known size, if it is still free. */
export function unify(host: Host, axis: Dim, size: Dim): void {
  const name = symbolName(axis);
  if (name?.startsWith('$axis') && !host.axes.has(name) && !equalDims(axis, size)) host.axes.set(name, size);
}

export function resolveAxes(host: Host, d: Dim): Dim {
  return host.axes.size === 0 ? d : substitute(d, host.axes);
}

export function unknownShape(host: Host, why?: Message): TensorValue {
  return host.tensor(undefined, why ?? message('Its input’s shape is not known.'));
}

export function numberOfElements(shape: Shape): Dim {
  return mul(1, ...shape);
}

/** An axis number, counted from the end when negative; undefined when out of range or unknown. */
export function axisOf(host: Host, value: Value | undefined, rank: number): number | undefined {
  const d = value && value.kind !== 'tensor' ? host.dim(value) : undefined;
  const n = d && valueOf(d);
  if (n === undefined) return undefined;
  const at = n < 0 ? n + rank : n;
  return at >= 0 && at < rank ? at : undefined;
}

const SIZE_LISTS = ['shape', 'perm', 'dims', 'axes'] as const;

/** A list of sizes given as `*sizes` or as one sequence. */
export function sizesOf(host: Host, args: Arguments, from = 0): Dim[] | undefined {
  const values = args.positional.slice(from).map((a) => a.value);
  const named = SIZE_LISTS.map((n) => args.keywords.get(n)?.value).find((v) => v);
  if (values.length === 0 && named) values.push(named);
  const list = values.length === 1 ? (host.items(values[0]!) ?? values) : values;
  const dims = list.map((v) => {
    const d = v.kind === 'tensor' ? undefined : host.dim(v);
    return d && resolveAxes(host, d);
  });
  return dims.length > 0 && dims.every((d) => d !== undefined) ? dims : undefined;
}

/** A shape for `view`, with its `-1` worked out. */
export function reshaped(shape: Shape, wanted: readonly Dim[]): Shape | undefined {
  const open = wanted.findIndex((d) => valueOf(d) === -1);
  if (open < 0) return wanted;
  // Equal sizes on both sides cancel, whatever formulas they are.
  const left = [...shape];
  const rest = wanted.filter((d, i) => {
    if (i === open) return false;
    const at = left.findIndex((l) => equalDims(l, d));
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
  const size = divided(numberOfElements(left), mul(1, ...rest));
  return size && wanted.map((d, i) => (i === open ? size : d));
}

/** `a / b` when the division is known to be exact as formulas: every term of `a` has `b`'s factors. */
export function divided(a: Dim, b: Dim): Dim | undefined {
  const [divisor, ...more] = b.terms.values();
  if (equalDims(a, b)) return constant(1);
  if (!divisor || more.length > 0) return undefined;
  const quotient: Dim[] = [];
  for (const term of a.terms.values()) {
    const factors = new Map(term.factors.map((f) => [factorKey(f), f.power]));
    for (const f of divisor.factors) factors.set(factorKey(f), (factors.get(factorKey(f)) ?? 0) - f.power);
    if ([...factors.values()].some((p) => p < 0) || term.coefficient % divisor.coefficient !== 0n)
      return undefined;
    const rest = term.factors.flatMap((f) =>
      Array.from({ length: factors.get(factorKey(f))! }, () => only({ ...f, power: 1 })),
    );
    quotient.push(mul(term.coefficient / divisor.coefficient, ...rest));
  }
  return add(...quotient);
}

type Term = Dim['terms'] extends ReadonlyMap<string, infer T> ? T : never;
type Factor = Term['factors'][number];

function factorKey(f: Factor): string {
  return dimKey(only({ ...f, power: 1 }));
}

/** A factor as a size of its own. Adding it to nothing gives it its canonical key. */
function only(f: Factor): Dim {
  const { atom } = f;
  if (atom.kind === 'symbol') return symbol(atom.name);
  const [x, y] = atom.args as [Dim, Dim];
  if (atom.fn === 'min' || atom.fn === 'max') return (atom.fn === 'min' ? min : max)(...atom.args);
  return { floordiv: floorDiv, ceildiv: ceilDiv, mod, pow, mul }[atom.fn](x, y);
}

/** `[3, 4]` or `5` as a shape. */
export function shapeOf(value: Value, host: Host): Shape | undefined {
  const dims = (host.items(value) ?? [value]).map((v) => host.dim(v));
  return dims.every((d) => d !== undefined) ? dims : undefined;
}
