import { message, valueOf, type RecurrentLayer } from '../../model';
import type { Expr } from '../../readers/python/parse/ast';
import type { TextFile } from '../../readers/types';
import { CannotEdit, orRefusal, type Change, type Refusal } from '../types';
import { Draft } from './draft';
import { nodesIn } from '../../readers/python/parse/navigate';

/** Changes the number that decides a layer's hidden size, where the file writes it. */
export function resizeLayer(file: TextFile, layer: RecurrentLayer, hiddenSize: number): Change | Refusal {
  return orRefusal(() => {
    const draft = new Draft(file);
    changeHiddenSize(draft, layer, hiddenSize);
    return draft.change();
  });
}

/** Adds the edit to a draft. Throws {@link CannotEdit} when no single literal in this file decides the size. */
export function changeHiddenSize(draft: Draft, layer: RecurrentLayer, hiddenSize: number): void {
  const size = valueOf(layer.hiddenSize);
  if (size === hiddenSize) return;
  const origin = layer.facts?.['hiddenSize']?.origin;
  if (!origin?.range || origin.file !== draft.file.text.file) {
    throw new CannotEdit(message('The hidden size is not written as a number in this file.'));
  }
  const { start } = origin.range;
  const literal = [...nodesIn(draft.file.body)].find((node) => {
    if (node.type !== 'int') return false;
    const at = draft.file.text.range(node.from, node.to).start;
    return at.line === start.line && at.character === start.character;
  });
  if (literal?.type !== 'int' || size === undefined || literal.value !== BigInt(size)) {
    throw new CannotEdit(message('The hidden size is computed, not written as a number.'));
  }
  if (layer.framework !== 'pytorch') refuseHandedStates(draft);
  if (layer.framework === 'pytorch') refuseTwins(draft, literal, size, valueOf(layer.directions) ?? 1);
  draft.replace(literal.from, literal.to, String(hiddenSize));
}

/** PyTorch code writes a size wherever it is needed: the next layer's input, an initial state. Such a twin would be left behind. */
function refuseTwins(draft: Draft, literal: Expr, size: number, directions: number): void {
  const twin = [...nodesIn(draft.file.body)].find(
    (node) =>
      node.type === 'int' &&
      node !== literal &&
      (node.value === BigInt(size) || node.value === BigInt(size * directions)),
  );
  if (!twin) return;
  throw new CannotEdit(
    message(
      'Line {0} writes {1} as well, which may be the same size.',
      draft.lineOf(twin.from) + 1,
      draft.textOf(twin),
    ),
  );
}

/** Keras infers sizes, except that of a state that is handed from one layer to another: both have to be equal. */
function refuseHandedStates(draft: Draft): void {
  const given = [...nodesIn(draft.file.body)].find(
    (n) => n.type === 'call' && n.args.some((a) => a.name === 'initial_state'),
  );
  if (given)
    throw new CannotEdit(
      message('The initial state at line {0} has a size of its own.', draft.lineOf(given.from) + 1),
    );
}
