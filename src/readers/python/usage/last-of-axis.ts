import type { Usage } from '../../../model';
import type { ParsedFile } from '../parse';
import type { ClassDef, Expr, FunctionDef } from '../parse/ast';
import { nodesIn } from '../parse/navigate';
import { bindings, isNumber, selfAttribute, type Call } from './names';

/** `out, _ = self.rnn(x)` followed by `out[:, -1]` or `out[-1]`, where `out` is bound just once. */
export function lastOfAxis({ body, text }: ParsedFile): Usage[] {
  const facts: Usage[] = [];
  for (const cls of [...nodesIn(body)].filter((n): n is ClassDef => n.type === 'class')) {
    const made = madeBy(cls);
    for (const def of cls.body.filter((s): s is FunctionDef => s.type === 'def')) {
      for (const [name, layer] of outputsOf(def, made)) {
        for (const node of nodesIn(def.body)) {
          if (node.type !== 'subscript' || node.object.type !== 'name' || node.object.id !== name) continue;
          const axis = axisOf(node.index);
          if (axis === undefined) continue;
          const source = text.ref(node.from, node.to);
          const { index } = node;
          facts.push({
            kind: 'last-of-axis',
            made: text.ref(layer.from, layer.to),
            axis,
            source,
            ...(isNumber(index, -1) ? { index: text.ref(index.from, index.to) } : {}),
          });
        }
      }
    }
  }
  return facts;
}

/** What each attribute of a class is made by, for attributes that are set once. */
export function madeBy(cls: ClassDef): Map<string, Call> {
  const calls = new Map<string, Call | undefined>();
  for (const node of nodesIn(cls.body)) {
    if (node.type !== 'assign') continue;
    for (const target of node.targets) {
      const name = selfAttribute(target);
      if (name === undefined) continue;
      calls.set(name, !calls.has(name) && node.value?.type === 'call' ? node.value : undefined);
    }
  }
  return new Map([...calls].flatMap(([name, call]) => (call ? [[name, call]] : [])));
}

/** Names that hold a layer's output sequence and nothing else. */
function outputsOf(def: FunctionDef, made: ReadonlyMap<string, Call>): Map<string, Call> {
  const bound = bindings(def);
  const outputs = new Map<string, Call>();
  for (const node of nodesIn(def.body)) {
    if (node.type !== 'assign' || node.targets.length !== 1) continue;
    const layer = layerCalled(node.value, made);
    const [target] = node.targets;
    if (layer && target?.type === 'tuple' && target.items.length === 2 && target.items[0]!.type === 'name') {
      outputs.set(target.items[0]!.id, layer);
    }
  }
  return new Map([...outputs].filter(([name]) => bound.get(name) === 1));
}

export function layerCalled(value: Expr | undefined, made: ReadonlyMap<string, Call>): Call | undefined {
  const name = value?.type === 'call' ? selfAttribute(value.callee) : undefined;
  return name === undefined ? undefined : made.get(name);
}

/** Which axis the −1 of `[-1]`, `[-1, …]` or `[:, -1, …]` picks from. */
function axisOf(index: Expr): 0 | 1 | undefined {
  if (isNumber(index, -1)) return 0;
  if (index.type !== 'tuple') return undefined;
  const [first, second] = index.items;
  if (isNumber(first, -1)) return 0;
  const all = first?.type === 'slice' && !first.lower && !first.upper && !first.step;
  return all && isNumber(second, -1) ? 1 : undefined;
}
