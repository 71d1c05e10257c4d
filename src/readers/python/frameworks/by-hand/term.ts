/*
 * What a forward pass computes, as formulas: enough of it to know a cell that is written by hand from linear layers. Whatever is
 * not one of these is a leaf, known only by its identity.
 */
export type Term =
  | { readonly kind: 'leaf'; readonly of: object }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'sum'; readonly terms: readonly { readonly sign: 1 | -1; readonly term: Term }[] }
  | { readonly kind: 'product'; readonly factors: readonly Term[] }
  | { readonly kind: 'squash'; readonly fn: 'sigmoid' | 'tanh'; readonly of: Term }
  /** A weight matrix applied; `layer` is the object that holds it. */
  | { readonly kind: 'linear'; readonly layer: object; readonly of: Term }
  | { readonly kind: 'concat'; readonly parts: readonly Term[] }
  /** One of `count` equal parts of the last axis. */
  | { readonly kind: 'chunk'; readonly of: Term; readonly index: number; readonly count: number };

export function leaf(of: object): Term {
  return { kind: 'leaf', of };
}

export function sum(a: Term, b: Term, sign: 1 | -1 = 1): Term {
  return {
    kind: 'sum',
    terms: [
      { sign: 1, term: a },
      { sign, term: b },
    ],
  };
}

export function product(a: Term, b: Term): Term {
  return { kind: 'product', factors: [a, b] };
}

/** One of `count` equal parts of the last axis: of something elementwise, that of the parts. */
export function chunk(of: Term, index: number, count: number): Term {
  const part = (t: Term) => chunk(t, index, count);
  switch (of.kind) {
    case 'number':
      return of;
    case 'squash':
      return { ...of, of: part(of.of) };
    case 'sum':
      return { kind: 'sum', terms: of.terms.map(({ sign, term }) => ({ sign, term: part(term) })) };
    case 'product':
      return { kind: 'product', factors: of.factors.map(part) };
    default:
      return { kind: 'chunk', of, index, count };
  }
}

/** A sum of products of atoms: terms that are neither sums nor products. */
export type Polynomial = ReadonlyMap<string, Monomial>;

export interface Monomial {
  readonly coefficient: number;
  readonly atoms: readonly Term[];
}

/** Formulas with more terms than this are no cell. */
const MAX_TERMS = 32;

/** Gives equal formulas equal names, by structure; objects get numbers. */
export class Names {
  private readonly numbers = new Map<object, number>();

  private number(of: object): number {
    const known = this.numbers.get(of);
    if (known !== undefined) return known;
    this.numbers.set(of, this.numbers.size);
    return this.numbers.size - 1;
  }

  of(term: Term): string {
    switch (term.kind) {
      case 'leaf':
        return `#${this.number(term.of)}`;
      case 'number':
        return String(term.value);
      case 'sum':
      case 'product': {
        const poly = this.polynomial(term);
        return poly
          ? `(${[...poly]
              .map(([key, m]) => `${m.coefficient}*${key}`)
              .sort()
              .join('+')})`
          : `?${this.number(term)}`;
      }
      case 'squash':
        return `${term.fn}(${this.of(term.of)})`;
      case 'linear':
        return `L${this.number(term.layer)}(${this.of(term.of)})`;
      case 'concat':
        return `[${term.parts.map((p) => this.of(p)).join('|')}]`;
      case 'chunk':
        return `${this.of(term.of)}:${term.index}/${term.count}`;
    }
  }

  /** Multiplied out; undefined when that grows too large. */
  polynomial(term: Term): Polynomial | undefined {
    switch (term.kind) {
      case 'number':
        return poly(term.value === 0 ? [] : [{ coefficient: term.value, atoms: [] }], this);
      case 'sum': {
        const all: Monomial[] = [];
        for (const { sign, term: part } of term.terms) {
          const p = this.polynomial(part);
          if (!p) return undefined;
          for (const m of p.values()) all.push({ ...m, coefficient: sign * m.coefficient });
        }
        return poly(all, this);
      }
      case 'product': {
        let result: readonly Monomial[] = [{ coefficient: 1, atoms: [] }];
        for (const factor of term.factors) {
          const p = this.polynomial(factor);
          if (!p || result.length * p.size > MAX_TERMS) return undefined;
          result = result.flatMap((a) =>
            [...p.values()].map((b) => ({
              coefficient: a.coefficient * b.coefficient,
              atoms: [...a.atoms, ...b.atoms],
            })),
          );
        }
        return poly(result, this);
      }
      default:
        return poly([{ coefficient: 1, atoms: [term] }], this);
    }
  }
}

function poly(monomials: readonly Monomial[], names: Names): Polynomial | undefined {
  const result = new Map<string, Monomial>();
  for (const { coefficient, atoms } of monomials) {
    const key = atoms
      .map((a) => names.of(a))
      .sort()
      .join('·');
    const before = result.get(key);
    const total = (before?.coefficient ?? 0) + coefficient;
    if (total === 0) result.delete(key);
    else result.set(key, { coefficient: total, atoms });
  }
  return result.size > MAX_TERMS ? undefined : result;
}
