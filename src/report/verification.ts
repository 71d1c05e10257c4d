import type { ModelCost } from '../cost/types';
import { isRecurrent, message, valueOf, type Layer, type Message } from '../model';
import { formatCount } from './numbers';

/** One weight as the framework itself names and counts it. */
export interface CountedWeight {
  readonly name: string;
  readonly count: number;
  readonly trainable: boolean;
}

/** What the framework said of one model. */
export type Counted =
  | { readonly name: string; readonly framework: string; readonly weights: readonly CountedWeight[] }
  | { readonly name: string; readonly error: string };

/** One line of the comparison; a number is undefined where that side has none. */
export interface VerifiedRow {
  readonly path: string;
  readonly ours: number | undefined;
  readonly theirs: number | undefined;
}

export interface Verified {
  readonly rows: readonly VerifiedRow[];
  readonly total: VerifiedRow;
}

/** Puts the framework's weights beside our layers: each goes to the layer whose path its name starts with. */
export function verify(cost: ModelCost, weights: readonly CountedWeight[]): Verified {
  const layers = cost.layers.filter((l) => l.layer.kind === 'unknown' || valueOf(l.params?.total ?? 0) !== 0);
  const sums = new Map<string, number>();
  const strays = new Map<string, number>();
  const names = new Set(layers.map((l) => l.layer.path));
  for (const { name, count } of weights) {
    const owner = ownerOf(
      name,
      layers.map((l) => l.layer),
      names,
    );
    const into = owner === undefined ? strays : sums;
    const key = owner ?? name;
    into.set(key, (into.get(key) ?? 0) + count);
  }
  takeInOrder(layers, sums, strays);
  const rows = layers.map((l): VerifiedRow => ({
    path: l.layer.path,
    ours: l.params && valueOf(l.params.total),
    theirs: sums.get(l.layer.path),
  }));
  for (const [path, theirs] of strays) rows.push({ path, ours: undefined, theirs });
  const theirs = weights.reduce((sum, w) => sum + w.count, 0);
  return { rows, total: { path: 'total', ours: cost.params && valueOf(cost.params.total), theirs } };
}

/**
 * Keras numbers its layers through the whole program, so names may not meet: a layer that got nothing takes the next weights whose sum is
 * exactly its own.
 */
function takeInOrder(
  layers: ModelCost['layers'],
  sums: Map<string, number>,
  strays: Map<string, number>,
): void {
  for (const { layer, params } of layers) {
    const wanted = params && valueOf(params.total);
    if (sums.has(layer.path) || wanted === undefined) continue;
    const taken: string[] = [];
    let sum = 0;
    for (const [name, count] of strays) {
      if (sum >= wanted) break;
      taken.push(name);
      sum += count;
    }
    if (sum !== wanted) continue;
    for (const name of taken) strays.delete(name);
    sums.set(layer.path, sum);
  }
}

/** The layer a weight belongs to: the longest path that its name starts with, its model's own name left out. */
function ownerOf(name: string, layers: readonly Layer[], paths: ReadonlySet<string>): string | undefined {
  for (const candidate of [name, name.slice(name.indexOf('.') + 1)]) {
    const hand = layers.find((l) => isRecurrent(l) && l.byHand?.parts.some((p) => starts(candidate, p)));
    if (hand) return hand.path;
    const parts = candidate.split('.');
    for (let n = parts.length; n > 0; n--) {
      const path = parts.slice(0, n).join('.');
      if (paths.has(path)) return path;
    }
  }
  return undefined;
}

function starts(name: string, path: string): boolean {
  return name === path || name.startsWith(`${path}.`);
}

/** Does a row agree? Undefined where one side has no number. */
export function agrees({ ours, theirs }: VerifiedRow): boolean | undefined {
  return ours === undefined || theirs === undefined ? undefined : ours === theirs;
}

/** The outcome for one model in a sentence. */
export function verdictOf({ rows, total }: Verified): Message {
  const wrong = rows.filter((r) => agrees(r) === false).length;
  const theirs = formatCount(total.theirs ?? 0);
  if (total.ours === undefined) return message('The framework counts {0}; ours is not known.', theirs);
  const ours = formatCount(total.ours);
  if (total.ours !== total.theirs)
    return message('The totals differ: the framework counts {0}, RNN Lens {1}.', theirs, ours);
  return wrong > 0
    ? message('The totals agree ({0}), but {1} layers do not.', ours, wrong)
    : message('Both count {0} parameters.', ours);
}
