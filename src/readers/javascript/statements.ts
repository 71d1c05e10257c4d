import type { SyntaxNode } from '@lezer/common';
import { type Message, equalDims, message } from '../../model';
import { Collector, type LayerSpec, type Node, type Shapes, buildLayer } from '../keras';
import type { Evaluator, Signal } from './evaluator';
import { evaluate, functionOf, sameValue, store, truth } from './expressions';
import { children, plainChildren } from './source-file';
import type { SourceFile } from './source-file';
import {
  type ClassValue,
  type FunctionValue,
  manyIn,
  type Scope,
  type Site,
  UNDEFINED,
  type UnknownValue,
  type Value,
} from './values';

const MAX_ROUNDS = 2_000;

/** Runs one statement or a block. */
export function run(E: Evaluator, node: SyntaxNode, scope: Scope, file: SourceFile): Signal | undefined {
  return E.spend() ? E.nested(() => runInside(E, node, scope, file)) : undefined;
}

function runInside(E: Evaluator, node: SyntaxNode, scope: Scope, file: SourceFile): Signal | undefined {
  const go = (n: SyntaxNode | undefined, inner: Scope = scope) => (n ? run(E, n, inner, file) : undefined);
  switch (node.name) {
    case 'Script':
      return runAll(E, children(node), scope, file);
    case 'Block':
      return runAll(E, children(node), { names: new Map(), parent: scope }, file);
    case 'ExportDeclaration':
      return go(children(node).find((c) => c.name.endsWith('Declaration')));
    case 'VariableDeclaration':
      declare(E, node, scope, file);
      return undefined;
    case 'FunctionDeclaration':
    case 'ImportDeclaration':
      return undefined;
    case 'ClassDeclaration':
      defineClass(E, node, scope, file);
      return undefined;
    case 'ExpressionStatement': {
      const inner = children(node)[0];
      if (inner) evaluate(E, inner, scope, file);
      return undefined;
    }
    case 'IfStatement': {
      const [, condition, yes, , no] = children(node);
      const answer = condition ? truth(evaluate(E, condition, scope, file)) : false;
      if (typeof answer === 'boolean') return go(answer ? yes : no);
      return fork(E, [() => go(yes), () => go(no)], answer, { file, node });
    }
    case 'SwitchStatement':
      return runSwitch(E, node, scope, file);
    case 'ForStatement':
      return runFor(E, node, scope, file);
    case 'WhileStatement':
    case 'DoStatement':
      return runWhile(E, node, scope, file);
    case 'ReturnStatement': {
      const value = children(node)[1];
      return { kind: 'return', value: value ? evaluate(E, value, scope, file) : UNDEFINED };
    }
    case 'ThrowStatement':
      return { kind: 'throw' };
    case 'BreakStatement':
      return { kind: 'break' };
    case 'ContinueStatement':
      return { kind: 'continue' };
    case 'TryStatement': {
      const [, block, ...rest] = children(node);
      const signal = go(block);
      const last = rest.find((c) => c.name === 'FinallyClause');
      const after = last ? go(children(last).at(-1)) : undefined;
      return after ?? (signal?.kind === 'throw' ? undefined : signal);
    }
    case 'LabeledStatement':
      return go(children(node).at(-1));
    default:
      return undefined;
  }
}

function runAll(
  E: Evaluator,
  statements: readonly SyntaxNode[],
  scope: Scope,
  file: SourceFile,
): Signal | undefined {
  // Functions exist before the first statement runs.
  for (const s of statements) {
    const inner =
      s.name === 'ExportDeclaration' ? children(s).find((c) => c.name === 'FunctionDeclaration') : s;
    if (inner?.name === 'FunctionDeclaration') {
      const fn = functionOf(inner, scope, file);
      E.define(scope, fn.name, fn);
    }
  }
  for (let i = 0; i < statements.length; i++) {
    const signal = run(E, statements[i]!, scope, file);
    if (!signal) continue;
    if (signal.kind !== 'return' || !maybe.has(signal)) return signal;
    // One branch returned and another went on: what the rest returns is the other possibility.
    const rest = runAll(E, statements.slice(i + 1), scope, file);
    const other = rest?.kind === 'return' ? rest.value : UNDEFINED;
    if (rest?.kind === 'throw') return { kind: 'return', value: signal.value };
    const on = maybe.get(signal)!;
    return { kind: 'return', value: joinValues(E, [signal.value, other], on.unknown, on.site) as Value };
  }
  return undefined;
}

/** Returns that happen in some branches only, with what they depend on. */
const maybe = new WeakMap<Signal, { readonly unknown: UnknownValue; readonly site: Site }>();

/** Runs branches of which one is taken, depending on something unknown. */
function fork(
  E: Evaluator,
  branches: readonly (() => Signal | undefined)[],
  on: UnknownValue,
  site: Site,
): Signal | undefined {
  const signals = E.fork(branches, (values) => joinValues(E, values, on, site)).filter(
    (s) => s?.kind !== 'throw',
  );
  const returns = signals.filter((s): s is Signal & { kind: 'return' } => s?.kind === 'return');
  if (signals.length === 0) return { kind: 'throw' };
  if (returns.length === 0) {
    const [first] = signals;
    return signals.every((s) => s?.kind === first?.kind) ? first : undefined;
  }
  const value =
    returns.length === 1
      ? returns[0]!.value
      : joinValues(
          E,
          returns.map((r) => r.value),
          on,
          site,
        );
  const signal: Signal = { kind: 'return', value: value as Value };
  if (returns.length < signals.length) maybe.set(signal, { unknown: on, site });
  return signal;
}

/** What branches left in one place, joined: values, or lists of what was appended. */
function joinValues(E: Evaluator, values: readonly unknown[], on: UnknownValue, site: Site): unknown {
  const root = on.root ?? on;
  const reason = message('It depends on `{0}`.', root.name);
  if (values.every(Array.isArray))
    return joinLists(E, values as readonly (readonly unknown[])[], root, site, reason);
  const all = values.map((v) => (isValue(v) ? v : undefined));
  if (all.every((v) => v !== undefined && sameValue(v, all[0]!) === true)) return all[0];
  if (all.some((v) => v?.kind === 'tensor')) {
    const node: Node = { layer: choice(E, root, site, reason), inputs: [], source: site.file.ref(site.node) };
    return { kind: 'tensor', tensor: { node, index: 0, shape: undefined } } satisfies Value;
  }
  const unknown: UnknownValue = {
    kind: 'unknown',
    name: root.name,
    reason,
    choices: root.choices,
    source: site.file.ref(site.node),
    root,
  };
  return unknown;
}

function joinLists(
  E: Evaluator,
  lists: readonly (readonly unknown[])[],
  on: UnknownValue,
  site: Site,
  reason: Message,
): unknown {
  const layers = lists
    .flat()
    .some((item) => typeof item === 'object' && item !== null && 'className' in item);
  if (layers) return [choice(E, on, site, reason, lists as readonly (readonly LayerSpec[])[])];
  const unknown: UnknownValue = { kind: 'unknown', name: on.name, reason, choices: on.choices };
  const longest = Math.max(...lists.map((l) => l.length));
  if (lists.some((l) => l.length !== longest)) return [{ ...unknown, many: true } satisfies UnknownValue];
  return Array.from({ length: longest }, () => unknown);
}

/** A layer that is one of several, depending on something unknown. */
function choice(
  E: Evaluator,
  on: UnknownValue,
  site: Site,
  reason: Message,
  options: readonly (readonly LayerSpec[])[] = [],
): LayerSpec {
  E.declare(on);
  return {
    className: 'Layer',
    config: new Map(),
    source: site.file.ref(site.node),
    name: 'choice',
    opaque: reason,
    dependsOn: [on.name],
    outputOf: (inputs) => [agreed(options, inputs)],
  };
}

/** What comes out where all options give the same shape. */
function agreed(options: readonly (readonly LayerSpec[])[], inputs: Shapes): Shapes[number] {
  const outputs = options.map((layers) => {
    const source = layers[0]?.source;
    if (!source) return undefined;
    const spec: LayerSpec = { className: 'Sequential', config: new Map(), source, layers };
    return buildLayer(spec, 'choice', inputs, new Collector('tfjs')).outputs[0];
  });
  const [first] = outputs;
  const same =
    first && outputs.every((o) => o?.length === first.length && o.every((d, i) => equalDims(d, first[i]!)));
  return same ? first : undefined;
}

function isValue(v: unknown): v is Value {
  return typeof v === 'object' && v !== null && 'kind' in v;
}

function declare(E: Evaluator, node: SyntaxNode, scope: Scope, file: SourceFile): void {
  const parts = plainChildren(node).slice(1);
  for (let i = 0; i < parts.length; i++) {
    const target = parts[i]!;
    const hasValue = parts[i + 1]?.name === 'Equals';
    const value = hasValue ? evaluate(E, parts[i + 2]!, scope, file) : UNDEFINED;
    if (hasValue) i += 2;
    if (target.name === 'VariableDefinition' && value.kind === 'model' && E.stack.length === 0) {
      value.model.name ??= file.slice(target);
    }
    bind(E, target, value, scope, file);
  }
}

/** Binds a value to a name or a pattern. */
export function bind(E: Evaluator, target: SyntaxNode, value: Value, scope: Scope, file: SourceFile): void {
  const site = { file, node: target };
  if (target.name === 'VariableDefinition') {
    const name = file.slice(target);
    // A name of one's own is what a user knows an unknown by.
    const given = value.kind === 'unknown' ? E.assumptionFor(name, site) : undefined;
    E.define(scope, name, given ?? renamed(value, name));
  } else if (target.name === 'ObjectPattern') {
    for (const property of children(target)) bindProperty(E, property, value, scope, file);
  } else if (target.name === 'ArrayPattern') {
    bindArray(E, target, value, scope, file);
  } else if (target.name === 'VariableName' || target.name === 'MemberExpression') {
    store(E, target, value, scope, file);
  }
}

/** An unknown expression is known by the first variable that takes it. */
function renamed(value: Value, name: string): Value {
  if (value.kind !== 'unknown' || (!value.root && /^[\w$]+$/.test(value.name))) return value;
  return { ...value, name, root: undefined };
}

function bindProperty(
  E: Evaluator,
  property: SyntaxNode,
  value: Value,
  scope: Scope,
  file: SourceFile,
): void {
  const parts = plainChildren(property).filter((c) => c.name !== ':');
  const [key] = parts;
  if (!key || key.name === 'Spread') return;
  const equals = parts.findIndex((c) => c.name === 'Equals');
  const target = parts[equals === 2 || (equals < 0 && parts.length === 2) ? 1 : 0]!;
  let found = E.parts.member(E, value, file.slice(key), { file, node: key });
  if (found.kind === 'undefined' && equals >= 0) found = evaluate(E, parts[equals + 1]!, scope, file);
  bind(E, target, found, scope, file);
}

function bindArray(E: Evaluator, target: SyntaxNode, value: Value, scope: Scope, file: SourceFile): void {
  let index = 0;
  for (let child = target.firstChild; child; child = child.nextSibling) {
    if (child.name === ',') index++;
    if (child.name === '[' || child.name === ']' || child.name === ',') continue;
    const item =
      value.kind === 'array'
        ? (value.items[index] ?? UNDEFINED)
        : E.unknown(
            file.slice(child),
            value.kind === 'unknown'
              ? value.reason
              : message('`{0}` cannot be worked out.', file.slice(child)),
            { file, node: child },
          );
    bind(E, child, item, scope, file);
  }
}

function runSwitch(E: Evaluator, node: SyntaxNode, scope: Scope, file: SourceFile): Signal | undefined {
  const [, subject, body] = children(node);
  if (!subject || !body) return undefined;
  const value = evaluate(E, subject, scope, file);
  const statements = children(body);
  const inner: Scope = { names: new Map(), parent: scope };
  const from = (at: number) => () => {
    const rest = statements.slice(at).filter((s) => s.name !== 'CaseLabel' && s.name !== 'DefaultLabel');
    const signal = runAll(E, rest, inner, file);
    return signal?.kind === 'break' ? undefined : signal;
  };
  const starts: number[] = [];
  let fallback: number | undefined;
  for (const [i, s] of statements.entries()) {
    if (s.name === 'DefaultLabel') fallback = i;
    if (s.name !== 'CaseLabel') continue;
    const label = children(s)[1];
    const same = label && sameOrNote(value, evaluate(E, label, scope, file));
    if (same === true) return from(i)();
    if (same === undefined) starts.push(i);
  }
  if (starts.length === 0 || value.kind !== 'unknown')
    return fallback === undefined ? undefined : from(fallback)();
  const branches = starts.map(from);
  branches.push(fallback === undefined ? () => undefined : from(fallback));
  return fork(E, branches, value, { file, node });
}

function sameOrNote(value: Value, label: Value): boolean | undefined {
  const same = sameValue(value, label);
  if (
    same === undefined &&
    value.kind === 'unknown' &&
    label.kind === 'string' &&
    !value.choices.includes(label.value)
  ) {
    value.choices.push(label.value);
  }
  return same;
}

function runFor(E: Evaluator, node: SyntaxNode, scope: Scope, file: SourceFile): Signal | undefined {
  const parts = children(node);
  const body = parts.at(-1)!;
  const spec = parts.find((c) => c.name.endsWith('Spec'));
  const inner: Scope = { names: new Map(), parent: scope };
  if (!spec) return undefined;
  if (spec.name === 'ForSpec') {
    const [init, condition, step] = forParts(spec);
    if (init) {
      if (init.name === 'VariableDeclaration') declare(E, init, inner, file);
      else evaluate(E, init, inner, file);
    }
    return rounds(E, condition, step, body, inner, file, { file, node });
  }
  const target = children(spec).find((c) => c.name === 'VariableDefinition' || c.name.endsWith('Pattern'));
  const items = evaluate(E, children(spec).at(-1)!, scope, file);
  const many = items.kind === 'array' ? manyIn(items.items) : undefined;
  const list = spec.name === 'ForOfSpec' && items.kind === 'array' && !many ? items.items : undefined;
  if (!list) {
    const why = items.kind === 'unknown' ? items : (many ?? unknownOf(E, { file, node: spec }));
    const once = () => {
      if (target) bind(E, target, why, inner, file);
      return run(E, body, inner, file);
    };
    return fork(E, [once, () => undefined], why, { file, node });
  }
  for (const item of list.slice(0, MAX_ROUNDS)) {
    const each: Scope = { names: new Map(), parent: scope };
    if (target) bind(E, target, item, each, file);
    const signal = run(E, body, each, file);
    if (signal && signal.kind !== 'continue') return signal.kind === 'break' ? undefined : signal;
  }
  return undefined;
}

function unknownOf(E: Evaluator, site: Site): UnknownValue {
  const name = site.file.brief(site.node);
  const value = E.unknown(name, message('`{0}` cannot be worked out.', name), site);
  return value.kind === 'unknown'
    ? value
    : { kind: 'unknown', name, reason: message('`{0}` cannot be worked out.', name), choices: [] };
}

/** The three parts of `for (init; condition; step)`, any of which may be missing. */
function forParts(
  spec: SyntaxNode,
): [SyntaxNode | undefined, SyntaxNode | undefined, SyntaxNode | undefined] {
  const found: [SyntaxNode | undefined, SyntaxNode | undefined, SyntaxNode | undefined] = [
    undefined,
    undefined,
    undefined,
  ];
  let place = 0;
  for (let child = spec.firstChild; child; child = child.nextSibling) {
    if (child.name === '(' || child.name === ')') continue;
    if (child.name === ';') place++;
    else {
      found[Math.min(place, 2)] = child;
      // A declaration takes its semicolon with it.
      if (child.name === 'VariableDeclaration') place++;
    }
  }
  return found;
}

function rounds(
  E: Evaluator,
  condition: SyntaxNode | undefined,
  step: SyntaxNode | undefined,
  body: SyntaxNode,
  scope: Scope,
  file: SourceFile,
  site: Site,
): Signal | undefined {
  for (let i = 0; i < MAX_ROUNDS && E.spend(); i++) {
    const answer = condition ? truth(evaluate(E, condition, scope, file)) : true;
    if (answer === false) return undefined;
    if (answer !== true) return fork(E, [() => run(E, body, scope, file), () => undefined], answer, site);
    const signal = run(E, body, scope, file);
    if (signal && signal.kind !== 'continue') return signal.kind === 'break' ? undefined : signal;
    if (step) evaluate(E, step, scope, file);
  }
  return undefined;
}

function runWhile(E: Evaluator, node: SyntaxNode, scope: Scope, file: SourceFile): Signal | undefined {
  const parts = children(node);
  const condition = parts.find((c) => c.name === 'ParenthesizedExpression');
  const body = parts.find(
    (c) => c.name !== 'ParenthesizedExpression' && c.name !== 'while' && c.name !== 'do',
  );
  return body ? rounds(E, condition, undefined, body, scope, file, { file, node }) : undefined;
}

function defineClass(E: Evaluator, node: SyntaxNode, scope: Scope, file: SourceFile): void {
  const parts = plainChildren(node);
  const name = parts.find((c) => c.name === 'VariableDefinition');
  const at = parts.findIndex((c) => c.name === 'extends');
  const body = parts.find((c) => c.name === 'ClassBody');
  if (!name || !body) return;
  const methods = new Map<string, FunctionValue>();
  const statics = new Map<string, Value>();
  const properties: SyntaxNode[] = [];
  const base = at >= 0 ? evaluate(E, parts[at + 1]!, scope, file) : undefined;
  const cls: ClassValue = {
    kind: 'class',
    name: file.slice(name),
    node,
    scope,
    file,
    ...(base ? { base } : {}),
    methods,
    statics,
    properties,
  };
  for (const part of children(body)) {
    const isStatic = children(part).some((c) => c.name === 'static');
    if (part.name === 'MethodDeclaration') {
      const fn = functionOf(part, scope, file);
      if (isStatic) statics.set(fn.name, fn);
      else methods.set(fn.name, fn);
    } else if (part.name === 'PropertyDeclaration') {
      if (!isStatic) properties.push(part);
      else {
        const [key, , value] = plainChildren(part).filter((c) => c.name !== 'static');
        if (key && value) statics.set(file.slice(key), evaluate(E, value, scope, file));
      }
    }
  }
  E.classes.push(cls);
  E.define(scope, cls.name, cls);
}
