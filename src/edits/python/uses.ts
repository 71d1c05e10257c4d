import { message } from '../../model';
import type { Expr, FunctionDef, Stmt } from '../../readers/python/parse/ast';
import { CannotEdit } from '../types';
import type { Call, Draft } from './draft';
import {
  enclosingClass,
  enclosingFunction,
  nodesIn,
  pathTo,
  statementOf,
  type Node,
} from '../../readers/python/parse/navigate';

type Assign = Extract<Stmt, { type: 'assign' }>;

/** A place where the layer is called on its input. */
export interface Use {
  readonly call: Call;
  /** `out, state = layer(…)`; undefined for a call inside a larger expression. */
  readonly assign?: Assign;
  /** What stands around the call, innermost last, the call itself left out. */
  readonly parent: Node;
  readonly scope: FunctionDef | undefined;
}

/**
 * Every call of the layer that `made` makes. Throws {@link CannotEdit} where the layer goes somewhere that cannot be
 * followed (a list, another function).
 */
export function usesOf(draft: Draft, made: Call): readonly Use[] {
  const body = draft.file.body;
  const path = pathTo(body, made) ?? [];
  const holder = statementOf(path);
  const target =
    holder?.type === 'assign' && holder.value === made && holder.targets.length === 1
      ? holder.targets[0]!
      : undefined;
  const cls = enclosingClass(path);
  const isLayer = target && sameThing(target);
  if (!isLayer)
    throw new CannotEdit(
      message('The layer is not simply assigned to a name, so its uses cannot be followed.'),
    );
  const scope: unknown = target.type === 'attribute' ? cls : (enclosingFunction(path) ?? body);
  const uses: Use[] = [];
  for (const node of nodesIn(scope)) {
    if (!isLayer(node) || node === target) continue;
    const around = pathTo(scope, node)!.slice(0, -1);
    const parent = around.at(-1);
    if (parent?.type === 'attribute') continue;
    if (parent?.type === 'call' && parent.callee === node) uses.push(useOf(parent, around));
    else
      throw new CannotEdit(
        message(
          'The layer is handed on at line {0}, where it cannot be followed.',
          draft.lineOf(node.from) + 1,
        ),
      );
  }
  return uses;
}

function useOf(call: Call, around: readonly Node[]): Use {
  const parent = around.at(-2)!;
  const scope = enclosingFunction(around);
  return parent.type === 'assign' && parent.value === call && parent.targets.length === 1
    ? { call, assign: parent, parent, scope }
    : { call, parent, scope };
}

/** A test for nodes that name the same thing as an assignment's target: `self.x`, or a plain name. */
function sameThing(target: Expr): ((node: Node) => boolean) | undefined {
  if (target.type === 'name') return (node) => node.type === 'name' && node.id === target.id;
  if (target.type !== 'attribute' || target.object.type !== 'name') return undefined;
  const owner = target.object.id;
  return (node) =>
    node.type === 'attribute' &&
    node.name === target.name &&
    node.object.type === 'name' &&
    node.object.id === owner;
}
