import { layerTensors } from '../cost/layer-tensors';
import {
  type Dim,
  type Layer,
  type Message,
  type Model,
  constant,
  equalDims,
  formatDim,
  message,
  substitute,
  valueOf,
} from '../model';

/** Whether a weights file and a source describe the same model. */
export interface WeightMatch {
  /** True when every layer with weights has its counterpart with tensors of the same shapes, and nothing is left over. */
  readonly same: boolean;
  /** How many layers agree. */
  readonly agreeing: number;
  /** What differs, worst first: one sentence per layer. */
  readonly differences: readonly Message[];
  /** Values that the weights give to the source's unknown sizes: `hidden` → 128. */
  readonly settled: ReadonlyMap<string, number>;
}

interface Weighted {
  readonly path: string;
  readonly shapes: readonly (readonly Dim[])[];
}

/** More sentences than this help nobody. */
const MAX_DIFFERENCES = 20;

/**
 * Compares a model read from source with one read from a weights file, layer by layer. Layers are paired by path; a prefix that all
 * paths of one side have in front (`model.`, `module.`) is passed over. When no path fits (other frameworks name layers
 * otherwise) they are paired in order. A size the source leaves open takes the value of the first tensor that has it, and must keep it.
 */
export function matchWeights(source: Model, saved: Model): WeightMatch {
  const [wanted, found] = [weighted(source), weighted(saved)];
  const differences: Message[] = [];
  const settled = new Map<string, number>();
  const unread = [...source.layers, ...saved.layers].filter((l) => l.kind === 'unknown' && !l.stored);
  for (const layer of unread) {
    differences.push(message('The weights of {0} are not known, so they were not compared.', layer.path));
  }
  const pairs = pair(wanted, found);
  let agreeing = 0;
  for (const { source: s, saved: f } of pairs) {
    if (!s) differences.push(message('{0} is in the weights but not in the source.', f!.path));
    else if (!f) differences.push(message('{0} is in the source but not in the weights.', s.path));
    else {
      const found = differenceOf(s, f, settled);
      if (found.length === 0) agreeing++;
      differences.push(...found);
    }
  }
  if (wanted.length === 0) differences.push(message('The source declares no weights to compare.'));
  const same = differences.length === 0;
  return { same, agreeing, differences: differences.slice(0, MAX_DIFFERENCES), settled };
}

function weighted(model: Model): Weighted[] {
  return model.layers.flatMap((layer) => {
    const shapes = (layerTensors(layer) ?? []).filter((t) => t.counted).map((t) => t.shape);
    return shapes.length > 0 ? [{ path: layer.path, shapes: [...shapes, ...tiedShapes(layer)] }] : [];
  });
}

/** A tied tensor is counted elsewhere but stands in both files. */
function tiedShapes(layer: Layer): Dim[][] {
  return (layer.stored ?? [])
    .filter((t) => t.counted !== false && Object.hasOwn(layer.tied ?? {}, t.name))
    .map((t) => t.shape.map((n) => constant(n)));
}

interface Pair {
  readonly source?: Weighted;
  readonly saved?: Weighted;
}

function pair(wanted: readonly Weighted[], found: readonly Weighted[]): Pair[] {
  const prefix = bestPrefix(wanted, found);
  if (prefix === undefined) {
    return Array.from({ length: Math.max(wanted.length, found.length) }, (_, i) => ({
      ...(wanted[i] ? { source: wanted[i] } : {}),
      ...(found[i] ? { saved: found[i] } : {}),
    }));
  }
  const byPath = new Map(found.map((f) => [f.path, f]));
  const pairs: Pair[] = wanted.map((s) => {
    const saved = byPath.get(prefix + s.path);
    if (saved) byPath.delete(saved.path);
    return saved ? { source: s, saved } : { source: s };
  });
  return [...pairs, ...[...byPath.values()].map((saved) => ({ saved }))];
}

/** What stands before the source's paths in the weights, chosen so that most of them fit; undefined when none does. */
function bestPrefix(wanted: readonly Weighted[], found: readonly Weighted[]): string | undefined {
  const paths = new Set(found.map((f) => f.path));
  const candidates = new Set(['']);
  const first = wanted[0]?.path;
  for (const path of paths) {
    if (first !== undefined && path.endsWith(`.${first}`))
      candidates.add(path.slice(0, path.length - first.length));
  }
  let best: { prefix: string; count: number } | undefined;
  for (const prefix of candidates) {
    const count = wanted.filter((w) => paths.has(prefix + w.path)).length;
    if (count > 0 && (best === undefined || count > best.count)) best = { prefix, count };
  }
  return best?.prefix;
}

function differenceOf(source: Weighted, saved: Weighted, settled: Map<string, number>): Message[] {
  const differs = message(
    '{0} has tensors {1} in the source and {2} in the weights.',
    source.path,
    listed(source.shapes),
    listed(saved.shapes),
  );
  if (source.shapes.length !== saved.shapes.length) return [differs];
  // Exact shapes first, so that an open size is not taken for another tensor's.
  const left = [...saved.shapes];
  const open: (readonly Dim[])[] = [];
  for (const shape of source.shapes) {
    const at = left.findIndex((s) => s.length === shape.length && s.every((d, i) => equalDims(d, shape[i]!)));
    if (at >= 0) left.splice(at, 1);
    else open.push(shape);
  }
  for (const shape of open) {
    const at = left.findIndex((s) => settle(shape, s, settled));
    if (at < 0) return [differs];
    left.splice(at, 1);
  }
  return [];
}

/** Does a shape with open sizes fit one in numbers, given what is settled? Settles its unknowns when it does. */
function settle(shape: readonly Dim[], actual: readonly Dim[], settled: Map<string, number>): boolean {
  if (shape.length !== actual.length) return false;
  const tried = new Map(settled);
  // Multiples of one name first: they decide what longer expressions come to.
  const order = shape
    .map((_, i) => i)
    .sort((a, b) => Number(!multipleOf(shape[a]!)) - Number(!multipleOf(shape[b]!)));
  for (const i of order) {
    const dim = substitute(shape[i]!, tried);
    const value = valueOf(actual[i]!);
    if (value === undefined) continue;
    const known = valueOf(dim);
    if (known !== undefined) {
      if (known !== value) return false;
      continue;
    }
    const multiple = multipleOf(dim);
    if (!multiple) continue;
    if (value % multiple.factor !== 0) return false;
    tried.set(multiple.name, value / multiple.factor);
  }
  for (const [name, value] of tried) settled.set(name, value);
  return true;
}

/** A size that is a number times one name: `4·hidden`. */
function multipleOf(dim: Dim): { name: string; factor: number } | undefined {
  const [term] = dim.terms.size === 1 ? dim.terms.values() : [];
  const [factor] = term?.factors.length === 1 ? term.factors : [];
  if (!term || factor?.power !== 1 || factor.atom.kind !== 'symbol' || term.coefficient < 1n)
    return undefined;
  return { name: factor.atom.name, factor: Number(term.coefficient) };
}

function listed(shapes: readonly (readonly Dim[])[]): string {
  return shapes
    .slice(0, 6)
    .map((s) => `[${s.map(formatDim).join(', ')}]`)
    .join(' ');
}
