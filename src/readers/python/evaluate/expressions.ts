import { message, mul, valueOf } from '../../../model';
import type { CallArg, Comprehension, Expr } from '../parse/ast';
import type { Site } from '../parse/text';
import { evaluateBranches } from './branches';
import type { Interpreter } from './interpreter';
import { mergeDict } from './items';
import { eachItem } from './loops';
import { bool, float, int, str, tuple } from './make';
import { binary, plainText } from './operators';
import { assignName, bindTarget, lookUp } from './scopes';
import {
  NONE,
  restOfDict,
  type Argument,
  type Arguments,
  type FunctionValue,
  type Scope,
  type UnknownValue,
  type Value,
} from './values';

const MAX_NESTING = 400;
let nesting = 0;

/** The value of an expression. Never throws; ends when the fuel does. */
export function evaluateExpression(I: Interpreter, expr: Expr, scope: Scope): Value {
  if (!I.spend() || nesting > MAX_NESTING) {
    return I.unknown(message('The file takes too long to follow.'), 'value', siteOf(scope, expr));
  }
  nesting++;
  try {
    const value = evaluate(I, expr, scope);
    if (expr.type !== 'name' && expr.type !== 'attribute') born(I, value);
    return value;
  } finally {
    nesting--;
  }
}

/** Containers are made by literals, operators and calls; one that has no birth yet was made just now. */
export function born(I: Interpreter, value: Value): void {
  if (value.kind === 'list') I.journal.birth(value.items);
  else if (value.kind === 'dict') I.journal.birth(value.entries);
}

export function siteOf(scope: Scope, node: { readonly from: number; readonly to: number }): Site {
  return { text: scope.module.text, from: node.from, to: node.to };
}

function evaluate(I: Interpreter, expr: Expr, scope: Scope): Value {
  const literal = { origin: siteOf(scope, expr), how: 'literal' } as const;
  switch (expr.type) {
    case 'name':
      return lookUp(I, scope, expr.id, siteOf(scope, expr));
    case 'int':
      return { ...int(expr.value), ...literal };
    case 'float':
      return { ...float(expr.value), ...literal };
    case 'string':
      return { ...str(expr.value), ...literal };
    case 'fstring':
      return formatString(I, expr.parts, scope, siteOf(scope, expr));
    case 'constant':
      if (expr.value === 'True' || expr.value === 'False')
        return { ...bool(expr.value === 'True'), ...literal };
      return expr.value === '...' ? { kind: 'none', ellipsis: true } : { ...NONE, ...literal };
    case 'tuple':
      return tuple(sequenceItems(I, expr.items, scope));
    case 'list':
      return { kind: 'list', items: sequenceItems(I, expr.items, scope) };
    case 'set':
      return { kind: 'list', items: sequenceItems(I, expr.items, scope), set: true };
    case 'dict':
      return dict(I, expr, scope);
    case 'comprehension':
      return comprehension(I, expr, scope);
    case 'attribute':
      return I.attribute(I.evaluate(expr.object, scope), expr.name, siteOf(scope, expr));
    case 'subscript':
      return I.item(I.evaluate(expr.object, scope), I.evaluate(expr.index, scope), siteOf(scope, expr));
    case 'slice': {
      const part = (e: Expr | undefined) => (e ? I.evaluate(e, scope) : NONE);
      return { kind: 'slice', lower: part(expr.lower), upper: part(expr.upper), step: part(expr.step) };
    }
    case 'call':
      return callExpression(I, expr, scope);
    case 'binary':
      return expr.op === 'and' || expr.op === 'or'
        ? logical(I, expr.op, expr.left, expr.right, scope)
        : binary(
            I,
            expr.op,
            I.evaluate(expr.left, scope),
            I.evaluate(expr.right, scope),
            siteOf(scope, expr),
          );
    case 'unary':
      return unary(I, expr.op, I.evaluate(expr.operand, scope), siteOf(scope, expr));
    case 'conditional':
      return evaluateBranches(
        I,
        I.evaluate(expr.test, scope),
        () => I.evaluate(expr.then, scope),
        () => I.evaluate(expr.otherwise, scope),
      );
    case 'lambda':
      return lambda(I, expr, scope);
    case 'named': {
      const value = I.evaluate(expr.value, scope);
      return assignName(I, scope, expr.name, value);
    }
    case 'starred':
      return I.evaluate(expr.value, scope);
    case 'yield': {
      const value = expr.value ? I.evaluate(expr.value, scope) : NONE;
      const yielded = scope.names.get('%yield');
      if (yielded?.kind === 'list') I.setItems(yielded, [...yielded.items, value]);
      return NONE;
    }
    case 'broken':
      return I.unknown(message('The code here is not complete.'), 'value', siteOf(scope, expr), {
        maybeModule: true,
      });
  }
}

function lambda(I: Interpreter, expr: Expr & { type: 'lambda' }, scope: Scope): FunctionValue {
  const fallbacks = new Map<string, Value>();
  for (const p of expr.params) if (p.fallback) fallbacks.set(p.name, I.evaluate(p.fallback, scope));
  return {
    kind: 'function',
    name: 'lambda',
    params: expr.params,
    expression: expr.body,
    fallbacks,
    scope,
    attributes: new Map(),
  };
}

function sequenceItems(I: Interpreter, exprs: readonly Expr[], scope: Scope): Value[] {
  const items: Value[] = [];
  for (const expr of exprs) {
    const value = I.evaluate(expr, scope);
    if (expr.type !== 'starred') items.push(value);
    else items.push(...spread(I, value, siteOf(scope, expr)));
  }
  return items;
}

/** The items that `*value` puts into a list; an unknown number of unknown ones is one repeated item. */
export function spread(I: Interpreter, value: Value, site: Site): readonly Value[] {
  const items = rawItems(value) ?? I.items(value);
  if (items) return items;
  if (value.kind === 'union') {
    const lists = value.options.map((o) => rawItems(o) ?? I.items(o) ?? []);
    const length = Math.max(...lists.map((l) => l.length));
    return Array.from({ length }, (_, i) =>
      I.union(
        lists.map((l) => l[i] ?? { kind: 'absent' }),
        value.on,
      ),
    );
  }
  const unknown =
    value.kind === 'unknown'
      ? value
      : I.dependent(site, [value], message('`{0}` can’t be listed.', I.textOf(site)));
  const count = I.dim(I.derive(unknown, '.len()', site));
  return count ? [{ kind: 'repeat', value: I.derive(unknown, '[…]', site), count }] : [];
}

/** A list's items with its repeats in them. */
function rawItems(value: Value): readonly Value[] | undefined {
  return value.kind === 'list' || value.kind === 'tuple' ? value.items : undefined;
}

function dict(I: Interpreter, expr: Expr & { type: 'dict' }, scope: Scope): Value {
  const entries = new Map<string, Value>();
  let missing: Value | undefined;
  for (const entry of expr.entries) {
    const value = I.evaluate(entry.value, scope);
    if (!entry.key) {
      mergeDict(I, { kind: 'dict', entries }, value, siteOf(scope, entry.value));
      continue;
    }
    const key = I.keyOf(I.evaluate(entry.key, scope));
    if (key === undefined)
      missing = I.unknown(message('A key that can’t be worked out.'), 'key', siteOf(scope, entry.key));
    else entries.set(key, value);
  }
  return { kind: 'dict', entries, ...(missing && { missing }) };
}

function comprehension(I: Interpreter, expr: Comprehension, scope: Scope): Value {
  const inner: Scope = { names: I.journal.birth(new Map()), parent: scope, module: scope.module };
  const keys: Value[] = [];
  const values: Value[] = [];
  const run = (at: number): void => {
    const clause = expr.clauses[at];
    if (!clause) {
      const element = I.evaluate(expr.element, inner);
      if (expr.form === 'dict') {
        keys.push(element);
        values.push(expr.value ? I.evaluate(expr.value, inner) : NONE);
      } else if (expr.element.type === 'starred')
        values.push(...spread(I, element, siteOf(inner, expr.element)));
      else values.push(element);
      return;
    }
    const iterable = I.evaluate(clause.iterable, at === 0 ? scope : inner);
    eachItem(I, iterable, siteOf(scope, clause.iterable), values, (item) => {
      bindTarget(I, inner, clause.target, item);
      const on: UnknownValue[] = [];
      for (const condition of clause.conditions) {
        const answer = I.truth(I.evaluate(condition, inner));
        if (answer === false) return;
        if (answer !== true) on.push(...answer);
      }
      const before = values.length;
      run(at + 1);
      if (on.length > 0)
        for (let i = before; i < values.length; i++)
          values[i] = I.union([values[i]!, { kind: 'absent' }], on);
    });
  };
  run(0);
  if (expr.form !== 'dict')
    return { kind: 'list', items: values, ...(expr.form === 'set' && { set: true as const }) };
  const entries = new Map<string, Value>();
  let missing: Value | undefined;
  keys.forEach((keyValue, i) => {
    const key = I.keyOf(keyValue);
    if (key !== undefined) entries.set(key, values[i]!);
    else
      missing = I.dependent(
        siteOf(scope, expr.element),
        [keyValue],
        message('A key that can’t be worked out.'),
      );
  });
  return { kind: 'dict', entries, ...(missing && { missing }) };
}

function logical(I: Interpreter, op: 'and' | 'or', left: Expr, right: Expr, scope: Scope): Value {
  const first = I.evaluate(left, scope);
  const answer = I.truth(first);
  if (typeof answer === 'boolean') return answer === (op === 'or') ? first : I.evaluate(right, scope);
  const second = I.evaluate(right, scope);
  const other = I.truth(second);
  // `unknown and False` is false whatever the unknown is; its exact value rarely matters.
  if (other === (op === 'or')) return second.kind === 'bool' ? second : I.union([first, second], answer);
  if (op === 'or' && first.kind === 'union') {
    // `given or fallback`: options that are false give way.
    const options = first.options.map((o) => (I.truth(o) === false ? second : o));
    return I.union(options, first.on);
  }
  return I.dependent(
    siteOf(scope, { from: left.from, to: right.to }),
    [first, second],
    message('It depends on `{0}`.', answer[0]?.name ?? '?'),
    isFlagExpression(left),
  );
}

function isFlagExpression(expr: Expr): boolean {
  return (
    expr.type === 'binary' &&
    ['==', '!=', '<', '>', '<=', '>=', 'in', 'not in', 'is', 'is not'].includes(expr.op)
  );
}

function unary(I: Interpreter, op: string, value: Value, site: Site): Value {
  if (value.kind === 'union') return I.mapUnion(value, (v) => unary(I, op, v, site));
  if (op === 'not') {
    const answer = I.truth(value);
    return typeof answer === 'boolean'
      ? bool(!answer)
      : I.unknown(answer[0]!.reason, I.textOf(site), site, { roots: answer, flag: true });
  }
  if (value.kind === 'tensor') return value;
  if (op === '-' || op === '+') {
    if (value.kind === 'float') return op === '-' ? negated(value) : value;
    const dim =
      value.kind === 'int' || value.kind === 'bool' || value.kind === 'unknown' ? I.dim(value) : undefined;
    if (dim)
      return op === '-' ? { ...int(mul(-1, dim)), ...(value.origin && { origin: value.origin }) } : value;
  }
  if (op === '~' && value.kind === 'int') {
    const n = valueOf(value.dim);
    if (n !== undefined) return int(~n);
  }
  return I.dependent(site, [value], message('`{0}` can’t be worked out.', I.textOf(site)));
}

function negated(value: Value & { kind: 'float' }): Value {
  if (value.quotient)
    return { kind: 'float', quotient: { over: mul(-1, value.quotient.over), under: value.quotient.under } };
  return value.value === undefined ? value : float(-value.value);
}

function formatString(I: Interpreter, parts: readonly (string | Expr)[], scope: Scope, site: Site): Value {
  let text = '';
  const unknown: Value[] = [];
  for (const part of parts) {
    if (typeof part === 'string') text += part;
    else {
      const value = I.evaluate(part, scope);
      const shown = plainText(value);
      if (shown === undefined) unknown.push(value);
      else text += shown;
    }
  }
  return unknown.length === 0
    ? str(text)
    : I.dependent(site, unknown, message('`{0}` can’t be worked out.', I.textOf(site)));
}

function callExpression(I: Interpreter, expr: Expr & { type: 'call' }, scope: Scope): Value {
  const site = siteOf(scope, expr);
  if (expr.callee.type === 'name' && expr.callee.id === 'super' && !scope.names.has('super'))
    return superProxy(I, expr.args, scope, site);
  if (
    expr.callee.type === 'name' &&
    (expr.callee.id === 'locals' || expr.callee.id === 'vars') &&
    expr.args.length === 0
  ) {
    const entries = new Map<string, Value>();
    for (const [name, value] of scope.names) entries.set(`s:${name}`, value);
    return { kind: 'dict', entries };
  }
  return I.call(I.evaluate(expr.callee, scope), evaluateArguments(I, expr.args, scope, site));
}

/** Evaluates a call's arguments, `*` and `**` spread out. */
export function evaluateArguments(
  I: Interpreter,
  args: readonly CallArg[],
  scope: Scope,
  site: Site,
): Arguments {
  const positional: Argument[] = [];
  const keywords = new Map<string, Argument>();
  let rest: UnknownValue | undefined;
  for (const arg of args) {
    const given = I.evaluate(arg.value, scope);
    const value = arg.star === '**' && given.kind === 'instance' && given.dict ? given.dict : given;
    const at = siteOf(scope, arg.value);
    if (arg.star === '*') {
      const items = rawItems(value) ?? I.items(value);
      if (items) for (const item of items) positional.push({ value: item, site: at });
      else if (value.kind === 'union')
        for (const item of spread(I, value, at)) positional.push({ value: item, site: at });
      else rest = restOf(I, value, at);
    } else if (arg.star === '**') {
      if (value.kind === 'dict') {
        for (const [key, item] of value.entries)
          if (key.startsWith('s:')) keywords.set(key.slice(2), { value: item, site: at });
        const more = restOfDict(value);
        if (more?.kind === 'unknown') rest = more;
      } else if (value.kind === 'instance' && value.names.size > 0) {
        for (const [name, item] of value.names) keywords.set(name, { value: item, site: at });
      } else rest = restOf(I, value, at);
    } else if (arg.name !== undefined) keywords.set(arg.name, { value, site: at });
    else positional.push({ value, site: at });
  }
  return { positional, keywords, ...(rest && { rest }), site };
}

function restOf(I: Interpreter, value: Value, site: Site): UnknownValue {
  return value.kind === 'unknown'
    ? value
    : I.dependent(site, [value], message('`{0}` can’t be worked out.', I.textOf(site)));
}

/** `super()` or `super(Class, self)`: attributes are looked up after the class whose body this is. */
function superProxy(I: Interpreter, args: readonly CallArg[], scope: Scope, site: Site): Value {
  let owner: Value | undefined;
  let self: Value | undefined;
  if (args.length >= 2) {
    owner = I.evaluate(args[0]!.value, scope);
    self = I.evaluate(args[1]!.value, scope);
  } else {
    for (let at: Scope | undefined = scope; at && !owner; at = at.parent) {
      owner = at.names.get('%class');
      self = at.names.get('%self');
    }
  }
  if (owner?.kind !== 'class' || !self || (self.kind !== 'instance' && self.kind !== 'class')) {
    return I.unknown(message('`super()` outside a class.'), 'super()', site);
  }
  return I.superOf(owner, self);
}
