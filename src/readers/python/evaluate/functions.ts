import { message } from '../../../model';
import type { Expr, FunctionDef, Param } from '../parse/ast';
import type { Site } from '../parse/text';
import { siteOf } from './expressions';
import type { Interpreter } from './interpreter';
import { nameValue } from './scopes';
import {
  NONE,
  type Argument,
  type Arguments,
  type ClassValue,
  type FunctionValue,
  type Names,
  type Scope,
  type Value,
} from './values';

/** What a `def` statement binds: the function, or what its decorators make of it. */
export function defineFunction(I: Interpreter, decl: FunctionDef, scope: Scope): Value {
  const fallbacks = new Map<string, Value>();
  for (const p of decl.params)
    if (p.fallback) fallbacks.set(p.name, asDefault(I.evaluate(p.fallback, scope)));
  let wrapper: FunctionValue['wrapper'];
  let value: Value | undefined;
  const plain = (): FunctionValue => ({
    kind: 'function',
    name: decl.name,
    params: decl.params,
    decl,
    fallbacks,
    scope,
    attributes: new Map(),
    ...(wrapper && { wrapper }),
  });
  for (const decorator of [...decl.decorators].reverse()) {
    const name =
      decorator.type === 'name' ? decorator.id : decorator.type === 'attribute' ? decorator.name : '';
    if (name === 'staticmethod') wrapper = 'static';
    else if (name === 'classmethod') wrapper = 'class';
    else if (name === 'property' || name === 'cached_property') wrapper = 'property';
    else if (name === 'setter' || name === 'getter' || name === 'deleter') {
      const property = propertyOf(I, decorator, scope);
      if (property && name === 'setter') return { ...property, setter: plain() };
      return property ?? plain();
    } else {
      const applied = I.evaluate(decorator, scope);
      // Decorators from outside (no_grad, jit.script, abstractmethod, lru_cache …) keep the function as it is.
      if (applied.kind === 'function' || applied.kind === 'method' || applied.kind === 'instance') {
        value = I.call(applied, I.plainArguments([value ?? plain()], siteOf(scope, decorator)));
      }
    }
  }
  return value ?? plain();
}

/** `size` of `@size.setter`. */
function propertyOf(I: Interpreter, decorator: Expr, scope: Scope): FunctionValue | undefined {
  const value = decorator.type === 'attribute' ? I.evaluate(decorator.object, scope) : undefined;
  return value?.kind === 'function' ? value : undefined;
}

function asDefault(value: Value): Value {
  return value.how === 'literal' ? { ...value, how: 'default' } : value;
}

/** What a parameter without argument and default is worth: the caller decides (a named unknown for a model's own). */
export type MissingArgument = (param: Param) => Value;

/** Binds a call's arguments to a function's parameters. Never fails: what is missing becomes an unknown. */
export function bindParameters(
  I: Interpreter,
  fn: FunctionValue,
  args: Arguments,
  self: Value | undefined,
  missing?: MissingArgument,
): Names {
  const names: Names = new Map();
  const positional: Argument[] = self
    ? [{ value: self, site: args.site }, ...args.positional]
    : [...args.positional];
  const keywords = new Map(args.keywords);
  let next = 0;
  for (const param of fn.params) {
    if (param.kind === 'args') {
      const items = positional.slice(next).map((a) => a.value);
      next = positional.length;
      names.set(
        param.name,
        args.rest && !fn.params.some((p) => p.kind === 'kwargs')
          ? I.derive(args.rest, `.${param.name}`, args.site)
          : { kind: 'tuple', items },
      );
    } else if (param.kind === 'kwargs') {
      const entries = new Map<string, Value>();
      for (const [name, argument] of keywords) entries.set(`s:${name}`, argument.value);
      I.journal.birth(entries);
      names.set(param.name, { kind: 'dict', entries, ...(args.rest && { missing: args.rest }) });
    } else {
      const argument =
        param.kind === 'normal' && next < positional.length ? positional[next++] : keywords.get(param.name);
      keywords.delete(param.name);
      names.set(param.name, argument ? asArgument(I, argument, param) : unset(I, fn, param, args, missing));
    }
  }
  return names;
}

function asArgument(I: Interpreter, argument: Argument, param: Param): Value {
  const value = nameValue(I, argument.value, param.name);
  return value.how === 'literal' ? { ...value, how: 'argument' } : value;
}

function unset(
  I: Interpreter,
  fn: FunctionValue,
  param: Param,
  args: Arguments,
  missing?: MissingArgument,
): Value {
  if (args.rest) return I.derive(args.rest, `.${param.name}`, args.site);
  const fallback = fn.fallbacks.get(param.name);
  if (fallback) return fallback;
  if (missing) return missing(param);
  return I.unknown(
    message(
      '`{0}` is an argument of `{1}` without a default, and this call does not give it.',
      param.name,
      fn.name,
    ),
    param.name,
    args.site,
    { named: true },
  );
}

/** Runs a function of the file. */
export function callFunction(
  I: Interpreter,
  fn: FunctionValue,
  args: Arguments,
  self?: Value,
  missing?: MissingArgument,
): Value {
  const site: Site = args.site;
  if (I.depth >= I.limits.depth || I.exhausted()) {
    I.ranDry(site);
    return I.unknown(message('`{0}` calls too deep to follow.', fn.name), `${fn.name}()`, site);
  }
  const names = I.journal.birth(bindParameters(I, fn, args, self, missing));
  if (fn.owner) names.set('%class', fn.owner);
  if (self) names.set('%self', self);
  if (self?.kind === 'instance' && fn.name === '__init__') I.initialising(self, names);
  const scope: Scope = { names, parent: fn.scope, module: fn.scope.module };
  I.depth++;
  I.pendingReturns.push([]);
  I.called.add(fn.decl ?? fn.params);
  try {
    if (fn.expression) return I.evaluate(fn.expression, scope);
    return runBody(I, fn, scope, site);
  } finally {
    I.pendingReturns.pop();
    I.depth--;
  }
}

function runBody(I: Interpreter, fn: FunctionValue, scope: Scope, site: Site): Value {
  const decl = fn.decl!;
  if (decl.generator) scope.names.set('%yield', { kind: 'list', items: I.journal.birth<Value[]>([]) });
  const completion = I.runBlock(decl.body, scope);
  if (completion.kind === 'raise') I.raised(siteOf(scope, completion.at));
  const yielded = scope.names.get('%yield');
  if (yielded) return yielded;
  let result: Value = completion.kind === 'return' ? completion.value : NONE;
  if (completion.kind === 'raise')
    result = I.unknown(
      message('`{0}` raises an exception with these values.', fn.name),
      `${fn.name}()`,
      site,
    );
  for (const pending of I.pendingReturns.at(-1)!.reverse()) {
    result = completion.kind === 'raise' ? pending.value : I.union([pending.value, result], pending.on);
  }
  return result;
}

/** The class in whose body a function stands, set when the class is made. */
export function adopt(names: Names, owner: ClassValue): void {
  for (const value of names.values()) {
    if (value.kind === 'function' && !value.owner) value.owner = owner;
  }
}
