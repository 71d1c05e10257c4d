import { substitute, symbol, symbolsIn, type Dim, type DimLike, type Layer } from '../../../model';

/**
 * Symbols are unique in a reading (`hidden#2`); in one model the plain name is enough unless it holds both.
 * Returns the layers with plain names where possible, and what each symbol is called now.
 */
export function withPlainNames(layers: readonly Layer[]): {
  layers: readonly Layer[];
  names: ReadonlyMap<string, string>;
} {
  const used = new Set<string>();
  eachDim(layers, (d) => {
    symbolsIn(d, used);
    return d;
  });
  for (const layer of layers)
    if (layer.kind === 'unknown') for (const name of layer.dependsOn) used.add(name);
  const names = new Map<string, string>();
  const taken = new Set([...used].filter((n) => !n.includes('#')));
  for (const name of used) {
    const at = name.lastIndexOf('#');
    if (at <= 0 || !/^\d+$/.test(name.slice(at + 1))) continue;
    const base = name.slice(0, at);
    // The first has the plain name, the others are numbered in this model: not by what else the file holds.
    let plain = base;
    for (let n = 2; taken.has(plain); n++) plain = `${base}#${n}`;
    taken.add(plain);
    if (plain !== name) names.set(name, plain);
  }
  if (names.size === 0) return { layers, names };
  const values = new Map<string, DimLike>([...names].map(([from, to]) => [from, symbol(to)]));
  const renamed = eachDim(layers, (d) => substitute(d, values)) as Layer[];
  return {
    layers: renamed.map((l) =>
      l.kind === 'unknown' ? { ...l, dependsOn: l.dependsOn.map((n) => names.get(n) ?? n) } : l,
    ),
    names,
  };
}

/** A copy of plain data with every size in it replaced. */
export function eachDim(value: unknown, f: (d: Dim) => Dim): unknown {
  if (value === null || typeof value !== 'object') return value;
  if ('terms' in value && value.terms instanceof Map) return f(value as Dim);
  if (Array.isArray(value)) return value.map((item) => eachDim(item, f));
  const copy: Record<string, unknown> = {};
  for (const [key, part] of Object.entries(value)) {
    copy[key] = key === 'source' || key === 'facts' || key === 'reason' ? part : eachDim(part, f);
  }
  return copy;
}
