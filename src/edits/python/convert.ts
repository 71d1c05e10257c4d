import { cellOf, message, valueOf, type CellKind, type RecurrentLayer } from '../../model';
import type { TextFile } from '../../readers/types';
import { CannotEdit, orRefusal, type Change, type Refusal } from '../types';
import { convertArguments } from './convert-arguments';
import { convertKerasStates } from './convert-keras-states';
import { convertStates } from './convert-states';
import { Draft, type Call } from './draft';
import { changeHiddenSize } from './hidden-size';
import { className, familyOf } from './signatures';
import { nodesIn } from '../../readers/python/parse/navigate';

export interface Conversion {
  readonly to: CellKind;
  /** A new hidden size, for an equal budget; absent: the same size. */
  readonly hiddenSize?: number;
}

/**
 * Rewrites a recurrent layer of a Python file as another cell: the class, its import, its arguments, and what the file does with
 * its state. PyTorch and Keras. A refusal says what stands in the way.
 */
export function convertLayer(
  file: TextFile,
  layer: RecurrentLayer,
  { to, hiddenSize }: Conversion,
): Change | Refusal {
  return orRefusal(() => {
    if (layer.byHand) throw new CannotEdit(message('A cell written by hand is not converted.'));
    const family = familyOf(layer);
    if (!family) throw new CannotEdit(message('Layers of this framework are not converted.'));
    if (layer.projSize && valueOf(layer.projSize) !== 0) {
      throw new CannotEdit(message('Only an LSTM has a projection; without it the output has another size.'));
    }
    const draft = new Draft(file);
    const made = draft.callAt(layer.source);
    const before = className(family, cellOf(layer.kind), layer);
    const after = className(family, to, layer);
    const call = layer.typeName.includes('RNN(') ? cellIn(made) : made;
    if (before !== after) {
      renameCallee(draft, call, before, after);
      convertArguments(draft, call, layer, to, family);
      if (layer.framework === 'pytorch') convertStates(draft, made, layer, to);
      else convertKerasStates(draft, made, layer, to);
    }
    if (hiddenSize !== undefined) changeHiddenSize(draft, layer, hiddenSize);
    return draft.change();
  });
}

/** `nn.LSTM(` or `LSTM(`; a class reached in another way is not renamed. */
function renameCallee(draft: Draft, call: Call, before: string, after: string): void {
  const { callee } = call;
  const name = callee.type === 'attribute' ? callee.name : callee.type === 'name' ? callee.id : undefined;
  if (name !== before) throw new CannotEdit(message('The class is not written as {0} here.', before));
  draft.replace(callee.to - before.length, callee.to, after);
  if (callee.type === 'name') fixImport(draft, call, before, after);
}

/** `from torch.nn import LSTM` imports the new class too, or instead when nothing else uses the old one. */
function fixImport(draft: Draft, call: Call, before: string, after: string): void {
  const imports = draft.file.body.flatMap((s) => (s.type === 'from-import' ? [s.names] : []));
  if (imports.some((names) => names === '*')) return;
  const names = imports.flatMap((list) => (list === '*' ? [] : list));
  const old = names.find((n) => n.as === before);
  if (old?.name !== before) throw new CannotEdit(message('The import of {0} was not found.', before));
  if (names.some((n) => n.as === after && n.name === after)) return;
  const others = [...nodesIn(draft.file.body)].some(
    (n) => n.type === 'name' && n.id === before && n !== call.callee,
  );
  if (others) draft.insert(old.to, `, ${after}`);
  else draft.replace(old.from, old.to, after);
}

/** The cell of Keras' `RNN(LSTMCell(…))`. */
function cellIn(made: Call): Call {
  const cell = made.args[0]?.value;
  if (cell?.type !== 'call') throw new CannotEdit(message('The cell is not made where the layer is.'));
  return cell;
}
