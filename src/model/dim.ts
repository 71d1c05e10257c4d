/**
 * A size: an integer, or a polynomial with integer coefficients over named unknowns and a few opaque
 * functions of them (`//`, `%`, `min`, `max` …). Two ways of writing one size have one canonical form, so equality is exact.
 */
export interface Dim {
  /** Canonical monomial key → term, in the order in which the terms first appeared (for display). */
  readonly terms: ReadonlyMap<string, Term>;
}

interface Term {
  readonly coefficient: bigint;
  readonly factors: readonly Factor[];
}

interface Factor {
  readonly atom: Atom;
  readonly power: number;
}

/** What a polynomial ranges over. */
export type Atom =
  | { readonly kind: 'symbol'; readonly name: string }
  | { readonly kind: 'call'; readonly fn: DimFunction; readonly args: readonly Dim[] };

/** Functions kept opaque. `mul` stands for a product too large to expand. */
export type DimFunction = 'floordiv' | 'ceildiv' | 'mod' | 'min' | 'max' | 'pow' | 'mul';

export type DimLike = Dim | number | bigint;

/** Products with more terms than this stay unexpanded: hostile or generated code must not blow up memory. */
const MAX_TERMS = 128;

const ZERO: Dim = { terms: new Map() };

/** A constant size. Throws RangeError for a number that is not an integer. */
export function constant(value: number | bigint): Dim {
  const n = BigInt(value);
  return n === 0n ? ZERO : { terms: new Map([['', { coefficient: n, factors: [] }]]) };
}

/** A named unknown. */
export function symbol(name: string): Dim {
  return fromAtom({ kind: 'symbol', name });
}

/** The assumed sequence length: not a name that source code can clash with. Displayed as `T`. */
export const SEQ_LEN = symbol('$T');
/** The assumed batch size. Displayed as `B`. */
export const BATCH = symbol('$B');

function fromAtom(atom: Atom): Dim {
  return { terms: new Map([[atomKey(atom), { coefficient: 1n, factors: [{ atom, power: 1 }] }]]) };
}

function lift(d: DimLike): Dim {
  return typeof d === 'object' ? d : constant(d);
}

/** A text that is equal exactly when two atoms are. That of a large product is long, so it is made once. */
export function atomKey(atom: Atom): string {
  if (atom.kind === 'symbol') return atom.name;
  const known = callKeys.get(atom);
  if (known !== undefined) return known;
  const key = `${atom.fn}(${atom.args.map(dimKey).join(',')})`;
  callKeys.set(atom, key);
  return key;
}

const callKeys = new WeakMap<Atom, string>();

function monomialKey(factors: readonly Factor[]): string {
  return factors.map((f) => (f.power === 1 ? atomKey(f.atom) : `${atomKey(f.atom)}^${f.power}`)).join('·');
}

/** A canonical text: equal exactly when the two sizes are equal as polynomials. */
export function dimKey(d: DimLike): string {
  const entries = [...lift(d).terms].map(([key, term]) => `${term.coefficient}·${key}`);
  return entries.sort().join('+') || '0';
}

export function equalDims(a: DimLike, b: DimLike): boolean {
  const [x, y] = [lift(a).terms, lift(b).terms];
  if (x === y) return true;
  if (x.size !== y.size) return false;
  for (const [key, term] of x) if (y.get(key)?.coefficient !== term.coefficient) return false;
  return true;
}

/** The value, when no unknown is left and it is an integer that JavaScript holds exactly. */
export function valueOf(d: DimLike): number | undefined {
  const dim = lift(d);
  if (dim.terms.size === 0) return 0;
  const term = dim.terms.size === 1 ? dim.terms.get('') : undefined;
  if (term === undefined) return undefined;
  const n = Number(term.coefficient);
  return Number.isSafeInteger(n) ? n : undefined;
}

/** The exact constant, however large; undefined when an unknown is left. */
export function constantOf(d: DimLike): bigint | undefined {
  const dim = lift(d);
  if (dim.terms.size === 0) return 0n;
  return dim.terms.size === 1 ? dim.terms.get('')?.coefficient : undefined;
}

/** The single name this size is, if it is nothing but a name. */
export function symbolName(d: Dim): string | undefined {
  if (d.terms.size !== 1) return undefined;
  const [term] = d.terms.values();
  const factor = term!.factors.length === 1 ? term!.factors[0]! : undefined;
  return factor?.power === 1 && term!.coefficient === 1n && factor.atom.kind === 'symbol'
    ? factor.atom.name
    : undefined;
}

export function add(...dims: readonly DimLike[]): Dim {
  const terms = new Map<string, Term>();
  for (const d of dims) {
    for (const [key, term] of lift(d).terms) accumulate(terms, key, term);
  }
  return { terms };
}

function accumulate(terms: Map<string, Term>, key: string, term: Term): void {
  const coefficient = (terms.get(key)?.coefficient ?? 0n) + term.coefficient;
  if (coefficient === 0n) terms.delete(key);
  else terms.set(key, { coefficient, factors: term.factors });
}

export function sub(a: DimLike, b: DimLike): Dim {
  return add(a, mul(-1, b));
}

export function mul(...dims: readonly DimLike[]): Dim {
  return dims.reduce<Dim>((product, d) => multiply(product, lift(d)), constant(1));
}

function multiply(a: Dim, b: Dim): Dim {
  if (a.terms.size * b.terms.size > MAX_TERMS) return fromAtom({ kind: 'call', fn: 'mul', args: [a, b] });
  const terms = new Map<string, Term>();
  for (const left of a.terms.values()) {
    for (const right of b.terms.values()) {
      const factors = multiplyFactors(left.factors, right.factors);
      accumulate(terms, monomialKey(factors), { coefficient: left.coefficient * right.coefficient, factors });
    }
  }
  return { terms };
}

function multiplyFactors(a: readonly Factor[], b: readonly Factor[]): readonly Factor[] {
  if (a.length === 0) return b;
  if (b.length === 0) return a;
  const powers = new Map<string, Factor>();
  for (const f of [...a, ...b]) {
    const key = atomKey(f.atom);
    powers.set(key, { atom: f.atom, power: (powers.get(key)?.power ?? 0) + f.power });
  }
  return [...powers].sort(([x], [y]) => (x < y ? -1 : x > y ? 1 : 0)).map(([, f]) => f);
}

/** Python's `//`: rounds down. Division by a constant zero throws RangeError. */
export function floorDiv(a: DimLike, b: DimLike): Dim {
  return call('floordiv', lift(a), lift(b));
}

export function ceilDiv(a: DimLike, b: DimLike): Dim {
  return call('ceildiv', lift(a), lift(b));
}

/** Python's `%`: takes the divisor's sign. */
export function mod(a: DimLike, b: DimLike): Dim {
  return call('mod', lift(a), lift(b));
}

export function pow(a: DimLike, b: DimLike): Dim {
  return call('pow', lift(a), lift(b));
}

export function min(...dims: readonly DimLike[]): Dim {
  return extreme('min', dims);
}

export function max(...dims: readonly DimLike[]): Dim {
  return extreme('max', dims);
}

function extreme(fn: 'min' | 'max', dims: readonly DimLike[]): Dim {
  const distinct = [...new Map(dims.map((d) => [dimKey(d), lift(d)])).values()];
  if (distinct.length === 1) return distinct[0]!;
  const constants = distinct.map(constantOf);
  if (constants.every((c) => c !== undefined)) {
    return constant(constants.reduce((x, y) => ((fn === 'min' ? y < x : y > x) ? y : x)));
  }
  return fromAtom({ kind: 'call', fn, args: distinct.sort((x, y) => (dimKey(x) < dimKey(y) ? -1 : 1)) });
}

function call(fn: DimFunction, a: Dim, b: Dim): Dim {
  const x = constantOf(a);
  const y = constantOf(b);
  if (y === 0n && fn !== 'pow' && fn !== 'mul') throw new RangeError('division by zero');
  if (x !== undefined && y !== undefined) {
    const result = applyConstant(fn, x, y);
    if (result !== undefined) return constant(result);
  } else if (y !== undefined) {
    const simpler = simplify(fn, a, y);
    if (simpler) return simpler;
  }
  return fromAtom({ kind: 'call', fn, args: [a, b] });
}

function applyConstant(fn: DimFunction, x: bigint, y: bigint): bigint | undefined {
  switch (fn) {
    case 'floordiv':
      return floorDivide(x, y);
    case 'ceildiv':
      return -floorDivide(-x, y);
    case 'mod':
      return x - floorDivide(x, y) * y;
    case 'pow':
      // An exponent that could fill memory stays opaque.
      return y >= 0n && y <= 64n ? x ** y : undefined;
    case 'mul':
      return x * y;
    case 'min':
      return x < y ? x : y;
    case 'max':
      return x > y ? x : y;
  }
}

function floorDivide(x: bigint, y: bigint): bigint {
  const q = x / y;
  return x % y !== 0n && x < 0n !== y < 0n ? q - 1n : q;
}

function simplify(fn: DimFunction, a: Dim, y: bigint): Dim | undefined {
  const divisible = () => [...a.terms.values()].every((t) => t.coefficient % y === 0n);
  if ((fn === 'floordiv' || fn === 'ceildiv') && divisible()) {
    return { terms: new Map([...a.terms].map(([k, t]) => [k, { ...t, coefficient: t.coefficient / y }])) };
  }
  if (fn === 'mod' && divisible()) return ZERO;
  if (fn === 'pow' && y >= 0n && y <= 4n) return mul(...Array.from({ length: Number(y) }, () => a));
  return undefined;
}

/** Replaces unknowns by sizes; names that `values` lacks stay. */
export function substitute(d: DimLike, values: ReadonlyMap<string, DimLike>): Dim {
  const dim = lift(d);
  if (dim.terms.size === 0 || constantOf(dim) !== undefined) return dim;
  return add(
    ...[...dim.terms.values()].map((term) =>
      mul(term.coefficient, ...term.factors.map((f) => repeat(substituteAtom(f.atom, values), f.power))),
    ),
  );
}

function repeat(d: Dim, power: number): Dim {
  return mul(...Array.from({ length: power }, () => d));
}

function substituteAtom(atom: Atom, values: ReadonlyMap<string, DimLike>): Dim {
  if (atom.kind === 'symbol') {
    const value = values.get(atom.name);
    return value === undefined ? fromAtom(atom) : lift(value);
  }
  const args = atom.args.map((a) => substitute(a, values));
  if (atom.fn === 'min' || atom.fn === 'max') return extreme(atom.fn, args);
  if (atom.fn === 'mul') return mul(...args);
  return call(atom.fn, args[0]!, args[1]!);
}

/** Every unknown's name, in order of appearance, {@link SEQ_LEN} and {@link BATCH} among them. */
export function symbolsIn(d: DimLike, into = new Set<string>()): Set<string> {
  for (const term of lift(d).terms.values()) {
    for (const { atom } of term.factors) {
      if (atom.kind === 'symbol') into.add(atom.name);
      else for (const arg of atom.args) symbolsIn(arg, into);
    }
  }
  return into;
}
