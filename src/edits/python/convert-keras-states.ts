import { cellOf, message, type CellKind, type RecurrentLayer } from '../../model';
import type { Expr, FunctionDef, Stmt } from '../../readers/python/parse/ast';
import { enclosingFunction, nodesIn, pathTo, readsOf } from '../../readers/python/parse/navigate';
import { CannotEdit } from '../types';
import type { Call, Draft } from './draft';
import { usesOf } from './uses';

type Scope = FunctionDef | readonly Stmt[];

/**
 * A Keras LSTM hands out and takes two states, a GRU and a SimpleRNN one. Rewrites what the code does with those of the layer that
 * `made` makes. Throws {@link CannotEdit} for what cannot be followed, and where another layer lives on the state that would go.
 */
export function convertKerasStates(draft: Draft, made: Call, layer: RecurrentLayer, to: CellKind): void {
  const from = cellOf(layer.kind);
  if ((from === 'lstm') === (to === 'lstm')) return;
  if (!layer.returnState && !mentionsInitialState(draft)) return;
  for (const call of callsOf(draft, made)) {
    const path = pathTo(draft.file.body, call) ?? [];
    const scope = enclosingFunction(path) ?? draft.file.body;
    initialState(draft, call, from === 'lstm');
    if (layer.returnState) unpacked(draft, call, path.at(-2), scope, from === 'lstm');
  }
}

function mentionsInitialState(draft: Draft): boolean {
  return [...nodesIn(draft.file.body)].some(
    (n) => n.type === 'call' && n.args.some((a) => a.name === 'initial_state'),
  );
}

/** `LSTM(…)(x)`, or the calls of the name that the layer is assigned to. */
function callsOf(draft: Draft, made: Call): readonly Call[] {
  const parent = pathTo(draft.file.body, made)?.at(-2);
  if (parent?.type === 'call' && parent.callee === made) return [parent];
  return usesOf(draft, made).map((use) => use.call);
}

/** `initial_state=[h, c]` becomes `[h]`; the other way a second state would have to be made up. */
function initialState(draft: Draft, call: Call, fromLstm: boolean): void {
  const given = call.args.find((a) => a.name === 'initial_state')?.value;
  if (!given) return;
  const pair = given.type === 'list' || given.type === 'tuple' ? given.items : [];
  if (!fromLstm || pair.length !== 2)
    throw new CannotEdit(
      message('The initial state at line {0} is not that of the new cell.', draft.lineOf(given.from) + 1),
    );
  draft.replace(pair[0]!.to, pair[1]!.to, '');
}

/** `out, h, c = layer(x)` becomes `out, h = layer(x)`, or the other way with a c that nobody reads. */
function unpacked(
  draft: Draft,
  call: Call,
  around: Expr | Stmt | undefined,
  scope: Scope,
  fromLstm: boolean,
): void {
  const target =
    around?.type === 'assign' && around.value === call && around.targets.length === 1
      ? around.targets[0]
      : undefined;
  const items = target?.type === 'tuple' ? target.items : [];
  if (items.length !== (fromLstm ? 3 : 2) || items.some((i) => i.type !== 'name'))
    throw new CannotEdit(
      message("What line {0} does with the layer's state cannot be followed.", draft.lineOf(call.from) + 1),
    );
  if (!fromLstm) return draft.insert(items[1]!.to, ', _');
  const c = items[2] as Extract<Expr, { type: 'name' }>;
  const [read] = readsOf(scope, c.id);
  if (read) {
    throw new CannotEdit(
      message(
        'Line {0} reads the cell state c, which the new layer does not have.',
        draft.lineOf(read.from) + 1,
      ),
    );
  }
  draft.replace(items[1]!.to, c.to, '');
}
