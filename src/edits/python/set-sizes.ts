import { cellOf, isCell, message, valueOf, type RecurrentLayer } from '../../model';
import type { Expr } from '../../readers/python/parse/ast';
import { nodesIn } from '../../readers/python/parse/navigate';
import type { TextFile } from '../../readers/types';
import { CannotEdit, orRefusal, type Change, type Refusal } from '../types';
import { Draft } from './draft';
import { changeHiddenSize } from './hidden-size';
import { familyOf } from './signatures';

/** The sizes of a recurrent layer that its call can be given. */
export interface Sizes {
  readonly hiddenSize: number;
  readonly numLayers: number;
  readonly bidirectional: boolean;
  /** LSTM projection; 0 means none. */
  readonly projSize: number;
}

/**
 * Gives a recurrent layer other sizes where its file writes them. What is not an argument of the layer's own class (stacking and direction
 * in Keras, which wrap the layer) is refused.
 */
export function setSizes(file: TextFile, layer: RecurrentLayer, sizes: Sizes): Change | Refusal {
  return orRefusal(() => {
    const draft = new Draft(file);
    changeHiddenSize(draft, layer, sizes.hiddenSize);
    const numLayers = valueOf(layer.numLayers);
    const directions = valueOf(layer.directions);
    const projSize = valueOf(layer.projSize ?? 0);
    if (sizes.numLayers !== numLayers) setArgument(draft, layer, 'num_layers', String(sizes.numLayers));
    if (sizes.bidirectional !== (directions === 2)) {
      setArgument(draft, layer, 'bidirectional', sizes.bidirectional ? 'True' : 'False');
    }
    if (sizes.projSize !== projSize) {
      if (cellOf(layer.kind) !== 'lstm') throw new CannotEdit(message('Only an LSTM has a projection.'));
      setArgument(draft, layer, 'proj_size', String(sizes.projSize));
    }
    draft.note(message('Layers that write the size of this one themselves are not changed.'));
    return draft.change();
  });
}

/** Replaces the literal that decides an argument, or gives the call the argument. */
function setArgument(draft: Draft, layer: RecurrentLayer, name: TorchArgument, value: string): void {
  const family = familyOf(layer);
  if (layer.framework !== 'pytorch' || !family || isCell(layer)) {
    throw new CannotEdit(message('{0} is not an argument of this layer.', name));
  }
  const call = draft.callAt(layer.source);
  if (call.args.some((a) => a.star !== undefined)) {
    throw new CannotEdit(message('The arguments are unpacked from a collection.'));
  }
  const position = family.parameters[cellOf(layer.kind)].indexOf(name);
  const given =
    call.args.find((a) => a.name === name) ?? call.args.filter((a) => a.name === undefined)[position];
  if (!given) return draft.setKeyword(call, name, value);
  const literal = isLiteral(given.value) ? given.value : originOf(draft, layer, FIELDS[name]);
  if (!literal) throw new CannotEdit(message('{0} is computed, not written as a number.', name));
  draft.replace(literal.from, literal.to, value);
}

type TorchArgument = 'num_layers' | 'bidirectional' | 'proj_size';

const FIELDS: Readonly<Record<TorchArgument, string>> = {
  num_layers: 'numLayers',
  bidirectional: 'directions',
  proj_size: 'projSize',
};

function isLiteral(node: Expr): boolean {
  return (
    node.type === 'int' || (node.type === 'constant' && (node.value === 'True' || node.value === 'False'))
  );
}

/** The literal elsewhere in the file that decides a field, where the reader found one. */
function originOf(draft: Draft, layer: RecurrentLayer, field: string): Expr | undefined {
  const origin = layer.facts?.[field]?.origin;
  if (!origin?.range || origin.file !== draft.file.text.file) return undefined;
  const { start } = origin.range;
  return [...nodesIn(draft.file.body)].find((node): node is Expr => {
    if (node.type !== 'int' && node.type !== 'constant') return false;
    const at = draft.file.text.range(node.from, node.to).start;
    return at.line === start.line && at.character === start.character;
  });
}
