import type { Expr, Stmt } from '../../parse/ast';
import type { ClassValue } from '../../evaluate/values';
import { nodesIn } from '../../parse/navigate';

const cache = new WeakMap<ClassValue, ReadonlySet<string>>();

/** The attributes of `self` that a class (or a base of it) calls: `self.encoder(x)`, `self.layers[0](x)`. */
export function calledAttributes(cls: ClassValue): ReadonlySet<string> {
  const known = cache.get(cls);
  if (known) return known;
  const names = new Set<string>();
  for (const base of cls.order) {
    if (base.kind !== 'class') continue;
    for (const stmt of base.decl.body) if (stmt.type === 'def') collect(stmt, names);
  }
  cache.set(cls, names);
  return names;
}

function collect(stmt: Stmt & { type: 'def' }, names: Set<string>): void {
  const self = stmt.params[0]?.name;
  if (self === undefined) return;
  const selfAttribute = (e: Expr): string | undefined => {
    if (e.type === 'subscript') return selfAttribute(e.object);
    return e.type === 'attribute' && e.object.type === 'name' && e.object.id === self ? e.name : undefined;
  };
  for (const node of nodesIn(stmt.body)) {
    const name = node.type === 'call' ? selfAttribute(node.callee) : undefined;
    if (name !== undefined) names.add(name);
  }
}
