import type { SyntaxNode } from '@lezer/common';
import {
  type Dim,
  add,
  equalDims,
  floorDiv,
  message,
  mod,
  mul,
  pow,
  sub,
  symbol,
  valueOf,
} from '../../model';
import type { Evaluator } from './evaluator';
import { number, text, tooLong } from './evaluator';
import { children, plainChildren } from './source-file';
import type { SourceFile } from './source-file';
import {
  type FunctionValue,
  NULL,
  type ObjectValue,
  type Scope,
  type Site,
  UNDEFINED,
  type UnknownValue,
  type Value,
} from './values';

/** A text that a program makes longer than this is not followed: each step could double it. */
const MAX_CHARACTERS = 1_000_000;

/** Evaluates an expression; what cannot be followed is a named unknown. */
export function evaluate(E: Evaluator, node: SyntaxNode, scope: Scope, file: SourceFile): Value {
  if (!E.spend()) return tooLong(E, { file, node });
  const value = E.nested(() => evaluateInside(E, node, scope, file));
  return value ?? tooLong(E, { file, node });
}

function evaluateInside(E: Evaluator, node: SyntaxNode, scope: Scope, file: SourceFile): Value {
  const site = { file, node };
  const run = (n: SyntaxNode | undefined): Value => (n ? evaluate(E, n, scope, file) : UNDEFINED);
  switch (node.name) {
    case 'Number': {
      const value = Number(file.slice(node).replaceAll('_', '').replace(/n$/, ''));
      return { ...number(value), origin: file.ref(node) };
    }
    case 'String':
      return text(unquote(file.slice(node)));
    case 'BooleanLiteral':
      return { kind: 'bool', value: file.slice(node) === 'true' };
    case 'null':
      return NULL;
    case 'TemplateString':
      return template(E, node, scope, file);
    case 'VariableName':
      return variable(E, file.slice(node), scope, site);
    case 'this':
      return selfOf(scope) ?? E.unknown('this', message('What `this` is cannot be told.'), site);
    case 'ParenthesizedExpression':
    case 'AwaitExpression':
      return run(plainChildren(node).at(-1));
    case 'SequenceExpression':
      return children(node).map(run).at(-1) ?? UNDEFINED;
    case 'PrefixCast':
      return run(children(node).at(-1));
    case 'ArrayExpression':
      return E.made({ kind: 'array', items: spreadItems(E, node, scope, file) });
    case 'ObjectExpression':
      return objectOf(E, node, scope, file);
    case 'ArrowFunction':
    case 'FunctionExpression':
    case 'FunctionDeclaration':
      return functionOf(node, scope, file);
    case 'ClassExpression':
      return UNDEFINED;
    case 'MemberExpression':
      return member(E, node, scope, file);
    case 'CallExpression':
      return call(E, node, scope, file);
    case 'NewExpression': {
      const [, callee, args] = children(node);
      return E.parts.construct(E, run(callee), args ? spreadItems(E, args, scope, file) : [], site);
    }
    case 'ConditionalExpression': {
      const [condition, , yes, , no] = children(node);
      const answer = truth(run(condition));
      if (typeof answer === 'boolean') return run(answer ? yes : no);
      return oneOf(E, run(yes), run(no), answer, site);
    }
    case 'UnaryExpression':
      return unary(E, node, scope, file);
    case 'PostfixExpression': {
      const [operand, op] = children(node);
      const value = run(operand);
      const sign = op ? file.slice(op) : '';
      if (sign === '++' || sign === '--')
        store(E, operand!, arithmetic(E, sign[0]!, value, number(1), site), scope, file);
      return value;
    }
    case 'BinaryExpression':
      return binary(E, node, scope, file);
    case 'AssignmentExpression':
      return assignment(E, node, scope, file);
    default:
      return E.unknown(file.brief(node), message('`{0}` cannot be followed.', file.brief(node)), site);
  }
}

function selfOf(scope: Scope): Value | undefined {
  for (let s: Scope | undefined = scope; s; s = s.parent) if (s.self) return s.self;
  return undefined;
}

function variable(E: Evaluator, name: string, scope: Scope, site: Site): Value {
  if (name === 'undefined') return UNDEFINED;
  const value = E.lookup(scope, name);
  if (value) return value;
  // Pages load the library by a script tag, which defines `tf`.
  if (name === 'tf') return { kind: 'external', path: '' };
  return E.unknown(name, message('`{0}` is not defined in this file.', name), site);
}

export function functionOf(node: SyntaxNode, scope: Scope, file: SourceFile, self?: Value): FunctionValue {
  const name = children(node).find((c) => c.name === 'VariableDefinition' || c.name === 'PropertyDefinition');
  return {
    kind: 'function',
    name: name ? file.slice(name) : '',
    node,
    scope,
    file,
    ...(self ? { self } : {}),
  };
}

/** Items of an array literal or an argument list, spreads laid out; a spread of something unknown is one unknown. */
export function spreadItems(E: Evaluator, node: SyntaxNode, scope: Scope, file: SourceFile): Value[] {
  const items: Value[] = [];
  const parts = children(node);
  for (let i = 0; i < parts.length; i++) {
    const spread = parts[i]!.name === 'Spread';
    const value = evaluate(E, parts[spread ? ++i : i]!, scope, file);
    if (spread && value.kind === 'array') items.push(...value.items);
    else items.push(spread && value.kind === 'unknown' ? { ...value, many: true } : value);
  }
  return items;
}

function objectOf(E: Evaluator, node: SyntaxNode, scope: Scope, file: SourceFile): ObjectValue {
  const object: ObjectValue = { kind: 'object', fields: new Map(), facts: new Map() };
  for (const property of children(node)) {
    const parts = plainChildren(property).filter((c) => c.name !== ':' && c.name !== 'async');
    const [key, value] = parts;
    if (!key) continue;
    if (key.name === 'Spread') {
      const spread = value ? evaluate(E, value, scope, file) : UNDEFINED;
      if (spread.kind === 'object') {
        for (const [k, v] of spread.fields) object.fields.set(k, v);
        for (const [k, f] of spread.facts) object.facts.set(k, f);
      }
      continue;
    }
    const name = key.name === 'String' ? unquote(file.slice(key)) : file.slice(key);
    if (value?.name === 'ParamList') {
      object.fields.set(name, functionOf(property, scope, file, object));
      continue;
    }
    const expression = value ?? key;
    const result = value ? evaluate(E, value, scope, file) : variable(E, name, scope, { file, node: key });
    object.fields.set(name, result);
    object.facts.set(name, {
      text: file.brief(expression),
      source: file.ref(expression),
      how: expression.name === 'Number' || expression.name === 'BooleanLiteral' ? 'literal' : 'inferred',
      ...(result.kind === 'number' && result.origin ? { origin: result.origin } : {}),
    });
  }
  return object;
}

function member(E: Evaluator, node: SyntaxNode, scope: Scope, file: SourceFile): Value {
  const parts = children(node);
  const object = parts[0]!.name === 'super' ? UNDEFINED : evaluate(E, parts[0]!, scope, file);
  const last = parts.at(-1)!;
  const site = { file, node };
  if (last.name === 'PropertyName') return E.parts.member(E, object, file.slice(last), site);
  const key = evaluate(E, last, scope, file);
  if (key.kind === 'string') return E.parts.member(E, object, key.value, site);
  const index = key.kind === 'number' && key.dim ? valueOf(key.dim) : undefined;
  if (object.kind === 'array' && index !== undefined) return object.items[index] ?? UNDEFINED;
  return E.derived(site, [object, key]);
}

function call(E: Evaluator, node: SyntaxNode, scope: Scope, file: SourceFile): Value {
  const parts = plainChildren(node);
  const args = parts.at(-1)!;
  const callee = parts[0]!;
  const values = args.name === 'ArgList' ? spreadItems(E, args, scope, file) : [];
  if (callee.name === 'super') return UNDEFINED;
  return E.parts.call(E, evaluate(E, callee, scope, file), values, { file, node });
}

function template(E: Evaluator, node: SyntaxNode, scope: Scope, file: SourceFile): Value {
  let out = '';
  let from = node.from + 1;
  for (let child = node.firstChild; child; child = child.nextSibling) {
    if (child.name !== 'Interpolation') continue;
    out += file.text.slice(from, child.from);
    const inner = child.firstChild?.nextSibling;
    const value = inner ? evaluate(E, inner, scope, file) : UNDEFINED;
    const shown = plainText(value);
    if (shown === undefined) return E.derived({ file, node }, [value]);
    out += shown;
    from = child.to;
  }
  return text(out + file.text.slice(from, node.to - 1));
}

function plainText(value: Value): string | undefined {
  if (value.kind === 'string') return value.value;
  if (value.kind === 'bool') return String(value.value);
  if (value.kind !== 'number') return undefined;
  const n = value.dim ? valueOf(value.dim) : value.float;
  return n === undefined ? undefined : String(n);
}

function unary(E: Evaluator, node: SyntaxNode, scope: Scope, file: SourceFile): Value {
  const [op, operand] = children(node);
  const sign = op ? file.slice(op) : '';
  const value = operand ? evaluate(E, operand, scope, file) : UNDEFINED;
  const site = { file, node };
  switch (sign) {
    case '!': {
      const answer = truth(value);
      if (typeof answer === 'boolean') return { kind: 'bool', value: !answer };
      return E.derived(site, [answer]);
    }
    case '-':
      return arithmetic(E, '-', number(0), value, site);
    case '+':
      return value.kind === 'string' ? number(Number(value.value)) : value;
    case '++':
    case '--': {
      const result = arithmetic(E, sign[0]!, value, number(1), site);
      store(E, operand!, result, scope, file);
      return result;
    }
    case 'typeof':
      return value.kind === 'unknown' ? value : text(typeName(value));
    case 'void':
      return UNDEFINED;
    default:
      return E.unknown(file.brief(node), message('`{0}` cannot be followed.', file.brief(node)), site);
  }
}

function typeName(value: Value): string {
  if (value.kind === 'number' || value.kind === 'string' || value.kind === 'undefined') return value.kind;
  if (value.kind === 'bool') return 'boolean';
  return value.kind === 'function' || value.kind === 'native' || value.kind === 'class'
    ? 'function'
    : 'object';
}

function binary(E: Evaluator, node: SyntaxNode, scope: Scope, file: SourceFile): Value {
  const parts = children(node);
  const [left, op, right] = parts;
  if (!left || !op || !right || op.name === 'as' || op.name === 'satisfies') {
    return left ? evaluate(E, left, scope, file) : UNDEFINED;
  }
  const sign = file.slice(op);
  const a = evaluate(E, left, scope, file);
  const site = { file, node };
  if (sign === '&&' || sign === '||' || sign === '??') {
    const answer = sign === '??' ? isMissing(a) : truth(a);
    if (typeof answer !== 'boolean') return oneOf(E, a, evaluate(E, right, scope, file), answer, site);
    const takeRight = sign === '||' ? !answer : answer;
    return takeRight ? evaluate(E, right, scope, file) : a;
  }
  return arithmetic(E, sign, a, evaluate(E, right, scope, file), site);
}

function isMissing(value: Value): boolean | UnknownValue {
  return value.kind === 'unknown' ? value : value.kind === 'null' || value.kind === 'undefined';
}

/** One of two values, depending on something unknown: themselves if equal, else an unknown of its own. */
export function oneOf(E: Evaluator, a: Value, b: Value, on: UnknownValue, site: Site): Value {
  if (sameValue(a, b) === true) return a;
  return E.derived(site, [on]);
}

/** Arithmetic and comparison. */
export function arithmetic(E: Evaluator, op: string, a: Value, b: Value, site: Site): Value {
  if (op === '===' || op === '==' || op === '!==' || op === '!=') {
    const same = looselyEqual(a, b, op.length === 2);
    if (same !== undefined) return { kind: 'bool', value: same === op.startsWith('=') };
    noteChoice(a, b);
    noteChoice(b, a);
  }
  // Comparing sizes with `undefined` is false in JavaScript.
  if (op.length <= 2 && '<>'.includes(op[0]!) && (a.kind === 'undefined' || b.kind === 'undefined')) {
    return { kind: 'bool', value: false };
  }
  const [x, y] = [dimOf(E, a), dimOf(E, b)];
  if (x && y) {
    const result = integerOp(op, x, y);
    if (result) return result;
  }
  const [m, n] = [floatOf(a), floatOf(b)];
  if (m !== undefined && n !== undefined) {
    const result = floatOp(op, m, n);
    if (result) return result;
  }
  if (op === '+') {
    const [s, t] = [plainText(a), plainText(b)];
    if (s !== undefined && t !== undefined && s.length + t.length <= MAX_CHARACTERS) return text(s + t);
  }
  return E.derived(site, [a, b]);
}

/** What an unknown is compared with are values worth offering for it. */
function noteChoice(unknown: Value, other: Value): void {
  if (unknown.kind !== 'unknown') return;
  const n = other.kind === 'number' && other.dim ? valueOf(other.dim) : undefined;
  const choice = other.kind === 'string' || other.kind === 'bool' ? other.value : n;
  if (choice !== undefined && !unknown.choices.includes(choice)) unknown.choices.push(choice);
}

function integerOp(op: string, a: Dim, b: Dim): Value | undefined {
  const size = (dim: Dim): Value => ({ kind: 'number', dim });
  const [x, y] = [valueOf(a), valueOf(b)];
  switch (op) {
    case '+':
      return size(add(a, b));
    case '-':
      return size(sub(a, b));
    case '*':
      return size(mul(a, b));
    case '**':
      return y !== undefined && y >= 0 ? size(pow(a, b)) : undefined;
    case '/':
      if (y === undefined || y === 0) return undefined;
      return x === undefined || x % y === 0 ? exactQuotient(a, b) : undefined;
    case '%':
      return y ? size(mod(a, b)) : undefined;
    default:
      return x === undefined || y === undefined ? undefined : floatOp(op, x, y);
  }
}

/** `a / b` is a size only where it certainly comes out whole. */
function exactQuotient(a: Dim, b: Dim): Value | undefined {
  const q = floorDiv(a, b);
  return equalDims(mul(q, b), a) ? { kind: 'number', dim: q } : undefined;
}

function floatOp(op: string, a: number, b: number): Value | undefined {
  const logic = (value: boolean): Value => ({ kind: 'bool', value });
  switch (op) {
    case '+':
      return number(a + b);
    case '-':
      return number(a - b);
    case '*':
      return number(a * b);
    case '/':
      return number(a / b);
    case '%':
      return number(a % b);
    case '**':
      return number(a ** b);
    case '|':
      return number(a | b);
    case '>>':
      return number(a >> b);
    case '<<':
      return number(a << b);
    case '<':
      return logic(a < b);
    case '<=':
      return logic(a <= b);
    case '>':
      return logic(a > b);
    case '>=':
      return logic(a >= b);
    default:
      return undefined;
  }
}

/** A value as a size; an unknown gives its symbol. */
export function dimOf(E: Evaluator, value: Value): Dim | undefined {
  if (value.kind === 'number') return value.dim;
  if (value.kind === 'unknown') return symbol(E.declare(value));
  return undefined;
}

function floatOf(value: Value): number | undefined {
  return value.kind === 'number' ? (value.float ?? (value.dim && valueOf(value.dim))) : undefined;
}

export function sameValue(a: Value, b: Value): boolean | undefined {
  return looselyEqual(a, b, false);
}

function looselyEqual(a: Value, b: Value, loose: boolean): boolean | undefined {
  if (a === b) return true;
  if (a.kind === 'unknown' || b.kind === 'unknown') return undefined;
  const missing = (v: Value) => v.kind === 'null' || v.kind === 'undefined';
  if (missing(a) && missing(b)) return loose || a.kind === b.kind;
  if (a.kind === 'number' && b.kind === 'number') {
    const [m, n] = [floatOf(a), floatOf(b)];
    if (m !== undefined && n !== undefined) return m === n;
    return a.dim && b.dim && equalDims(a.dim, b.dim) ? true : undefined;
  }
  if (a.kind === 'string' && b.kind === 'string') return a.value === b.value;
  if (a.kind === 'bool' && b.kind === 'bool') return a.value === b.value;
  return false;
}

/** True, false, or the unknown it depends on. */
export function truth(value: Value): boolean | UnknownValue {
  switch (value.kind) {
    case 'unknown':
      return value;
    case 'bool':
      return value.value;
    case 'string':
      return value.value !== '';
    case 'null':
    case 'undefined':
      return false;
    case 'number': {
      const n = floatOf(value);
      return n === undefined ? true : n !== 0 && !Number.isNaN(n);
    }
    default:
      return true;
  }
}

function assignment(E: Evaluator, node: SyntaxNode, scope: Scope, file: SourceFile): Value {
  const [target, op, right] = children(node);
  if (!target || !right) return UNDEFINED;
  const sign = op ? file.slice(op) : '=';
  let value = evaluate(E, right, scope, file);
  if (sign !== '=') {
    value = arithmetic(E, sign.slice(0, -1), evaluate(E, target, scope, file), value, { file, node });
  }
  store(E, target, value, scope, file);
  return value;
}

/** Puts a value into a variable, a property or a pattern. */
export function store(E: Evaluator, target: SyntaxNode, value: Value, scope: Scope, file: SourceFile): void {
  if (target.name === 'VariableName') {
    E.assign(scope, file.slice(target), value);
    return;
  }
  if (target.name !== 'MemberExpression') return;
  const parts = children(target);
  const object = evaluate(E, parts[0]!, scope, file);
  const last = parts.at(-1)!;
  const key = last.name === 'PropertyName' ? text(file.slice(last)) : evaluate(E, last, scope, file);
  if (object.kind === 'object' && key.kind === 'string') E.setKey(object.fields, key.value, value);
  if (object.kind === 'class' && key.kind === 'string') E.setKey(object.statics, key.value, value);
  if (object.kind === 'array' && key.kind === 'number') {
    const index = key.dim && valueOf(key.dim);
    if (index !== undefined && index >= 0 && index < 10_000) E.change(object.items, index, value);
  }
  const frozen =
    key.kind === 'string' && key.value === 'trainable' && value.kind === 'bool' ? !value.value : undefined;
  if (frozen === undefined) return;
  if (object.kind === 'layer') E.change(object.spec as { frozen?: boolean }, 'frozen', frozen);
  if (object.kind === 'model') E.change(object.model, 'frozen', frozen);
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '0': '\0' };

function unquote(literal: string): string {
  const inside = literal.slice(1, -1);
  let out = '';
  for (let i = 0; i < inside.length; i++) {
    const c = inside[i]!;
    if (c !== '\\') out += c;
    else {
      i++;
      const escaped = inside[i] ?? '';
      out += ESCAPES[escaped] ?? escaped;
    }
  }
  return out;
}
