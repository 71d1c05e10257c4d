import type { SourceRef, Usage } from '../../../model';
import type { ParsedFile } from '../parse';
import type { ClassDef, Expr, FunctionDef } from '../parse/ast';
import { nodesIn } from '../parse/navigate';
import { calledName, selfAttribute, type Call } from './names';

/** Where a softmax is the output, and where a loss applies one itself. */
export function lossFacts({ body, text }: ParsedFile): Usage[] {
  const facts: Usage[] = [];
  let modules = 0;
  for (const node of nodesIn(body)) {
    if (node.type === 'class') {
      const forward = node.body.find((s): s is FunctionDef => s.type === 'def' && s.name === 'forward');
      if (!forward) continue;
      modules++;
      const softmax = softmaxOutput(node, forward);
      if (softmax) {
        facts.push({
          kind: 'softmax-output',
          className: node.name,
          source: text.ref(softmax.from, softmax.to),
          ...logitsOf(softmax, text),
        });
      }
    } else if (node.type === 'call' && appliesSoftmax(node)) {
      facts.push({ kind: 'cross-entropy', source: text.ref(node.from, node.to) });
    }
  }
  return [...facts, { kind: 'modules', count: modules, source: text.ref(0, 0) }];
}

/** The softmax that `forward` ends in, when it is the only way out. */
function softmaxOutput(cls: ClassDef, forward: FunctionDef): Expr | undefined {
  const returns = [...nodesIn(forward.body)].flatMap((n) => (n.type === 'return' ? [n.value] : []));
  const [only] = returns;
  if (returns.length !== 1 || !only) return undefined;
  if (only.type !== 'name') return isSoftmax(only, cls) ? only : undefined;
  // `x = softmax(x)` as the last statement before `return x`.
  const before = forward.body.at(-2);
  const assigned =
    before?.type === 'assign' && before.targets.length === 1 && before.targets[0]!.type === 'name'
      ? before
      : undefined;
  const same = assigned?.targets[0]?.type === 'name' && assigned.targets[0].id === only.id;
  return same && assigned.value && isSoftmax(assigned.value, cls) ? assigned.value : undefined;
}

function isSoftmax(e: Expr, cls: ClassDef): boolean {
  if (e.type !== 'call') return false;
  const attribute = selfAttribute(e.callee);
  if (attribute === undefined) return calledName(e) === 'softmax';
  return [...nodesIn(cls.body)].some(
    (n) =>
      n.type === 'assign' &&
      n.targets.some((t) => selfAttribute(t) === attribute) &&
      n.value?.type === 'call' &&
      calledName(n.value) === 'Softmax',
  );
}

/** What a softmax is taken of: the first argument of `softmax(x, …)`, the tensor of `x.softmax(…)`. */
function logitsOf(softmax: Expr, text: ParsedFile['text']): { logits?: SourceRef } {
  if (softmax.type !== 'call') return {};
  const { callee } = softmax;
  const first = softmax.args[0];
  const given = first && first.name === undefined && first.star === undefined ? first.value : undefined;
  const isMethod =
    selfAttribute(callee) === undefined && callee.type === 'attribute' && (!given || isAxis(given));
  const logits = isMethod ? callee.object : given && !isAxis(given) ? given : undefined;
  return logits ? { logits: text.ref(logits.from, logits.to) } : {};
}

function isAxis(e: Expr): boolean {
  return e.type === 'int' || (e.type === 'unary' && e.operand.type === 'int');
}

/** `nn.CrossEntropyLoss(…)`, `F.cross_entropy(…)`, or a Keras loss with `from_logits=True`. */
function appliesSoftmax(call: Call): boolean {
  const name = calledName(call);
  if (name === 'CrossEntropyLoss' || name === 'cross_entropy') return true;
  const fromLogits = call.args.find((a) => a.name === 'from_logits')?.value;
  return fromLogits?.type === 'constant' && fromLogits.value === 'True';
}
