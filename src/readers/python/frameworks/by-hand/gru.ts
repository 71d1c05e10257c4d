import { constant, equalDims, mul, sub, type Dim } from '../../../../model';
import type { Names } from './term';
import { type Polynomial, type Term } from './term';

/** What is known of the matrix behind a linear term. */
export interface Matrix {
  readonly inputSize: Dim;
  readonly outputSize: Dim;
  /** Whether it adds a bias of its own. */
  readonly bias: boolean;
}

/** A GRU cell made of linear layers. */
export interface GruByHand {
  readonly inputSize: Dim;
  readonly hiddenSize: Dim;
  /** The reset gate acts after the recurrent product. */
  readonly resetAfter: boolean;
  /** z is the share of the old state that stays; else the share of the candidate that comes in. */
  readonly keeps: boolean;
  /** Bias vectors per gate. */
  readonly biases: 0 | 1 | 2;
  /** Everything it takes its weights from. */
  readonly parts: readonly object[];
}

interface Ask {
  readonly names: Names;
  readonly input: object;
  readonly state: object;
  matrix(layer: object): Matrix | undefined;
  /** Is a leaf a free vector of weights that is added: a bias? Its length. */
  bias(leaf: object): Dim | undefined;
}

/** What one gate takes: which matrices (whole or in part) of the input and of the state, and how many biases. */
interface Gate {
  readonly uses: readonly { readonly layer: object; readonly index: number; readonly count: number }[];
  readonly biases: number;
  readonly inputSize: Dim;
  readonly hiddenSize: Dim;
  readonly biasParts: readonly object[];
}

/**
 * Is `next` the new state of a GRU? Decided by algebra: multiplied out, it must be h − z·h + z·n or n − z·n + z·h, with z and r sigmoids of
 * linear functions of input and state, and n the tanh of one in which r stands before or after the recurrent product. Names play no part.
 */
export function gruOf(next: Term, ask: Ask): GruByHand | undefined {
  const mixed = ask.names.polynomial(next);
  if (!mixed || mixed.size !== 3) return undefined;
  const { update, candidate, keeps } = mixOf(mixed, ask) ?? {};
  if (!update || !candidate || keeps === undefined) return undefined;
  const z = gateOf(update, undefined, ask);
  const n = candidateOf(candidate, ask);
  if (!z || !n) return undefined;
  const r = gateOf(n.reset, undefined, ask);
  if (!r) return undefined;
  const gates = [z, r, n.gate];
  const [first] = gates;
  const alike = gates.every(
    (g) => equalDims(g.inputSize, first!.inputSize) && equalDims(g.hiddenSize, first!.hiddenSize),
  );
  const biases = first!.biases;
  if (!alike || gates.some((g) => g.biases !== biases) || biases > 2 || !ownWeights(gates)) return undefined;
  return {
    inputSize: first!.inputSize,
    hiddenSize: first!.hiddenSize,
    resetAfter: n.after,
    keeps,
    biases: biases as 0 | 1 | 2,
    parts: [...new Set(gates.flatMap((g) => [...g.uses.map((u) => u.layer), ...g.biasParts]))],
  };
}

/** Which gate mixes which two: `a − z·a + z·b`. */
function mixOf(
  mixed: Polynomial,
  ask: Ask,
): { readonly update: Term; readonly candidate: Term; readonly keeps: boolean } | undefined {
  const all = [...mixed.values()];
  const alone = all.find((m) => m.atoms.length === 1 && m.coefficient === 1);
  const minus = all.find((m) => m.atoms.length === 2 && m.coefficient === -1);
  const plus = all.find((m) => m.atoms.length === 2 && m.coefficient === 1);
  if (!alone || !minus || !plus) return undefined;
  const [a] = alone.atoms as [Term];
  const update = other(minus.atoms, a, ask);
  const b = update && other(plus.atoms, update, ask);
  if (!update || !b) return undefined;
  const isState = (t: Term) => t.kind === 'leaf' && t.of === ask.state;
  if (isState(a) && isTanh(b)) return { update, candidate: b, keeps: false };
  if (isTanh(a) && isState(b)) return { update, candidate: a, keeps: true };
  return undefined;
}

/** Of two factors the one that is not `known`. */
function other(atoms: readonly Term[], known: Term, ask: Ask): Term | undefined {
  const name = ask.names.of(known);
  const rest = atoms.filter((t) => ask.names.of(t) !== name);
  return rest.length === 1 ? rest[0] : undefined;
}

function isTanh(t: Term): boolean {
  return t.kind === 'squash' && t.fn === 'tanh';
}

/** `sigmoid(W x + U h + b)` with what stands for h given by `state` (default: the state itself). */
function gateOf(term: Term, state: Term | undefined, ask: Ask): Gate | undefined {
  if (term.kind !== 'squash' || (state === undefined && term.fn !== 'sigmoid')) return undefined;
  const inner = ask.names.polynomial(term.of);
  return inner && linearOf([...inner.values()], state ?? { kind: 'leaf', of: ask.state }, ask);
}

/** The sum of one linear function of the input, one of the state, and biases. */
function linearOf(
  monomials: readonly { readonly coefficient: number; readonly atoms: readonly Term[] }[],
  state: Term,
  ask: Ask,
): Gate | undefined {
  const uses: Gate['uses'][number][] = [];
  const biasParts: object[] = [];
  let biases = 0;
  let inputSize: Dim | undefined;
  let fromState = false;
  let hidden: Dim | undefined;
  const same = (size: Dim): boolean =>
    hidden === undefined ? ((hidden = size), true) : equalDims(hidden, size);
  const stateName = ask.names.of(state);
  const isInput = (t: Term) => t.kind === 'leaf' && t.of === ask.input;
  const isState = (t: Term) => ask.names.of(t) === stateName;
  for (const { coefficient, atoms } of monomials) {
    const [atom, more] = atoms;
    if (coefficient !== 1 || !atom || more) return undefined;
    const length = atom.kind === 'leaf' ? ask.bias(atom.of) : undefined;
    if (atom.kind === 'leaf' && length) {
      if (!same(length)) return undefined;
      biases++;
      biasParts.push(atom.of);
      continue;
    }
    const { linear, index, count } =
      atom.kind === 'chunk'
        ? { linear: atom.of, index: atom.index, count: atom.count }
        : { linear: atom, index: 0, count: 1 };
    if (linear.kind !== 'linear') return undefined;
    const matrix = ask.matrix(linear.layer);
    if (!matrix) return undefined;
    uses.push({ layer: linear.layer, index, count });
    if (matrix.bias) biases++;
    const size = count === 1 ? matrix.outputSize : hiddenOf(matrix.outputSize, count, hidden);
    if (!size || !same(size)) return undefined;
    const { of } = linear;
    const joint =
      of.kind === 'concat' && of.parts.length === 2 && of.parts.some(isInput) && of.parts.some(isState);
    if (isInput(of) || joint) {
      if (inputSize !== undefined) return undefined;
      inputSize = joint ? sub(matrix.inputSize, size) : matrix.inputSize;
    }
    if (isState(of) || joint) {
      if (fromState || (!joint && !equalDims(matrix.inputSize, size))) return undefined;
      fromState = true;
    }
    if (!isInput(of) && !isState(of) && !joint) return undefined;
  }
  if (!inputSize || !fromState || !hidden) return undefined;
  return { uses, biases, inputSize, hiddenSize: hidden, biasParts };
}

/** The size of one of several parts of an axis. */
function hiddenOf(whole: Dim, count: number, known: Dim | undefined): Dim | undefined {
  if (known) return equalDims(mul(known, count), whole) ? known : undefined;
  const terms = [...whole.terms.values()];
  const divisible = terms.every((t) => t.coefficient % BigInt(count) === 0n);
  if (!divisible) return undefined;
  // Exact, term by term.
  const value = terms.length === 1 && terms[0]!.factors.length === 0 ? terms[0]!.coefficient : undefined;
  if (value !== undefined) return constant(value / BigInt(count));
  return dividedBy(whole, count);
}

function dividedBy(whole: Dim, count: number): Dim | undefined {
  // Only `n · H` with a plain H is taken apart.
  const [term] = [...whole.terms.values()];
  if (!term || whole.terms.size !== 1 || term.coefficient !== BigInt(count)) return undefined;
  const key = [...whole.terms.keys()][0]!;
  return { terms: new Map([[key, { ...term, coefficient: 1n }]]) };
}

/** The candidate: where the reset gate stands, and the rest of it as a gate. */
function candidateOf(
  term: Term,
  ask: Ask,
): { readonly reset: Term; readonly after: boolean; readonly gate: Gate } | undefined {
  if (term.kind !== 'squash' || term.fn !== 'tanh') return undefined;
  const inner = ask.names.polynomial(term.of);
  if (!inner) return undefined;
  const all = [...inner.values()];
  const products = all.filter((m) => m.atoms.length === 2);
  if (products.length > 0) return resetAfter(all, ask);
  const scaled = all.flatMap((m) => m.atoms).flatMap((a) => scaledState(a, ask));
  const [state] = scaled;
  if (scaled.length !== 1 || !state) return undefined;
  const gate = linearOf(all, state.term, ask);
  return gate && { reset: state.reset, after: false, gate };
}

/** `r ⊙ h` as what a linear term is applied to, alone or beside the input. */
function scaledState(atom: Term, ask: Ask): { readonly term: Term; readonly reset: Term }[] {
  const linear = atom.kind === 'chunk' ? atom.of : atom;
  if (linear.kind !== 'linear') return [];
  const parts = linear.of.kind === 'concat' ? linear.of.parts : [linear.of];
  return parts.flatMap((part) => {
    const product = part.kind === 'product' ? ask.names.polynomial(part) : undefined;
    const only = product?.size === 1 ? [...product.values()][0] : undefined;
    if (!only || only.coefficient !== 1 || only.atoms.length !== 2) return [];
    const reset = only.atoms.find((a) => a.kind === 'squash' && a.fn === 'sigmoid');
    const state = only.atoms.find((a) => a.kind === 'leaf' && a.of === ask.state);
    return reset && state ? [{ term: part, reset }] : [];
  });
}

/** `W x + r ⊙ (U h + b)`, multiplied out: whatever stands beside r is the recurrent product. */
function resetAfter(
  all: readonly { readonly coefficient: number; readonly atoms: readonly Term[] }[],
  ask: Ask,
): { readonly reset: Term; readonly after: boolean; readonly gate: Gate } | undefined {
  const products = all.filter((m) => m.atoms.length === 2);
  const resets = products.map((m) => m.atoms.filter((a) => a.kind === 'squash' && a.fn === 'sigmoid'));
  const reset = resets[0]?.[0];
  if (!reset || resets.some((r) => r.length !== 1 || ask.names.of(r[0]!) !== ask.names.of(reset)))
    return undefined;
  const rest = all.map((m) =>
    m.atoms.length === 2 ? { ...m, atoms: m.atoms.filter((a) => a !== m.atoms.find(isReset)) } : m,
  );
  function isReset(a: Term): boolean {
    return a.kind === 'squash' && a.fn === 'sigmoid';
  }
  // Inside the brackets stand the state's product and its bias, outside the input's.
  const bracketed = products.flatMap((m) => m.atoms.filter((a) => !isReset(a)));
  const isState = (a: Term): boolean => {
    const linear = a.kind === 'chunk' ? a.of : a;
    return linear.kind === 'linear' && linear.of.kind === 'leaf' && linear.of.of === ask.state;
  };
  if (bracketed.filter(isState).length !== 1) return undefined;
  if (bracketed.some((a) => !isState(a) && !(a.kind === 'leaf' && ask.bias(a.of)))) return undefined;
  const gate = linearOf(rest, { kind: 'leaf', of: ask.state }, ask);
  return gate && { reset, after: true, gate };
}

/** No weight serves two gates, and no part of a matrix is left over. */
function ownWeights(gates: readonly Gate[]): boolean {
  const uses = gates.flatMap((g) => g.uses);
  const biases = gates.flatMap((g) => g.biasParts);
  if (new Set(biases).size !== biases.length) return false;
  const byLayer = new Map<object, { indices: Set<number>; count: number; times: number }>();
  for (const { layer, index, count } of uses) {
    const known = byLayer.get(layer) ?? { indices: new Set<number>(), count, times: 0 };
    known.indices.add(index);
    known.times++;
    byLayer.set(layer, known);
    if (known.count !== count) return false;
  }
  return [...byLayer.values()].every((l) => l.indices.size === l.count && l.times === l.count);
}
