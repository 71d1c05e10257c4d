import {
  type Dim,
  type LayerCall,
  type RecurrentLayer,
  type StoredStretch,
  constant,
  message,
  valueOf,
} from '../../model';
import { assemble } from './assemble';
import { type Around, type Building, type Part, dimsFact, storedName, whole } from './context';
import { type Node, type TensorInfo, intOf } from './graph';
import { type PartShape, type Scope, constantsBehind } from './scope';

const GATES = { RNN: 1, GRU: 3, LSTM: 4 } as const;
const KINDS = { RNN: 'rnn', GRU: 'gru', LSTM: 'lstm' } as const;
/** Inputs by position: X, W, R, B, sequence_lens, initial_h, and for LSTM initial_c, P. */
const ROLES = { 1: 'W', 2: 'R', 3: 'B', 7: 'P' } as const;

/**
 * An LSTM, GRU or RNN node as a layer. Sizes come from the shapes of W [directions, gates·H, I] and R [directions, gates·H, H], whether they are
 * constants, computed from constants, or fed in. Undefined (with the constants left to be counted loose) when they contradict each other.
 */
export function recurrentLayer(
  node: Node,
  scope: Scope,
  building: Building,
  around: Around,
): RecurrentLayer | undefined {
  const op = node.opType as keyof typeof GATES;
  const [w, r] = [scope.shape(node.inputs[1] ?? ''), scope.shape(node.inputs[2] ?? '')];
  const x = scope.shape(node.inputs[0] ?? '');
  const hidden = node.attributes.get('hidden_size')?.i ?? (r?.[2] && valueOf(r[2]));
  const input = w?.[2] ?? x?.[2];
  if (hidden === undefined || hidden <= 0 || input === undefined) return undefined;
  const direction = node.attributes.get('direction')?.s ?? 'forward';
  const directions = direction === 'bidirectional' ? 2 : 1;
  const rows = GATES[op] * hidden;
  if (!fits(w, [directions, rows, undefined]) || !fits(r, [directions, rows, hidden])) return undefined;
  const kind = KINDS[op];
  const bias = has(node, 3);
  const peepholes = kind === 'lstm' && has(node, 7);
  const layout = intOf(node, 'layout', 0);
  const typeName = direction === 'forward' ? op : `${op} (${direction})`;
  const call = recurrentCall(node, scope, building, around, x, layout);
  const parts = partsOf(node, scope);
  return {
    ...building.base(node, typeName, parts, around, call),
    kind,
    inputSize: input,
    hiddenSize: constant(hidden),
    numLayers: constant(1),
    directions: constant(directions),
    bias: constant(bias ? 1 : 0),
    ...(kind === 'gru' ? { resetAfter: constant(intOf(node, 'linear_before_reset', 0) !== 0 ? 1 : 0) } : {}),
    ...(peepholes ? { peepholes: constant(1) } : {}),
    ...(kind === 'lstm' && intOf(node, 'input_forget', 0) !== 0 ? { coupledGates: true } : {}),
    ...(directions === 2 ? { mergeMode: 'none' as const } : {}),
    ...activations(kind, node.attributes.get('activations')?.strings),
    returnSequences: (node.outputs[0] ?? '') !== '',
    batchFirst: layout === 1,
    facts: factsOf(parts, building),
    operands: operandsOf(node, scope, parts),
  };
}

function has(node: Node, input: number): boolean {
  return (node.inputs[input] ?? '') !== '';
}

function fits(shape: PartShape | undefined, expected: readonly (number | undefined)[]): boolean {
  if (shape === undefined) return true;
  if (shape.length !== expected.length) return false;
  return expected.every((n, i) => n === undefined || shape[i] === undefined || valueOf(shape[i]) === n);
}

/** W, R, B, P as they are stored. Weights that are fed in have no tensor in the file: their count comes from the sizes. */
function partsOf(node: Node, scope: Scope): readonly Part[] {
  const parts: Part[] = [];
  for (const [position, role] of Object.entries(ROLES)) {
    if (role === 'P' && node.opType !== 'LSTM') continue;
    const name = node.inputs[Number(position)] ?? '';
    if (name === '') continue;
    const tensors = constantsBehind(scope, name);
    // One part that is not in the file makes the stored list incomplete, so that the formula must count instead.
    if (!tensors || tensors.some((t) => t.invalid)) return [];
    parts.push({ role, tensors: tensors.filter((t) => t.dtype !== 'int64' && t.dtype !== 'int32') });
  }
  return parts;
}

/** What the operator gets as W, R and B, where it is stored as such. A weight that was computed or retyped is left out. */
function operandsOf(
  node: Node,
  scope: Scope,
  parts: readonly Part[],
): NonNullable<RecurrentLayer['operands']> {
  const operands: Record<string, readonly StoredStretch[]> = {};
  for (const { role, tensors } of parts) {
    const position = Object.entries(ROLES).find(([, r]) => r === role)?.[0];
    const stretches = assemble(scope, node.inputs[Number(position)] ?? '');
    if (!stretches) continue;
    operands[role] = stretches.map(({ tensor, start, length }) => ({
      tensor: storedName({ role, tensors }, tensor),
      start,
      length,
    }));
  }
  return operands;
}

function factsOf(parts: readonly Part[], building: Building) {
  const single = (role: string): TensorInfo | undefined => {
    const tensors = parts.find((p) => p.role === role)?.tensors;
    return tensors?.length === 1 ? tensors[0] : undefined;
  };
  const [w, r] = [single('W'), single('R')];
  return {
    ...(w ? { inputSize: dimsFact(building, w) } : {}),
    ...(r ? { hiddenSize: dimsFact(building, r) } : {}),
  };
}

function recurrentCall(
  node: Node,
  scope: Scope,
  building: Building,
  around: Around,
  x: PartShape | undefined,
  layout: number,
): LayerCall {
  const name = around.prefix + (node.name || (node.outputs[0] ?? node.opType));
  const axis = (at: number, what: 'steps' | 'batch'): Dim =>
    x?.[at] ??
    building.unknown(
      `${name}.${what}`,
      what === 'steps'
        ? message('How many steps reach {0} could not be followed through the graph.', name)
        : message('How many sequences reach {0} at once could not be followed through the graph.', name),
      node.name,
    );
  // In a branch there is no call, and so nothing that needs these sizes.
  const known = around.callsUnknown === undefined;
  const out = node.outputs.find((o) => o !== '');
  const output = out === undefined ? undefined : whole(scope.shape(out));
  return {
    inputs: [whole(x)],
    ...(output ? { output } : {}),
    ...(known
      ? { steps: axis(layout === 1 ? 1 : 0, 'steps'), batch: axis(layout === 1 ? 0 : 1, 'batch') }
      : {}),
    times: around.times,
  };
}

/** One function for RNN, (gates, candidate) for GRU, (gates, cell, output) for LSTM; only named when the file names them. */
function activations(kind: 'rnn' | 'gru' | 'lstm', names: readonly string[] | undefined) {
  if (!names) return {};
  if (kind === 'rnn') return { activation: names[0]!.toLowerCase() };
  return {
    recurrentActivation: names[0]!.toLowerCase(),
    ...(names[1] ? { activation: names[1].toLowerCase() } : {}),
  };
}
