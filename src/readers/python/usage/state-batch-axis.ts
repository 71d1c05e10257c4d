import type { Usage } from '../../../model';
import type { ParsedFile } from '../parse';
import type { ClassDef, Expr, FunctionDef } from '../parse/ast';
import { nodesIn } from '../parse/navigate';
import { layerCalled, madeBy } from './last-of-axis';
import { bindings, calledName, isNumber, type Call } from './names';

/** `h0 = torch.zeros(layers, x.size(0), hidden)` and then `self.rnn(x, h0)`, where each of these names is bound just once. */
export function stateBatchAxis({ body, text }: ParsedFile): Usage[] {
  const facts: Usage[] = [];
  for (const cls of [...nodesIn(body)].filter((n): n is ClassDef => n.type === 'class')) {
    const made = madeBy(cls);
    for (const def of cls.body.filter((s): s is FunctionDef => s.type === 'def')) {
      const once = onceBound(def);
      for (const call of nodesIn(def.body)) {
        if (call.type !== 'call') continue;
        const layer = layerCalled(call, made);
        const input = call.args[0]?.value;
        if (!layer || input?.type !== 'name' || !once.bound.has(input.id)) continue;
        const zeros = stateOf(call, once);
        const axis = zeros && batchAxis(zeros, input.id, once);
        if (!zeros || axis === undefined) continue;
        const source = text.ref(zeros.from, zeros.to);
        facts.push({ kind: 'state-batch-axis', made: text.ref(layer.from, layer.to), axis, source });
      }
    }
  }
  return facts;
}

interface Once {
  /** Names that are bound just once in the function. */
  readonly bound: ReadonlySet<string>;
  /** What those of them are that are simply assigned. */
  readonly values: ReadonlyMap<string, Expr>;
}

function onceBound(def: FunctionDef): Once {
  const bound = new Set([...bindings(def)].filter(([, times]) => times === 1).map(([name]) => name));
  const values = new Map<string, Expr>();
  for (const node of nodesIn(def.body)) {
    const target = node.type === 'assign' && node.targets.length === 1 ? node.targets[0]! : undefined;
    if (node.type === 'assign' && node.value && target?.type === 'name' && bound.has(target.id))
      values.set(target.id, node.value);
  }
  return { bound, values };
}

/** The `torch.zeros(…)` that the state `h0` or `(h0, c0)` of a call is made by. */
function stateOf(call: Call, { values }: Once): Call | undefined {
  const given = call.args[1];
  if (!given || given.star !== undefined) return undefined;
  const state = resolve(given.value, values);
  const h = state.type === 'tuple' && state.items.length === 2 ? resolve(state.items[0]!, values) : state;
  return zerosIn(h);
}

/** `torch.zeros(…)`, also on its way to a device: `.to(device)`, `.cuda()`, `Variable(…)`. */
function zerosIn(e: Expr): Call | undefined {
  if (e.type !== 'call') return undefined;
  const name = calledName(e);
  if (name === 'zeros' || name === 'randn') return e;
  if (e.callee.type === 'attribute' && MOVES.has(e.callee.name)) return zerosIn(e.callee.object);
  return name === 'Variable' && e.args[0] ? zerosIn(e.args[0].value) : undefined;
}

const MOVES = new Set(['to', 'cuda', 'cpu', 'type', 'type_as', 'float', 'double', 'requires_grad_']);

/** The axis k when the second of three sizes is `x.size(k)` or `x.shape[k]`. */
function batchAxis(zeros: Call, input: string, { values }: Once): 0 | 1 | undefined {
  const sizes = zeros.args.filter((a) => a.name === undefined);
  if (sizes.length !== 3 || sizes.some((a) => a.star !== undefined)) return undefined;
  const batch = resolve(sizes[1]!.value, values);
  const axis =
    batch.type === 'call' && batch.callee.type === 'attribute' && batch.callee.name === 'size'
      ? { of: batch.callee.object, index: batch.args[0]?.value }
      : batch.type === 'subscript' && batch.object.type === 'attribute' && batch.object.name === 'shape'
        ? { of: batch.object.object, index: batch.index }
        : undefined;
  if (axis?.of.type !== 'name' || axis.of.id !== input) return undefined;
  if (isNumber(axis.index, 0)) return 0;
  return isNumber(axis.index, 1) ? 1 : undefined;
}

function resolve(e: Expr, values: ReadonlyMap<string, Expr>): Expr {
  return e.type === 'name' ? (values.get(e.id) ?? e) : e;
}
