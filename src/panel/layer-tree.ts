import type { LayerView, Quantity } from '../protocol/panel';

/** One row of the tree: a layer, or what several layers' paths have in common. */
export type TreeRow =
  | { readonly depth: number; readonly label: string; readonly layer: LayerView }
  | { readonly depth: number; readonly label: string; readonly path: string; readonly params: Quantity };

interface Item {
  /** Each with the separator that follows it. */
  readonly segments: readonly string[];
  readonly layer: LayerView;
}

/** Layers under what their paths share; neighbours only, so that the order in which they run stays. */
export function layerTree(layers: readonly LayerView[]): readonly TreeRow[] {
  const items = layers.map((layer) => ({ segments: layer.path.match(/[^./]+[./]*|[./]+/g) ?? [], layer }));
  return rowsOf(items, 0, '');
}

function rowsOf(items: readonly Item[], depth: number, above: string): TreeRow[] {
  return runsOf(items).flatMap((run): TreeRow[] => {
    const [only] = run;
    if (run.length === 1 && only)
      return [{ depth, label: only.segments.join('') || labelOf(only), layer: only.layer }];
    const shared = sharedBy(run);
    const prefix = run[0]!.segments.slice(0, shared).join('');
    const rest = run.map(({ segments, layer }) => ({ segments: segments.slice(shared), layer }));
    const path = above + prefix;
    return [
      { depth, label: prefix.replace(/[./]+$/, ''), path, params: sumOf(run) },
      ...rowsOf(rest, depth + 1, path),
    ];
  });
}

/** Neighbours that start alike; a layer whose path is used up stands alone. */
function runsOf(items: readonly Item[]): Item[][] {
  const runs: Item[][] = [];
  for (const item of items) {
    const run = runs.at(-1);
    const first = item.segments[0];
    // The last segment is the layer's own name, not a group's.
    if (run && item.segments.length > 1 && run[0]!.segments.length > 1 && run[0]!.segments[0] === first)
      run.push(item);
    else runs.push([item]);
  }
  return runs;
}

function sharedBy(run: readonly Item[]): number {
  const most = Math.min(...run.map((i) => i.segments.length)) - 1;
  let shared = 0;
  while (shared < most && run.every((i) => i.segments[shared] === run[0]!.segments[shared])) shared++;
  return shared;
}

function labelOf({ layer }: Item): string {
  return layer.path === '' ? layer.typeName : layer.path;
}

/** Unknown as soon as one is. */
function sumOf(run: readonly Item[]): Quantity {
  const values = run.map(({ layer }) => layer.params.value);
  return { value: values.every((v) => v !== null) ? values.reduce((a, b) => a + b, 0) : null };
}
