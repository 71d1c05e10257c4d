import { valueOf } from '../../../../model';
import type { Host } from '../../evaluate/host';
import type { ObjectValue, TensorValue, Value } from '../../evaluate/values';
import { chunk, leaf, product, sum, type Term } from '../by-hand/term';
import { isParameter } from './layer';
import { infoOf } from './shapes';

/** While a forward pass is read as formulas: what each tensor is. */
type Trace = WeakMap<TensorValue, Term>;

const traces = new WeakMap<Host, Trace>();

/** Runs something while the formulas of tensors are noted. */
export function traced<T>(host: Host, run: (termOf: (value: Value) => Term | undefined) => T): T {
  const trace: Trace = new WeakMap();
  traces.set(host, trace);
  try {
    return run((value) => termOf(trace, value));
  } finally {
    traces.delete(host);
  }
}

export function tracing(host: Host): boolean {
  return traces.has(host);
}

function termOf(trace: Trace, value: Value | undefined): Term | undefined {
  switch (value?.kind) {
    case 'tensor':
      return trace.get(value) ?? leaf(infoOf(value).owner ?? value);
    case 'object':
      return isParameter(value) ? leaf(value) : undefined;
    case 'int': {
      const n = valueOf(value.dim);
      return n === undefined ? undefined : { kind: 'number', value: n };
    }
    case 'float':
      return value.value === undefined ? undefined : { kind: 'number', value: value.value };
    default:
      return undefined;
  }
}

/**
 * Notes what a call gave. Functions that keep shapes give back their argument itself: here that becomes a tensor of its own, so that
 * `relu(x)` is never taken for `x`.
 */
export function noteCall(host: Host, name: string, inputs: readonly Value[], result: Value): Value {
  const trace = traces.get(host);
  if (!trace) return result;
  const op = name.slice(name.lastIndexOf('.') + 1);
  if (result.kind === 'tuple' && (op === 'chunk' || op === 'split'))
    return noteParts(trace, inputs[0], result);
  if (result.kind !== 'tensor') return result;
  if (SAME.has(op)) return result;
  const fresh = inputs.includes(result) || trace.has(result) ? { ...result } : result;
  const term = formula(trace, op, inputs, host);
  if (term) trace.set(fresh, term);
  return fresh;
}

/** Moves between devices and types, copies: the numbers stay. */
const SAME = new Set(['contiguous', 'to', 'float', 'clone', 'cuda', 'cpu', 'type_as']);
const SQUASHES: Readonly<Record<string, 'sigmoid' | 'tanh'>> = {
  sigmoid: 'sigmoid',
  sigmoid_: 'sigmoid',
  tanh: 'tanh',
  tanh_: 'tanh',
};

function formula(trace: Trace, op: string, inputs: readonly Value[], host: Host): Term | undefined {
  const [a, b, c] = inputs.map((v) => termOf(trace, v));
  const squash = SQUASHES[op];
  if (squash) return a && { kind: 'squash', fn: squash, of: a };
  switch (op) {
    case '+':
    case 'add':
      return a && b && sum(a, b);
    case '-':
    case 'sub':
      return a && b && sum(a, b, -1);
    case '*':
    case 'mul':
      return a && b && product(a, b);
    case 'lerp':
      return a && b && c && sum(a, product(c, sum(b, a, -1)));
    case 'cat':
    case 'concat':
    case 'concatenate':
      return joined(trace, inputs[0], inputs[1], host);
    case '@':
    case 'matmul':
    case 'mm': {
      const weight = parameterOf(inputs[1]);
      return a && weight && { kind: 'linear', layer: weight, of: a };
    }
    default:
      return undefined;
  }
}

function parameterOf(value: Value | undefined): ObjectValue | undefined {
  if (value?.kind === 'object' && isParameter(value)) return value;
  const owner = value?.kind === 'tensor' ? infoOf(value).owner : undefined;
  return owner && isParameter(owner) ? owner : undefined;
}

/** Two tensors side by side on their last axis. */
function joined(
  trace: Trace,
  list: Value | undefined,
  axis: Value | undefined,
  host: Host,
): Term | undefined {
  const items = list && host.items(list);
  const at = axis && host.dim(axis) && valueOf(host.dim(axis)!);
  const last =
    items?.every((v) => v.kind === 'tensor' && (v.shape?.length ?? 2) === 2) && (at === 1 || at === -1);
  const parts = items?.map((v) => termOf(trace, v));
  return last && parts?.every((p) => p !== undefined) ? { kind: 'concat', parts } : undefined;
}

function noteParts(trace: Trace, input: Value | undefined, result: Value & { kind: 'tuple' }): Value {
  const of = termOf(trace, input);
  if (!of) return result;
  result.items.forEach((item, index) => {
    if (item.kind === 'tensor') trace.set(item, chunk(of, index, result.items.length));
  });
  return result;
}

/** Notes what a layer gave: linear layers, and the squashing ones. */
export function noteLayer(host: Host, layer: ObjectValue, input: Value | undefined, result: Value): Value {
  const trace = traces.get(host);
  if (!trace || result.kind !== 'tensor') return result;
  const fresh = result === input ? { ...result } : result;
  const of = termOf(trace, input);
  const { draft } = layer;
  if (of && draft?.kind === 'dense' && !draft.secondInputSize)
    trace.set(fresh, { kind: 'linear', layer, of });
  else if (of && draft?.kind === 'activation' && (draft.op === 'sigmoid' || draft.op === 'tanh'))
    trace.set(fresh, { kind: 'squash', fn: draft.op, of });
  return fresh;
}
