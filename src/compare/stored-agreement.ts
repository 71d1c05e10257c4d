import { builtTensors } from '../cost/tensors';
import { type Framework, type Layer, type Model, type Problem, message, valueOf } from '../model';

/** Files that hold a configuration beside the weights. Elsewhere layers are read off the tensors themselves. */
const CONFIGURED: ReadonlySet<Framework> = new Set<Framework>(['keras', 'keras2', 'tfjs']);

/**
 * Where a saved model's tensors contradict its own configuration: a layer whose stored shapes are not those that its arguments create.
 * The stored ones are what is counted; this says that the file is inconsistent.
 */
export function storedDisagreements(model: Model): Problem[] {
  return model.layers.flatMap((layer) => {
    const created = createdShapes(layer);
    if (!layer.stored || created === undefined || !CONFIGURED.has(layer.framework)) return [];
    const stored = layer.stored.filter((t) => t.counted !== false).map((t) => key(t.shape));
    if (sameList(created, stored)) return [];
    return [
      {
        code: 'weights-disagree',
        severity: 'warning' as const,
        message: message(
          'The weights stored for {0} ({1}) are not those that its configuration creates ({2}). The stored ones are counted.',
          layer.path,
          stored.join(' '),
          created.join(' '),
        ),
        source: layer.source,
      },
    ];
  });
}

/** The shapes a layer's arguments create; undefined when they are not all numbers, or when a kind has none to compare. */
function createdShapes(layer: Layer): string[] | undefined {
  if (layer.kind === 'parameter' || layer.kind === 'unknown' || layer.kind === 'other') return undefined;
  const tensors = builtTensors(layer);
  if (!tensors || tensors.length === 0) return undefined;
  const shapes = tensors.filter((t) => t.counted).map((t) => t.shape.map((d) => valueOf(d)));
  return shapes.every((s) => s.every((n) => n !== undefined))
    ? shapes.map((s) => key(s as number[]))
    : undefined;
}

function key(shape: readonly number[]): string {
  return `[${shape.join(', ')}]`;
}

function sameList(a: readonly string[], b: readonly string[]): boolean {
  const [x, y] = [[...a].sort(), [...b].sort()];
  return x.length === y.length && x.every((s, i) => s === y[i]);
}
