import type { ClassDef, Expr, FunctionDef, Stmt } from './ast';

export type Node = Expr | Stmt;

/** Every node at or under `root` (an AST node or any part of one), in source order. */
export function* nodesIn(root: unknown): Generator<Node> {
  if (Array.isArray(root)) {
    for (const item of root) yield* nodesIn(item);
  } else if (typeof root === 'object' && root !== null) {
    if (isNode(root)) yield root;
    for (const part of Object.values(root)) yield* nodesIn(part);
  }
}

function isNode(value: object): value is Node {
  return 'type' in value && 'from' in value;
}

/** The nodes around a node, outermost first, and the node itself last; undefined when it is not under `root`. */
export function pathTo(root: unknown, target: Node): Node[] | undefined {
  if (root === target) return [target];
  if (Array.isArray(root)) {
    for (const item of root) {
      const path = pathTo(item, target);
      if (path) return path;
    }
    return undefined;
  }
  if (typeof root !== 'object' || root === null) return undefined;
  if (isNode(root) && (target.from < root.from || target.to > root.to)) return undefined;
  for (const part of Object.values(root)) {
    const path = pathTo(part, target);
    if (path) return isNode(root) ? [root, ...path] : path;
  }
  return undefined;
}

export function enclosingClass(path: readonly Node[]): ClassDef | undefined {
  return path.findLast((node): node is ClassDef => node.type === 'class');
}

export function enclosingFunction(path: readonly Node[]): FunctionDef | undefined {
  return path.findLast((node): node is FunctionDef => node.type === 'def');
}

/** The innermost statement of a path. */
export function statementOf(path: readonly Node[]): Stmt | undefined {
  return path.findLast((node): node is Stmt => STATEMENTS.has(node.type));
}

const STATEMENTS: ReadonlySet<string> = new Set<Stmt['type']>([
  'expression', 'assign', 'augment', 'if', 'for', 'while', 'try', 'with', 'match', 'def', 'class', 'return', 'raise',
  'break', 'continue', 'import', 'from-import', 'scope', 'assert', 'delete',
]); // prettier-ignore

/** How often a name is read under `root`; targets of assignments do not count. */
export function readsOf(root: unknown, name: string): Extract<Expr, { type: 'name' }>[] {
  const written = new Set<unknown>();
  const reads: Extract<Expr, { type: 'name' }>[] = [];
  for (const node of nodesIn(root)) {
    if (node.type === 'assign') node.targets.forEach((t) => targetsIn(t).forEach((n) => written.add(n)));
    if (node.type === 'for') targetsIn(node.target).forEach((n) => written.add(n));
    if (node.type === 'name' && node.id === name && !written.has(node)) reads.push(node);
  }
  return reads;
}

/** The names that a target binds. */
export function targetsIn(target: Expr): Extract<Expr, { type: 'name' }>[] {
  if (target.type === 'name') return [target];
  if (target.type === 'tuple' || target.type === 'list') return target.items.flatMap(targetsIn);
  return target.type === 'starred' ? targetsIn(target.value) : [];
}
