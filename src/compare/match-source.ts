import {
  type CellKind,
  type Dim,
  type Framework,
  type Message,
  type Model,
  type RecurrentLayer,
  cellOf,
  isRecurrent,
  mul,
  valueOf,
} from '../model';
import { matchWeights } from './match-weights';

/**
 * What source a saved model belongs to. `same`: every layer has its counterpart with the same tensors. `recurrent`: the frameworks store
 * tensors differently, so that only the recurrent layers were compared, and they agree. `different`: the nearest, and what differs.
 */
export type SourceMatch<S> =
  | { readonly kind: 'same' | 'recurrent'; readonly source: S }
  | { readonly kind: 'different'; readonly source: S; readonly differences: readonly Message[] };

/** Looks for the source that describes a saved model; undefined when none comes near. The first of equals wins. */
export function matchSource<S extends { readonly model: Model }>(
  saved: Model,
  sources: readonly S[],
): SourceMatch<S> | undefined {
  let nearest: { readonly source: S; readonly differences: readonly Message[] } | undefined;
  for (const source of sources) {
    if (!storesAlike(source.model.framework, saved.framework)) continue;
    const { same, agreeing, differences } = matchWeights(source.model, saved);
    if (same) return { kind: 'same', source };
    // A stranger that shares a layer by chance is not what the user is looking for.
    const near = agreeing > 0 && agreeing >= differences.length;
    if (near && (!nearest || differences.length < nearest.differences.length))
      nearest = { source, differences };
  }
  if (nearest) return { kind: 'different', ...nearest };
  const recurrent = sources.find(
    ({ model }) => !storesAlike(model.framework, saved.framework) && sameRecurrent(model, saved),
  );
  return recurrent && { kind: 'recurrent', source: recurrent };
}

/** Frameworks whose tensors have the same shapes. */
function storesAlike(a: Framework, b: Framework): boolean {
  return a === b || (KERAS.has(a) && KERAS.has(b));
}

const KERAS: ReadonlySet<Framework> = new Set<Framework>(['keras', 'keras2', 'tfjs']);

interface Level {
  readonly cell: CellKind;
  readonly directions: number | undefined;
  readonly input: number | undefined;
  readonly hidden: number | undefined;
}

/** The same recurrent layers in the same order, each level of a stack on its own: ONNX has no stacks. */
function sameRecurrent(source: Model, saved: Model): boolean {
  const [wanted, found] = [levelsOf(source), levelsOf(saved)];
  return (
    wanted.length > 0 &&
    wanted.length === found.length &&
    wanted.every((w, i) => {
      const f = found[i]!;
      return (
        w.cell === f.cell &&
        w.directions === f.directions &&
        w.hidden !== undefined &&
        w.hidden === f.hidden &&
        (w.input === undefined || w.input === f.input)
      );
    })
  );
}

function levelsOf({ layers }: Model): Level[] {
  return layers.filter(isRecurrent).flatMap((layer) => {
    const count = valueOf(layer.numLayers) ?? 1;
    return Array.from({ length: count }, (_, level) => levelOf(layer, level));
  });
}

function levelOf(layer: RecurrentLayer, level: number): Level {
  const { hiddenSize, projSize, directions } = layer;
  const width: Dim = projSize && valueOf(projSize) !== 0 ? projSize : hiddenSize;
  return {
    cell: cellOf(layer.kind),
    directions: valueOf(directions),
    input: valueOf(level === 0 ? layer.inputSize : mul(width, directions)),
    hidden: valueOf(hiddenSize),
  };
}
