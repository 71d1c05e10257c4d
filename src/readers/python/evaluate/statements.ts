import { message } from '../../../model';
import type { Stmt } from '../parse/ast';
import { flagOf } from './branches';
import { siteOf } from './expressions';
import type { Interpreter } from './interpreter';
import { joinEffects, joinValues } from './join';
import { eachItem } from './loops';
import { binary } from './operators';
import { matches } from './patterns';
import { assignName, bindTarget, unbind } from './scopes';
import type { Scope, UnknownValue, Value } from './values';

/** How a block ended. */
export type Completion =
  | { readonly kind: 'normal' | 'break' | 'continue' }
  | { readonly kind: 'raise'; readonly at: Stmt }
  | { readonly kind: 'return'; readonly value: Value };

const NORMAL: Completion = { kind: 'normal' };
const MAX_WHILE = 200;

/** Runs statements in order. A test that depends on unknowns runs both branches, and the rest after a branch that leaves. */
export function runBlock(I: Interpreter, body: readonly Stmt[], scope: Scope, from = 0): Completion {
  for (let i = from; i < body.length; i++) {
    const stmt = body[i]!;
    if (!I.spend()) {
      I.ranDry(siteOf(scope, stmt));
      return NORMAL;
    }
    let completion: Completion;
    if (stmt.type === 'if') {
      const test = I.evaluate(stmt.test, scope);
      const answer = I.truth(test);
      if (typeof answer === 'boolean') completion = runBlock(I, answer ? stmt.body : stmt.otherwise, scope);
      else {
        const rest = () => runBlock(I, body, scope, i + 1);
        const outcome = fork(
          I,
          answer,
          flagOf(test),
          () => runBlock(I, stmt.body, scope),
          () => runBlock(I, stmt.otherwise, scope),
          rest,
        );
        if (outcome.restDone) return outcome.completion;
        completion = outcome.completion;
      }
    } else completion = runStatement(I, stmt, scope);
    if (completion.kind !== 'normal') return completion;
  }
  return NORMAL;
}

/** Both branches from the same start. A branch that raises is not taken by a model that exists. */
function fork(
  I: Interpreter,
  on: readonly UnknownValue[],
  flag: boolean,
  then: () => Completion,
  otherwise: () => Completion,
  rest: () => Completion,
): { completion: Completion; restDone: boolean } {
  I.journal.open();
  const first = then();
  const firstEffects = I.journal.effects();
  I.journal.undo();
  const second = otherwise();
  if (first.kind === 'raise') {
    I.journal.close();
    return { completion: second, restDone: false };
  }
  const secondEffects = I.journal.effects();
  if (second.kind === 'raise') {
    I.journal.undo();
    for (const [cell, saved] of firstEffects) I.journal.replace(cell, saved);
    I.journal.close();
    return { completion: first, restDone: false };
  }
  const leaves = (c: Completion) => c.kind !== 'normal';
  if (leaves(first) === leaves(second)) {
    joinBoth(I, firstEffects, secondEffects, on, flag);
    return { completion: joinCompletions(I, first, second, on, flag), restDone: leaves(first) };
  }
  // One branch leaves the block: the rest runs after the other one only.
  let a = firstEffects;
  let b = secondEffects;
  let completions: [Completion, Completion];
  if (leaves(first)) {
    const after = rest();
    b = I.journal.effects();
    completions = [first, after];
  } else {
    I.journal.undo();
    for (const [cell, saved] of firstEffects) I.journal.replace(cell, saved);
    const after = rest();
    a = I.journal.effects();
    completions = [after, second];
  }
  joinBoth(I, a, b, on, flag);
  const [x, y] = completions;
  if (x.kind === 'raise') return { completion: y, restDone: true };
  if (y.kind === 'raise') return { completion: x, restDone: true };
  return { completion: joinCompletions(I, x, y, on, flag), restDone: true };
}

function joinBoth(
  I: Interpreter,
  a: ReturnType<typeof I.journal.effects>,
  b: ReturnType<typeof I.journal.effects>,
  on: readonly UnknownValue[],
  flag: boolean,
): void {
  I.journal.undo();
  for (const cell of [...a.keys(), ...b.keys()]) {
    I.journal.touch(cell);
    I.spend(cell instanceof Map ? 2 + cell.size : 2);
  }
  joinEffects(I.journal, a, b, on, flag);
  I.journal.close();
}

function joinCompletions(
  I: Interpreter,
  a: Completion,
  b: Completion,
  on: readonly UnknownValue[],
  flag: boolean,
): Completion {
  if (a.kind === 'return' && b.kind === 'return')
    return { kind: 'return', value: joinValues(a.value, b.value, on, flag) };
  if (a.kind === 'return' || b.kind === 'return') {
    // Returns in one branch only: the function's result is that or what comes later.
    const value = a.kind === 'return' ? a.value : (b as { value: Value }).value;
    I.pendingReturns.at(-1)?.push({ value, on });
    return a.kind === 'return' ? (b.kind === 'break' || b.kind === 'continue' ? b : NORMAL) : a;
  }
  return a.kind === b.kind ? a : NORMAL;
}

function runStatement(I: Interpreter, stmt: Stmt, scope: Scope): Completion {
  switch (stmt.type) {
    case 'expression':
      I.evaluate(stmt.value, scope);
      return NORMAL;
    case 'assign':
      return assign(I, stmt, scope);
    case 'augment': {
      const before = I.evaluate(stmt.target, scope);
      const value = I.evaluate(stmt.value, scope);
      const extended =
        stmt.op === '+' ? I.extendInPlace(before, value, siteOf(scope, stmt.value)) : undefined;
      if (!extended)
        bindTarget(I, scope, stmt.target, binary(I, stmt.op, before, value, siteOf(scope, stmt)));
      return NORMAL;
    }
    case 'if':
      return runBlock(I, [stmt], scope);
    case 'for':
      return forLoop(I, stmt, scope);
    case 'while':
      return whileLoop(I, stmt, scope);
    case 'try':
      return tryStatement(I, stmt, scope);
    case 'with':
      for (const item of stmt.items) {
        const value = I.evaluate(item.value, scope);
        if (item.target) bindTarget(I, scope, item.target, I.entered(value, siteOf(scope, item.value)));
      }
      return runBlock(I, stmt.body, scope);
    case 'match':
      return matchCases(I, stmt, I.evaluate(stmt.subject, scope), scope, 0);
    case 'def':
      assignName(I, scope, stmt.name, I.defineFunction(stmt, scope));
      return NORMAL;
    case 'class':
      assignName(I, scope, stmt.name, I.defineClass(stmt, scope));
      return NORMAL;
    case 'return':
      return { kind: 'return', value: stmt.value ? I.evaluate(stmt.value, scope) : { kind: 'none' } };
    case 'raise':
      return { kind: 'raise', at: stmt };
    case 'break':
    case 'continue':
      return { kind: stmt.type };
    case 'import':
    case 'from-import':
      I.imports.run(I, stmt, scope);
      return NORMAL;
    case 'scope':
      redirect(stmt.names, stmt.global, scope);
      return NORMAL;
    case 'assert':
      I.truth(I.evaluate(stmt.test, scope));
      return NORMAL;
    case 'delete':
      for (const target of stmt.targets) unbind(I, scope, target);
      return NORMAL;
    case 'broken':
      I.brokenStatement(siteOf(scope, stmt));
      return NORMAL;
  }
}

function assign(I: Interpreter, stmt: Stmt & { type: 'assign' }, scope: Scope): Completion {
  if (stmt.annotation && scope.isClass) I.noteField(scope, stmt);
  if (!stmt.value) return NORMAL;
  const value = I.evaluate(stmt.value, scope);
  for (const target of stmt.targets) bindTarget(I, scope, target, value);
  return NORMAL;
}

function redirect(names: readonly string[], global: boolean, scope: Scope): void {
  scope.redirected ??= new Map();
  for (const name of names) {
    let target: Scope | undefined = scope.parent;
    if (global) while (target?.parent) target = target.parent;
    else while (target?.parent && !target.names.has(name)) target = target.parent;
    if (target) scope.redirected.set(name, target);
  }
}

function forLoop(I: Interpreter, stmt: Stmt & { type: 'for' }, scope: Scope): Completion {
  const iterable = I.evaluate(stmt.iterable, scope);
  let left: Completion = NORMAL;
  eachItem(I, iterable, siteOf(scope, stmt.iterable), undefined, (item) => {
    bindTarget(I, scope, stmt.target, item);
    const completion = runBlock(I, stmt.body, scope);
    if (completion.kind === 'normal' || completion.kind === 'continue') return;
    left = completion;
    return 'stop';
  });
  const ended = left as Completion;
  if (ended.kind === 'return' || ended.kind === 'raise') return ended;
  return ended.kind === 'break' ? NORMAL : runBlock(I, stmt.otherwise, scope);
}

function whileLoop(I: Interpreter, stmt: Stmt & { type: 'while' }, scope: Scope): Completion {
  for (let turn = 0; turn < MAX_WHILE && I.spend(); turn++) {
    const answer = I.truth(I.evaluate(stmt.test, scope));
    if (answer === false) return NORMAL;
    if (answer !== true) {
      const outcome = fork(
        I,
        answer,
        false,
        () => runBlock(I, stmt.body, scope),
        () => NORMAL,
        () => NORMAL,
      );
      I.loopUncertain(siteOf(scope, stmt.test));
      return outcome.completion.kind === 'return' ? outcome.completion : NORMAL;
    }
    const completion = runBlock(I, stmt.body, scope);
    if (completion.kind === 'break') return NORMAL;
    if (completion.kind === 'return' || completion.kind === 'raise') return completion;
  }
  I.loopUncertain(siteOf(scope, stmt.test));
  return NORMAL;
}

function tryStatement(I: Interpreter, stmt: Stmt & { type: 'try' }, scope: Scope): Completion {
  const missing = stmt.handlers.length > 0 ? doubtfulImport(I, stmt.body, scope) : undefined;
  const completion = missing
    ? fork(
        I,
        [missing],
        false,
        () => tryBody(I, stmt, scope),
        () => runHandler(I, stmt, scope),
        () => NORMAL,
      ).completion
    : tryBody(I, stmt, scope);
  const last = runBlock(I, stmt.finally, scope);
  return last.kind === 'normal' ? completion : last;
}

function tryBody(I: Interpreter, stmt: Stmt & { type: 'try' }, scope: Scope): Completion {
  const completion = runBlock(I, stmt.body, scope);
  if (completion.kind === 'raise') return stmt.handlers.length > 0 ? runHandler(I, stmt, scope) : completion;
  return completion.kind === 'normal' ? runBlock(I, stmt.otherwise, scope) : completion;
}

function runHandler(I: Interpreter, stmt: Stmt & { type: 'try' }, scope: Scope): Completion {
  const handler = stmt.handlers[0]!;
  if (handler.name)
    assignName(I, scope, handler.name, I.unknown(message('It is an exception.'), handler.name));
  return runBlock(I, handler.body, scope);
}

/** A package that is neither at hand nor a framework's: whether its import works is the machine's affair, so both ways count. */
function doubtfulImport(I: Interpreter, body: readonly Stmt[], scope: Scope): UnknownValue | undefined {
  for (const stmt of body) {
    const name =
      stmt.type === 'import' || stmt.type === 'from-import' ? I.imports.missing(I, stmt, scope) : undefined;
    if (name !== undefined)
      return I.unknown(
        message('Whether `{0}` can be imported depends on the machine.', name),
        name,
        siteOf(scope, stmt),
      );
  }
  return undefined;
}

function matchCases(
  I: Interpreter,
  stmt: Stmt & { type: 'match' },
  subject: Value,
  scope: Scope,
  from: number,
): Completion {
  for (let i = from; i < stmt.cases.length; i++) {
    const clause = stmt.cases[i]!;
    let answer = matches(I, clause.pattern, subject, scope);
    if (answer === true && clause.guard) answer = I.truth(I.evaluate(clause.guard, scope));
    if (answer === false) continue;
    if (answer === true) return runBlock(I, clause.body, scope);
    const later = () => matchCases(I, stmt, subject, scope, i + 1);
    return fork(
      I,
      answer,
      false,
      () => runBlock(I, clause.body, scope),
      later,
      () => NORMAL,
    ).completion;
  }
  return NORMAL;
}
