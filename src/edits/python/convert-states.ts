import { cellOf, isCell, message, type CellKind, type RecurrentLayer } from '../../model';
import type { Expr, FunctionDef, Stmt } from '../../readers/python/parse/ast';
import { CannotEdit } from '../types';
import type { Call, Draft } from './draft';
import { usesOf, type Use } from './uses';
import { nodesIn, pathTo, readsOf, targetsIn } from '../../readers/python/parse/navigate';

/**
 * An LSTM's state is a pair (h, c); a GRU's and an RNN's is h alone. Rewrites what PyTorch code does with the state
 * of the layer that `made` makes. Throws {@link CannotEdit} for what cannot be followed.
 */
export function convertStates(draft: Draft, made: Call, layer: RecurrentLayer, to: CellKind): void {
  const from = cellOf(layer.kind);
  if ((from === 'lstm') === (to === 'lstm')) return;
  for (const use of usesOf(draft, made)) {
    if (isCell(layer)) {
      if (to === 'lstm') cellToLstm(draft, use);
      else cellFromLstm(draft, use);
    } else if (to === 'lstm') layerToLstm(draft, use);
    else layerFromLstm(draft, use);
  }
}

function layerFromLstm(draft: Draft, use: Use): void {
  initialFromPair(draft, use);
  if (!use.assign) return indexed(draft, use);
  const [target] = use.assign.targets;
  if (target?.type === 'name') return onlyOutput(draft, use, target.id);
  const state = target?.type === 'tuple' && target.items.length === 2 ? target.items[1]! : undefined;
  if (state?.type === 'tuple' && state.items.length === 2) {
    const [h, c] = state.items as [Expr, Expr];
    mustBeUnread(draft, use, c);
    draft.replace(state.from, state.to, draft.textOf(h));
  } else if (state?.type === 'name') pairName(draft, use, state.id);
  else throw unclear(draft, use.call);
}

/** `layer(x)[0]` means the same for every kind of layer. */
function indexed(draft: Draft, use: Use): void {
  if (use.parent.type === 'subscript' && isInt(use.parent.index, 0)) return;
  throw unclear(draft, use.call);
}

/** `result = layer(x)`, of which only `result[0]` is read. */
function onlyOutput(draft: Draft, use: Use, name: string): void {
  for (const read of readsOf(use.scope ?? draft.file.body, name)) {
    const parent = parentOf(use.scope ?? draft.file.body, read);
    if (!(parent?.type === 'subscript' && parent.object === read && isInt(parent.index, 0)))
      throw unclear(draft, read);
  }
}

/** `out, state = lstm(…)`: `state[0]` becomes `state`. */
function pairName(draft: Draft, use: Use, name: string): void {
  const scope = use.scope ?? draft.file.body;
  for (const read of readsOf(scope, name)) {
    const parent = parentOf(scope, read);
    if (parent?.type === 'call' && parent === use.call) continue;
    if (parent?.type !== 'subscript' || parent.object !== read || !isInt(parent.index, 0))
      throw unclear(draft, read);
    draft.replace(read.to, parent.to, '');
  }
}

/** The initial state `(h0, c0)` becomes `h0`; an assignment of a `c0` that nobody reads any more goes. */
function initialFromPair(draft: Draft, use: Use): void {
  const state = initialState(use.call);
  if (!state || isNone(state)) return;
  const scope = use.scope ?? draft.file.body;
  if (state.type === 'tuple' && state.items.length === 2) {
    const [h, c] = state.items as [Expr, Expr];
    draft.replace(state.from, state.to, draft.textOf(h));
    dropIfUnread(draft, scope, c);
    return;
  }
  const given = state.type === 'name' && onlyAssignment(scope, state.id);
  if (given && given.value?.type === 'tuple' && given.value.items.length === 2) {
    const [h, c] = given.value.items as [Expr, Expr];
    draft.replace(given.value.from, given.value.to, draft.textOf(h));
    dropIfUnread(draft, scope, c);
    return;
  }
  throw new CannotEdit(
    message(
      'The initial state at line {0} comes from elsewhere, as a pair (h, c).',
      draft.lineOf(state.from) + 1,
    ),
  );
}

function layerToLstm(draft: Draft, use: Use): void {
  const state = initialState(use.call);
  if (state && !isNone(state)) pairUp(draft, use, state);
  if (!use.assign) return indexed(draft, use);
  const [target] = use.assign.targets;
  if (target?.type === 'name') return onlyOutput(draft, use, target.id);
  const h = target?.type === 'tuple' && target.items.length === 2 ? target.items[1]! : undefined;
  if (h?.type !== 'name') throw unclear(draft, use.call);
  if (readsOf(use.scope ?? draft.file.body, h.id).length > 0) draft.replace(h.from, h.to, `(${h.id}, _)`);
}

/** `h0` becomes `(h0, torch.zeros_like(h0))`. A state that travels between calls would lose its c on the way. */
function pairUp(draft: Draft, use: Use, state: Expr): void {
  const scope = use.scope;
  const carried = use.assign?.targets.some((t) =>
    targetsIn(t).some((n) => state.type === 'name' && n.id === state.id),
  );
  if (state.type !== 'name' || carried || !scope || scope.params.some((p) => p.name === state.id)) {
    throw new CannotEdit(
      message(
        'The state at line {0} travels between calls; an LSTM would need its c as well.',
        draft.lineOf(state.from) + 1,
      ),
    );
  }
  requireTorch(draft);
  draft.replace(state.from, state.to, `(${state.id}, torch.zeros_like(${state.id}))`);
}

/** `h, c = cell(x, (h, c))` becomes `h = cell(x, h)`. */
function cellFromLstm(draft: Draft, use: Use): void {
  const target = use.assign?.targets[0];
  if (target?.type !== 'tuple' || target.items.length !== 2) throw unclear(draft, use.call);
  const [h, c] = target.items as [Expr, Expr];
  const state = initialState(use.call);
  const scope = use.scope ?? draft.file.body;
  if (state && !isNone(state)) {
    if (state.type !== 'tuple' || state.items.length !== 2) throw unclear(draft, state);
    draft.replace(state.from, state.to, draft.textOf(state.items[0]!));
  }
  if (c.type !== 'name') throw unclear(draft, c);
  const others = readsOf(scope, c.id).filter(
    (read) => !(state && read.from >= state.from && read.to <= state.to),
  );
  if (others.length > 0) throw readsCell(draft, others[0]!);
  draft.replace(target.from, target.to, draft.textOf(h));
  const start = onlyAssignment(scope, c.id, use.assign);
  if (start && hasLineForItself(draft, start)) draft.deleteLines(start);
}

/** `h = cell(x, h)` becomes `h, c = cell(x, (h, c))`, with c starting as zeros of h's shape. */
function cellToLstm(draft: Draft, use: Use): void {
  const target = use.assign?.targets[0];
  if (target?.type !== 'name' || !use.scope) throw unclear(draft, use.call);
  const state = initialState(use.call);
  if (!state || isNone(state)) {
    draft.insert(target.to, ', _');
    return;
  }
  const start =
    state.type === 'name' && state.id === target.id
      ? onlyAssignment(use.scope, target.id, use.assign)
      : undefined;
  if (!start || use.scope.params.some((p) => p.name === target.id) || !hasLineForItself(draft, start)) {
    throw new CannotEdit(
      message(
        'The state at line {0} travels between calls; an LSTM would need its c as well.',
        draft.lineOf(state.from) + 1,
      ),
    );
  }
  requireTorch(draft);
  const c = `${target.id}_cell`;
  draft.insertLinesBelow(start.to, [`${draft.indentOf(start.from)}${c} = torch.zeros_like(${target.id})`]);
  draft.insert(target.to, `, ${c}`);
  draft.replace(state.from, state.to, `(${target.id}, ${c})`);
}

/** The state a recurrent layer is called with: its second argument, or `hx=`. */
function initialState(call: Call): Expr | undefined {
  return (call.args.find((a) => a.name === 'hx') ?? call.args.filter((a) => a.name === undefined)[1])?.value;
}

function mustBeUnread(draft: Draft, use: Use, c: Expr): void {
  if (c.type !== 'name') throw unclear(draft, c);
  const state = initialState(use.call);
  const reads = readsOf(use.scope ?? draft.file.body, c.id).filter(
    (read) => !(state && read.from >= state.from && read.to <= state.to),
  );
  if (reads.length > 0) throw readsCell(draft, reads[0]!);
}

function readsCell(draft: Draft, read: Expr): CannotEdit {
  return new CannotEdit(
    message(
      'Line {0} reads the cell state c, which the new layer does not have.',
      draft.lineOf(read.from) + 1,
    ),
  );
}

function unclear(draft: Draft, node: { readonly from: number }): CannotEdit {
  return new CannotEdit(
    message("What line {0} does with the layer's state cannot be followed.", draft.lineOf(node.from) + 1),
  );
}

/** After the edit nobody reads `c`: the line that made it goes too, when it only did that. */
function dropIfUnread(draft: Draft, scope: FunctionDef | readonly Stmt[], c: Expr): void {
  if (c.type !== 'name' || readsOf(scope, c.id).length > 1) return;
  const start = onlyAssignment(scope, c.id);
  if (start && hasLineForItself(draft, start)) draft.deleteLines(start);
}

/** The one assignment `name = …` in a scope, `apart` left out; undefined when there are more, or none. */
function onlyAssignment(
  scope: unknown,
  name: string,
  apart?: Stmt,
): Extract<Stmt, { type: 'assign' }> | undefined {
  const all = [...nodesIn(scope)].filter(
    (n): n is Extract<Stmt, { type: 'assign' }> =>
      n.type === 'assign' && n !== apart && n.targets.some((t) => targetsIn(t).some((x) => x.id === name)),
  );
  const only = all.length === 1 ? all[0]! : undefined;
  return only?.targets.length === 1 && only.targets[0]!.type === 'name' ? only : undefined;
}

function hasLineForItself(draft: Draft, statement: Stmt): boolean {
  const line = draft.line(statement.from).trim();
  return (
    draft.lineOf(statement.from) === draft.lineOf(statement.to) &&
    line.startsWith(draft.textOf(statement).trim()) &&
    !line.includes(';')
  );
}

function requireTorch(draft: Draft): void {
  if (!draft.importsTorch()) {
    throw new CannotEdit(message('The file does not import torch, which the new code would need.'));
  }
}

function parentOf(scope: unknown, node: Expr) {
  return pathTo(scope, node)?.at(-2);
}

function isNone(e: Expr): boolean {
  return e.type === 'constant' && e.value === 'None';
}

function isInt(e: Expr, value: number): boolean {
  return e.type === 'int' && e.value === BigInt(value);
}
