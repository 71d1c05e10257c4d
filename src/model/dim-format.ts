import { type Atom, type Dim, type DimFunction, type DimLike, atomKey, constant } from './dim';

type Term = Dim['terms'] extends ReadonlyMap<string, infer T> ? T : never;

/**
 * A size as a formula, with what all terms share taken out: `4·nhid·(ninp + nhid + 2)`.
 * Integers stand as plain digits, so that the text can be evaluated again.
 */
export function formatDim(d: DimLike): string {
  return formatWith(d, formatFactor);
}

/**
 * The same text with numbers in place of the names: `4·128·(64 + 128 + 2)`. Powers are written out as products,
 * so that for a size without opaque functions the text is plain arithmetic. Names without a value stay.
 */
export function formatFilled(d: DimLike, values: ReadonlyMap<string, bigint | number>): string {
  return formatWith(d, ({ atom, power }) => {
    const value = atom.kind === 'symbol' ? values.get(atom.name) : undefined;
    return value === undefined
      ? formatFactor({ atom, power })
      : Array.from({ length: power }, () => String(value)).join('·');
  });
}

type FormatFactor = (factor: Term['factors'][number]) => string;

function formatWith(d: DimLike, factor: FormatFactor): string {
  const dim = typeof d === 'object' ? d : constant(d);
  const terms = [...dim.terms.values()];
  if (terms.length === 0) return '0';
  if (terms.length === 1) return formatTerm(terms[0]!, factor);
  const shared = sharedPart(terms);
  const rest = joinTerms(
    terms.map((t) => divide(t, shared)),
    factor,
  );
  const front = formatTerm(shared, factor);
  // A shared part that is a number or a name can both read "1" once filled in; only the bare number is left out.
  const bare = shared.factors.length === 0;
  return bare && front === '1' ? rest : bare && front === '-1' ? `-(${rest})` : `${front}·(${rest})`;
}

function joinTerms(terms: readonly Term[], factor: FormatFactor): string {
  return terms
    .map((t, i) => {
      if (i === 0) return formatTerm(t, factor);
      return t.coefficient < 0n
        ? ` - ${formatTerm({ ...t, coefficient: -t.coefficient }, factor)}`
        : ` + ${formatTerm(t, factor)}`;
    })
    .join('');
}

function formatFactor({ atom, power }: Term['factors'][number]): string {
  return power === 1 ? formatAtom(atom) : `${formatAtom(atom)}${superscript(power)}`;
}

function formatTerm(t: Term, factor: FormatFactor): string {
  const factors = t.factors.map(factor);
  if (factors.length === 0) return String(t.coefficient);
  if (t.coefficient === 1n) return factors.join('·');
  if (t.coefficient === -1n) return `-${factors.join('·')}`;
  return [String(t.coefficient), ...factors].join('·');
}

function superscript(power: number): string {
  return [...String(power)].map((digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)]).join('');
}

const INFIX: Partial<Record<DimFunction, string>> = { floordiv: '//', mod: '%', pow: '**', mul: '·' };

function formatAtom(atom: Atom): string {
  if (atom.kind === 'symbol') return displayName(atom.name);
  const infix = INFIX[atom.fn];
  if (infix === undefined) return `${atom.fn}(${atom.args.map(formatDim).join(', ')})`;
  return `(${atom.args.map((a) => (a.terms.size > 1 ? `(${formatDim(a)})` : formatDim(a))).join(` ${infix} `)})`;
}

/** An unknown's name as people see it: the assumed sequence length and batch are `T` and `B`. */
export function displayName(name: string): string {
  return name === '$T' ? 'T' : name === '$B' ? 'B' : name;
}

function sharedPart(terms: readonly Term[]): Term {
  let coefficient = terms.reduce((g, t) => gcd(g, t.coefficient), 0n);
  if (terms[0]!.coefficient < 0n) coefficient = -coefficient;
  const factors = terms[0]!.factors
    .map((f) => ({ atom: f.atom, power: Math.min(...terms.map((t) => powerOf(t, f.atom))) }))
    .filter((f) => f.power > 0);
  return { coefficient, factors };
}

function powerOf(t: Term, atom: Atom): number {
  return t.factors.find((f) => f.atom === atom || atomKey(f.atom) === atomKey(atom))?.power ?? 0;
}

function divide(t: Term, by: Term): Term {
  const factors = t.factors
    .map((f) => ({ atom: f.atom, power: f.power - powerOf(by, f.atom) }))
    .filter((f) => f.power > 0);
  return { coefficient: t.coefficient / by.coefficient, factors };
}

function gcd(a: bigint, b: bigint): bigint {
  let [x, y] = [a < 0n ? -a : a, b < 0n ? -b : b];
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
}
