import type { Expr, FunctionDef } from '../parse/ast';
import { nodesIn, targetsIn } from '../parse/navigate';

export type Call = Extract<Expr, { type: 'call' }>;

/** The last name of what is called: `CrossEntropyLoss` of `nn.CrossEntropyLoss(…)`. */
export function calledName(call: Call): string | undefined {
  const { callee } = call;
  return callee.type === 'attribute' ? callee.name : callee.type === 'name' ? callee.id : undefined;
}

export function isNumber(e: Expr | undefined, value: number): boolean {
  if (e?.type === 'unary' && e.op === '-') return isNumber(e.operand, -value);
  return (e?.type === 'int' && Number(e.value) === value) || (e?.type === 'float' && e.value === value);
}

/** Every name that the code mentions: variables, attributes and keyword arguments. */
export function mentioned(root: unknown): Set<string> {
  const names = new Set<string>();
  for (const node of nodesIn(root)) {
    if (node.type === 'name') names.add(node.id);
    else if (node.type === 'attribute') names.add(node.name);
    else if (node.type === 'call') node.args.forEach((a) => a.name !== undefined && names.add(a.name));
  }
  return names;
}

/** `self.x` */
export function selfAttribute(e: Expr): string | undefined {
  return e.type === 'attribute' && e.object.type === 'name' && e.object.id === 'self' ? e.name : undefined;
}

/** How often each name is bound in a function: as a parameter, by assignments and by loops. */
export function bindings(def: FunctionDef): Map<string, number> {
  const bound = new Map<string, number>(def.params.map((p) => [p.name, 1]));
  for (const node of nodesIn(def.body)) {
    const targets =
      node.type === 'assign'
        ? node.targets
        : node.type === 'for' || node.type === 'augment'
          ? [node.target]
          : [];
    for (const name of targets.flatMap(targetsIn)) bound.set(name.id, (bound.get(name.id) ?? 0) + 1);
  }
  return bound;
}
