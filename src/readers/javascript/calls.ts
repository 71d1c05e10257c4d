import type { SyntaxNode } from '@lezer/common';
import { message } from '../../model';
import type { Evaluator } from './evaluator';
import { tooLong } from './evaluator';
import { evaluate } from './expressions';
import { children, plainChildren } from './source-file';
import { bind } from './statements';
import { callTf, makeOwnLayer } from './tf';
import {
  type ClassValue,
  type FunctionValue,
  type ObjectValue,
  type Scope,
  type Site,
  UNDEFINED,
  type Value,
} from './values';

/** Calls a value. What cannot be followed gives a named unknown; functions handed to it are followed later. */
export function callValue(E: Evaluator, callee: Value, args: readonly Value[], site: Site): Value {
  switch (callee.kind) {
    case 'function':
      return callFunction(E, callee, args, site);
    case 'native':
      return callee.call(args, site);
    case 'external':
      return callTf(E, callee.path, args, site);
    default: {
      for (const arg of args) {
        if (arg.kind !== 'function') continue;
        // `items.forEach(…)` calls back before it ends, whoever `items` is; of others it is not known when they do.
        if (callee.kind === 'unknown' && callee.name.endsWith('.forEach'))
          E.anyTimes(() => callFunction(E, arg, [itemOf(E, callee, site)], site));
        else E.later.push(arg);
      }
      return E.derived(site, [callee], message('What `{0}` gives is not known.', site.file.brief(site.node)));
    }
  }
}

function itemOf(E: Evaluator, callee: Value, site: Site): Value {
  return E.derived(site, [callee]);
}

/** What a parameter without an argument is, when the function is followed without a call. */
export type MissingArgument = (name: string, node: SyntaxNode, fn: FunctionValue) => Value;

/** Runs a function's body on arguments. */
export function callFunction(
  E: Evaluator,
  fn: FunctionValue,
  args: readonly Value[],
  site: Site,
  missing?: MissingArgument,
): Value {
  if (E.deep || !E.spend()) return tooLong(E, site);
  E.called.add(fn.node);
  const scope: Scope = { names: new Map(), parent: fn.scope, ...(fn.self ? { self: fn.self } : {}) };
  // Arrow functions without a name belong to the function around them.
  E.stack.push(fn.name || E.stack.at(-1) || '');
  try {
    bindParameters(E, fn, args, scope, missing);
    const body = plainChildren(fn.node).at(-1);
    if (!body) return UNDEFINED;
    if (body.name !== 'Block') return evaluate(E, body, scope, fn.file);
    const signal = E.parts.run(E, body, scope, fn.file);
    return signal?.kind === 'return' ? signal.value : UNDEFINED;
  } finally {
    E.stack.pop();
  }
}

function bindParameters(
  E: Evaluator,
  fn: FunctionValue,
  args: readonly Value[],
  scope: Scope,
  missing: MissingArgument | undefined,
): void {
  const list = children(fn.node).find((c) => c.name === 'ParamList');
  if (!list) {
    const single = children(fn.node).find((c) => c.name === 'VariableDefinition');
    if (single && fn.node.name === 'ArrowFunction') bind(E, single, args[0] ?? UNDEFINED, scope, fn.file);
    return;
  }
  const parts = plainChildren(list);
  let index = 0;
  for (let i = 0; i < parts.length; i++) {
    const target = parts[i]!;
    if (target.name === 'Spread') {
      const rest = parts[i + 1];
      if (rest) bind(E, rest, { kind: 'array', items: args.slice(index) }, scope, fn.file);
      return;
    }
    const fallback = parts[i + 1]?.name === 'Equals' ? parts[i + 2] : undefined;
    if (fallback) i += 2;
    let value = args[index++] ?? UNDEFINED;
    if (value.kind === 'undefined') {
      const name = fn.file.slice(target);
      const given = missing ? E.assumptionFor(name, { file: fn.file, node: target }) : undefined;
      if (given) value = given;
      else if (fallback) value = evaluate(E, fallback, scope, fn.file);
      else if (missing) value = missing(name, target, fn);
    }
    bind(E, target, value, scope, fn.file);
  }
}

/** `new X(...)`. */
export function construct(
  E: Evaluator,
  callee: Value,
  args: readonly Value[],
  site: Site,
  missing?: MissingArgument,
): Value {
  if (callee.kind !== 'class') {
    if (callee.kind === 'external') return callTf(E, callee.path, args, site);
    if (callee.kind === 'native') return callee.call(args, site);
    const name = site.file.brief(site.node);
    for (const arg of args) if (arg.kind === 'function') E.later.push(arg);
    return E.unknown(name, message('What `{0}` gives is not known.', name), site);
  }
  if (E.deep) return tooLong(E, site);
  const object: ObjectValue = { kind: 'object', fields: new Map(), facts: new Map(), cls: callee };
  E.called.add(callee.node);
  for (const cls of [...ancestry(callee)].reverse()) {
    for (const property of cls.properties) {
      const [key, , value] = plainChildren(property);
      if (key && value)
        object.fields.set(
          cls.file.slice(key),
          evaluate(E, value, { names: new Map(), parent: cls.scope, self: object }, cls.file),
        );
    }
  }
  const constructor = ancestry(callee)
    .map((c) => c.methods.get('constructor'))
    .find((m) => m !== undefined);
  if (constructor) callFunction(E, { ...constructor, name: callee.name, self: object }, args, site, missing);
  const root = ancestry(callee).at(-1)!.base;
  const isLayer = root?.kind === 'external' && root.path === 'layers.Layer';
  return isLayer ? makeOwnLayer(E, callee, object, args, site) : object;
}

/** A class and the classes of these files it derives from. */
export function ancestry(cls: ClassValue): readonly ClassValue[] {
  const chain: ClassValue[] = [];
  for (let c: Value | undefined = cls; c?.kind === 'class' && chain.length < 20; c = c.base) chain.push(c);
  return chain;
}
