import type { SourceRef, Usage } from '../../../model';
import type { ParsedFile } from '../parse';
import type { Expr, Stmt } from '../parse/ast';
import { nodesIn, pathTo, type Node } from '../parse/navigate';
import { isNumber, mentioned, type Call } from './names';

const CLIPPING = new Set([
  'clip_grad_norm_',
  'clip_grad_norm',
  'clip_grad_value_',
  'clipnorm',
  'clipvalue',
  'global_clipnorm',
  'clip_by_global_norm',
  'clip_by_norm',
  'clip_by_value',
  'gradient_clip_val',
  'max_grad_norm',
]);

/** Training loops: is there clipping, is a state carried on without being detached, which biases are filled. */
export function trainingFacts(file: ParsedFile): Usage[] {
  const { body, text } = file;
  const calls = [...nodesIn(body)].filter((n): n is Call => n.type === 'call');
  const trains = calls.find(
    (c) => c.callee.type === 'attribute' && (c.callee.name === 'backward' || c.callee.name === 'fit'),
  );
  const clipped = [...mentioned(body)].some((name) => CLIPPING.has(name));
  return [
    ...(trains
      ? [
          {
            kind: 'training',
            clipped,
            source: text.ref(trains.from, trains.to),
            ...clippable(file, calls),
          } as const,
        ]
      : []),
    ...carriedStates(file),
    ...filledBiases(file, calls),
  ];
}

/** Where clipping would go, and what it would clip; only where the file leaves no choice. */
function clippable(
  { body, text }: ParsedFile,
  calls: readonly Call[],
): { readonly backward?: SourceRef; readonly parameters?: SourceRef } {
  const torch = body.some(
    (s) => s.type === 'import' && s.names.some((n) => n.name === 'torch' && n.as === 'torch'),
  );
  const steps = [...nodesIn(body)].filter(isBackward);
  const all = calls.filter(
    (c) => c.callee.type === 'attribute' && c.callee.name === 'parameters' && c.args.length === 0,
  );
  const [parameters] = all;
  const texts = new Set(all.map((c) => text.slice(c.from, c.to)));
  if (!torch || steps.length !== 1 || texts.size !== 1 || !parameters) return {};
  return {
    backward: text.ref(steps[0]!.from, steps[0]!.to),
    parameters: text.ref(parameters.from, parameters.to),
  };
}

/** `loss.backward()` as a statement. */
function isBackward(s: Node): boolean {
  return (
    s.type === 'expression' &&
    s.value.type === 'call' &&
    s.value.callee.type === 'attribute' &&
    s.value.callee.name === 'backward'
  );
}

type Loop = Extract<Stmt, { type: 'for' }>;

/**
 * `for …: out, h = model(x, h); …; loss.backward()`: `h` links each step's graph to the one before. Anything else in the loop
 * that touches `h` (a `detach`, `.data`, a helper) may cut the link, and then this says nothing.
 */
function carriedStates({ body, text }: ParsedFile): Usage[] {
  return [...nodesIn(body)]
    .filter((n): n is Loop => n.type === 'for')
    .flatMap((loop) => {
      const direct = loop.body.filter((s) => s.type === 'assign');
      if (!loop.body.some(isBackward)) return [];
      return direct.flatMap((statement): Usage[] => {
        const [target] = statement.targets;
        const { value } = statement;
        if (target?.type !== 'tuple' || value?.type !== 'call') return [];
        return target.items.flatMap((item): Usage[] => {
          if (
            item.type !== 'name' ||
            !value.args.some((a) => a.value.type === 'name' && a.value.id === item.id)
          )
            return [];
          const touches = [...nodesIn(loop.body)].filter((n) => n.type === 'name' && n.id === item.id).length;
          const source = text.ref(statement.from, statement.to);
          // Two: the target and the argument.
          return touches === 2 ? [{ kind: 'carried-state', name: item.id, source }] : [];
        });
      });
    });
}

/** `bias.data[n // 4 : n // 2].fill_(1.0)` for every parameter with `bias` in its name, not only one of the two. */
function filledBiases({ body, text }: ParsedFile, calls: readonly Call[]): Usage[] {
  return calls.flatMap((call): Usage[] => {
    const value = call.args[0]?.value;
    const { callee } = call;
    if (callee.type !== 'attribute' || callee.name !== 'fill_' || callee.object.type !== 'subscript')
      return [];
    if (callee.object.index.type !== 'slice' || !isPositive(value)) return [];
    const around = pathTo(body, call) ?? [];
    const loop = around.findLastIndex((n) => n.type === 'for');
    if (loop < 0) return [];
    const texts = around.slice(loop).flatMap((n) => conditionTexts(n));
    const tests = texts.filter((t) => t.value === 'bias');
    if (tests.length === 0 || texts.some((t) => t.value !== 'bias' && t.value.startsWith('bias'))) return [];
    const [test] = tests;
    return [
      {
        kind: 'bias-slice-filled',
        value: numberOf(value),
        source: text.ref(call.from, call.to),
        ...(tests.length === 1 ? { test: text.ref(test!.from, test!.to) } : {}),
      },
    ];
  });
}

/** Texts that the conditions of a node compare with: `"bias" in name`, `filter(lambda n: "bias" in n, names)`. */
function conditionTexts(node: Node): Extract<Expr, { type: 'string' }>[] {
  const tests = node.type === 'if' ? [node.test] : node.type === 'for' ? [node.iterable] : [];
  return [...nodesIn(tests)].filter((n) => n.type === 'string');
}

function isPositive(e: Expr | undefined): e is Extract<Expr, { type: 'int' | 'float' }> {
  return (e?.type === 'int' || e?.type === 'float') && !isNumber(e, 0);
}

function numberOf(e: Extract<Expr, { type: 'int' | 'float' }>): number {
  return Number(e.value);
}
