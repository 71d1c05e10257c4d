import type { Expr, FunctionDef } from './ast';

/** What a function's body calls by a plain name, `f(x)`, and as an attribute, `module.f(x)`. */
export interface CallsIn {
  readonly names: ReadonlySet<string>;
  readonly attributes: ReadonlySet<string>;
}

/** Kept with the declaration, which outlives a reading when its text does not change. */
const KNOWN = new WeakMap<FunctionDef, CallsIn>();

export function callsIn(decl: FunctionDef): CallsIn {
  const known = KNOWN.get(decl);
  if (known) return known;
  const calls = { names: new Set<string>(), attributes: new Set<string>() };
  collect(decl.body, calls);
  KNOWN.set(decl, calls);
  return calls;
}

function collect(part: unknown, calls: { names: Set<string>; attributes: Set<string> }): void {
  if (typeof part !== 'object' || part === null) return;
  const node = part as Expr;
  if (node.type === 'call') {
    if (node.callee.type === 'name') calls.names.add(node.callee.id);
    else if (node.callee.type === 'attribute') calls.attributes.add(node.callee.name);
  }
  for (const key in part) collect((part as Record<string, unknown>)[key], calls);
}
