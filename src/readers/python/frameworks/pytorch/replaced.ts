import { constant, dimKey, message, type Message } from '../../../../model';
import type { LayerDraft, ObjectValue, Value } from '../../evaluate/values';
import { isParameter } from './layer';
import { tensorNames, tensorShape } from './parameters';

/** The flag of a layer that says whether it has its bias. */
const BIAS_FLAGS: Readonly<Record<string, 'bias' | 'offset'>> = {
  dense: 'bias',
  conv: 'bias',
  'conv-transpose': 'bias',
  'batch-norm': 'offset',
  'layer-norm': 'offset',
  'group-norm': 'offset',
  'instance-norm': 'offset',
};

/**
 * A layer after weights of it were taken away (`layer.bias = None`, `del layer.bias`), or why it can't be counted: only a bias can go
 * without leaving another kind of layer.
 */
export function withoutRemoved(
  object: ObjectValue,
  draft: LayerDraft,
): { draft: LayerDraft } | { reason: Message } {
  const removed = tensorNames(draft).filter((name) => object.names.get(name)?.kind === 'none');
  if (removed.length === 0) return { draft };
  const flag = BIAS_FLAGS[draft.kind];
  if (removed.length === 1 && removed[0] === 'bias' && flag)
    return { draft: { ...draft, [flag]: constant(0) } as LayerDraft };
  return { reason: message('`{0}` of this layer was taken away.', removed.join('`, `')) };
}

/** Is a parameter, put in place of a layer's own weight, one to count for itself: of another shape than the constructor made? */
export function countsForItself(object: ObjectValue, name: string, child: Value): boolean {
  if (child.kind !== 'object') return false;
  const draft = object.draft!;
  if (!tensorNames(draft).includes(name)) return true;
  if (!isParameter(child) || child.draft?.kind !== 'parameter') return false;
  const own = tensorShape(draft, name);
  const { shape } = child.draft;
  return (
    own === undefined || own.length !== shape.length || own.some((d, i) => dimKey(d) !== dimKey(shape[i]!))
  );
}
