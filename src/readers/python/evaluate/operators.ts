import {
  add,
  constant,
  equalDims,
  floorDiv,
  message,
  mod,
  mul,
  pow,
  sub,
  symbolsIn,
  valueOf,
  type Dim,
} from '../../../model';
import type { Site } from '../parse/text';
import type { Interpreter } from './interpreter';
import { bool, float, int, quotient, str, tuple } from './make';
import { sameValue } from './join';
import { restOfDict, type UnknownValue, type Value } from './values';

/** Lists and texts that a program makes longer than this are not followed: each step could double them. */
const MAX_ITEMS = 20_000;
const MAX_CHARACTERS = 1_000_000;

/** `left op right`. Anything that can't be known is an unknown that depends on what made it so. */
export function binary(I: Interpreter, op: string, left: Value, right: Value, site: Site): Value {
  if (left.kind === 'union') return I.mapUnion(left, (l) => binary(I, op, l, right, site));
  if (right.kind === 'union') return I.mapUnion(right, (r) => binary(I, op, left, r, site));
  const tensorial = isTensorial(left) || isTensorial(right);
  if (tensorial) {
    const result = I.frameworkOperator(op, left, right);
    if (result) return result;
  }
  if (isComparison(op)) return compare(I, op, left, right, site);
  const special = overloaded(I, op, left, right, site);
  if (special) return special;
  const whole =
    integers(I, op, left, right, site) ?? floats(op, left, right) ?? sequences(I, op, left, right);
  return whole ?? I.dependent(site, [left, right], message('`{0}` can’t be worked out.', I.textOf(site)));
}

function isTensorial(value: Value): boolean {
  return value.kind === 'tensor' || value.kind === 'object';
}

function overloaded(I: Interpreter, op: string, left: Value, right: Value, site: Site): Value | undefined {
  const name = {
    '+': '__add__',
    '-': '__sub__',
    '*': '__mul__',
    '/': '__truediv__',
    '//': '__floordiv__',
    '|': '__or__',
  }[op];
  if (left.kind !== 'instance' || name === undefined) return undefined;
  const method = I.findAttribute(left, name, site);
  return method && I.call(method, I.plainArguments([right], site));
}

function isNumber(value: Value): boolean {
  return value.kind === 'int' || value.kind === 'bool' || value.kind === 'unknown';
}

function integers(I: Interpreter, op: string, left: Value, right: Value, site: Site): Value | undefined {
  if (!isNumber(left) || !isNumber(right)) return undefined;
  // Two unknowns of unknown type could be strings or lists; only `int` operands show that this is arithmetic, or an operator that only numbers have.
  if (left.kind === 'unknown' && right.kind === 'unknown' && op === '+' && !(left.numeric || right.numeric)) {
    if (!left.named && !right.named) return undefined;
  }
  const a = I.dim(left);
  const b = I.dim(right);
  if (!a || !b) return undefined;
  try {
    return arithmetic(op, a, b);
  } catch {
    return I.unknown(message('`{0}` divides by zero.', I.textOf(site)), I.textOf(site), site);
  }
}

function arithmetic(op: string, a: Dim, b: Dim): Value | undefined {
  switch (op) {
    case '+':
      return int(add(a, b));
    case '-':
      return int(sub(a, b));
    case '*':
      return int(mul(a, b));
    case '//':
      return int(floorDiv(a, b));
    case '%':
      return int(mod(a, b));
    case '**': {
      const exponent = valueOf(b);
      if (exponent !== undefined && exponent < 0) {
        const base = valueOf(a);
        return base === undefined ? undefined : float(base ** exponent);
      }
      return int(pow(a, b));
    }
    case '/': {
      const [x, y] = [valueOf(a), valueOf(b)];
      if (y === 0) return undefined;
      return x !== undefined && y !== undefined
        ? { kind: 'float', value: x / y, quotient: { over: a, under: b } }
        : quotient(a, b);
    }
    case '<<':
    case '>>':
    case '&':
    case '|':
    case '^':
      return bits(op, valueOf(a), valueOf(b));
    default:
      return undefined;
  }
}

function bits(op: string, a: number | undefined, b: number | undefined): Value | undefined {
  if (a === undefined || b === undefined || a < 0 || b < 0) return undefined;
  const [x, y] = [BigInt(a), BigInt(b)];
  if (op === '<<') return y <= 64n ? int(x << y) : undefined;
  if (op === '>>') return int(y <= 64n ? x >> y : 0n);
  return int(op === '&' ? x & y : op === '|' ? x | y : x ^ y);
}

export function numberOf(value: Value): number | undefined {
  if (value.kind === 'float') return value.value;
  if (value.kind === 'int') return valueOf(value.dim);
  return value.kind === 'bool' ? Number(value.value) : undefined;
}

function floats(op: string, left: Value, right: Value): Value | undefined {
  if (left.kind !== 'float' && right.kind !== 'float') return undefined;
  const [a, b] = [numberOf(left), numberOf(right)];
  if (a === undefined || b === undefined) return exactQuotient(op, left, right);
  switch (op) {
    case '+':
      return float(a + b);
    case '-':
      return float(a - b);
    case '*':
      return float(a * b);
    case '/':
      return b === 0 ? undefined : float(a / b);
    case '//':
      return b === 0 ? undefined : float(Math.floor(a / b));
    case '%':
      return b === 0 ? undefined : float(a - Math.floor(a / b) * b);
    case '**':
      return float(a ** b);
    default:
      return undefined;
  }
}

/** `hidden / 2 * 3` and `hidden * 0.5` stay exact quotients. */
function exactQuotient(op: string, left: Value, right: Value): Value | undefined {
  const [a, b] = [fraction(left), fraction(right)];
  if (!a || !b) return undefined;
  if (op === '*') return quotient(mul(a.over, b.over), mul(a.under, b.under));
  if (op === '/') return quotient(mul(a.over, b.under), mul(a.under, b.over));
  if (op === '+') return quotient(add(mul(a.over, b.under), mul(b.over, a.under)), mul(a.under, b.under));
  if (op === '-') return quotient(sub(mul(a.over, b.under), mul(b.over, a.under)), mul(a.under, b.under));
  return undefined;
}

function fraction(value: Value): { over: Dim; under: Dim } | undefined {
  if (value.kind === 'int') return { over: value.dim, under: constant(1) };
  if (value.kind !== 'float') return undefined;
  if (value.quotient) return value.quotient;
  // A float that is a short binary fraction (0.5, 0.25, 1.5) is exact.
  const scaled = (value.value ?? NaN) * 1024;
  return Number.isSafeInteger(scaled) ? { over: constant(scaled), under: constant(1024) } : undefined;
}

function sequences(I: Interpreter, op: string, left: Value, right: Value): Value | undefined {
  if (op === '+') {
    if (left.kind === 'str' && right.kind === 'str')
      return left.value.length + right.value.length > MAX_CHARACTERS
        ? undefined
        : str(left.value + right.value);
    if (
      (left.kind === 'list' && right.kind === 'list') ||
      (left.kind === 'tuple' && right.kind === 'tuple')
    ) {
      if (left.items.length + right.items.length > MAX_ITEMS) return undefined;
      const items = [...left.items, ...right.items];
      return left.kind === 'list' ? { kind: 'list', items } : tuple(items);
    }
  }
  if (op === '*') {
    const [sequence, times] =
      left.kind === 'int' || left.kind === 'bool' || left.kind === 'unknown' ? [right, left] : [left, right];
    const n = numberOf(times);
    if (sequence.kind === 'str' && n !== undefined && n * sequence.value.length < 10_000)
      return str(sequence.value.repeat(Math.max(0, n)));
    if (sequence.kind === 'list' || sequence.kind === 'tuple') return repeated(I, sequence, times, n);
  }
  if (op === '%' && left.kind === 'str') return percentFormat(left.value, right);
  if (op === '|' && left.kind === 'dict' && right.kind === 'dict')
    return { kind: 'dict', entries: new Map([...left.entries, ...right.entries]) };
  return undefined;
}

function repeated(
  I: Interpreter,
  sequence: Value & { items: readonly Value[] },
  times: Value,
  n: number | undefined,
): Value | undefined {
  if (n === undefined) {
    const count = I.dim(times);
    if (!count || sequence.items.length !== 1 || sequence.kind !== 'list') return undefined;
    return { kind: 'list', items: [{ kind: 'repeat', value: sequence.items[0]!, count }] };
  }
  const total = Math.max(0, n) * sequence.items.length;
  if (total > MAX_ITEMS) return undefined;
  const items = Array.from({ length: total }, (_, i) => sequence.items[i % sequence.items.length]!);
  return sequence.kind === 'list' ? { kind: 'list', items } : tuple(items);
}

function percentFormat(template: string, right: Value): Value | undefined {
  const values = right.kind === 'tuple' ? [...right.items] : [right];
  let failed = false;
  const text = template.replace(/%(?:\.\d+f|[sdirf%])/g, (spec) => {
    if (spec === '%%') return '%';
    const shown = plainText(values.shift());
    if (shown === undefined) failed = true;
    return shown ?? '';
  });
  return failed ? undefined : str(text);
}

/** `str(value)` where it is known. */
export function plainText(value: Value | undefined): string | undefined {
  switch (value?.kind) {
    case 'str':
      return value.value;
    case 'int': {
      const n = valueOf(value.dim);
      return n === undefined ? undefined : String(n);
    }
    case 'bool':
      return value.value ? 'True' : 'False';
    case 'none':
      return value.ellipsis ? '...' : 'None';
    case 'float':
      return value.value === undefined
        ? undefined
        : Number.isInteger(value.value)
          ? `${value.value}.0`
          : String(value.value);
    default:
      return undefined;
  }
}

export function isComparison(op: string): boolean {
  return ['<', '>', '<=', '>=', '==', '!=', '<>', 'in', 'not in', 'is', 'is not'].includes(op);
}

function compare(I: Interpreter, op: string, left: Value, right: Value, site: Site): Value {
  const answer = comparison(I, op, left, right);
  if (answer !== undefined) return bool(answer);
  noteChoices(left, right, op);
  return I.dependent(site, [left, right], message('`{0}` can’t be decided.', I.textOf(site)), true);
}

function comparison(I: Interpreter, op: string, left: Value, right: Value): boolean | undefined {
  const not = (b: boolean | undefined) => (b === undefined ? undefined : !b);
  switch (op) {
    case '==':
      return I.equal(left, right);
    case '!=':
    case '<>':
      return not(I.equal(left, right));
    case 'is':
      return identical(left, right);
    case 'is not':
      return not(identical(left, right));
    case 'in':
      return contains(I, right, left);
    case 'not in':
      return not(contains(I, right, left));
    default:
      return ordered(I, op, left, right);
  }
}

function identical(left: Value, right: Value): boolean | undefined {
  if (left.kind === 'unknown' || right.kind === 'unknown') return sameValue(left, right) || undefined;
  if (left.kind === 'none' || right.kind === 'none') return left.kind === right.kind;
  if (left.kind === 'bool' || right.kind === 'bool') return sameValue(left, right);
  return sameValue(left, right);
}

function contains(I: Interpreter, container: Value, value: Value): boolean | undefined {
  if (container.kind === 'str')
    return value.kind === 'str' ? container.value.includes(value.value) : undefined;
  if (container.kind === 'dict') {
    const key = I.keyOf(value);
    if (key === undefined) return undefined;
    return container.entries.has(key) || (restOfDict(container) ? undefined : false);
  }
  if (container.kind === 'instance') return container.dict && contains(I, container.dict, value);
  const items = I.items(container);
  if (!items) return undefined;
  const answers = items.map((item) => I.equal(item, value));
  return answers.includes(true) ? true : answers.includes(undefined) ? undefined : false;
}

function ordered(I: Interpreter, op: string, left: Value, right: Value): boolean | undefined {
  if (left.kind === 'str' && right.kind === 'str')
    return order(op, left.value < right.value ? -1 : left.value > right.value ? 1 : 0);
  if (left.kind === 'float' || right.kind === 'float') {
    const [a, b] = [numberOf(left), numberOf(right)];
    return a === undefined || b === undefined ? undefined : order(op, a - b);
  }
  if (!isNumber(left) || !isNumber(right)) return undefined;
  const [a, b] = [I.dim(left), I.dim(right)];
  if (!a || !b) return undefined;
  const difference = valueOf(sub(a, b));
  if (difference !== undefined) return order(op, difference);
  const low = atLeast(I, sub(a, b));
  const high = atLeast(I, sub(b, a));
  if (low !== undefined && (op === '>' ? low > 0 : op === '>=' ? low >= 0 : false)) return true;
  if (low !== undefined && (op === '<' ? low >= 0 : op === '<=' ? low > 0 : false)) return false;
  if (high !== undefined && (op === '<' ? high > 0 : op === '<=' ? high >= 0 : false)) return true;
  if (high !== undefined && (op === '>' ? high >= 0 : op === '>=' ? high > 0 : false)) return false;
  return undefined;
}

/** A lower bound of `i + constant` where `i` is the index of a loop of unknown length. */
export function atLeast(I: Interpreter, d: Dim): number | undefined {
  const names = [...symbolsIn(d)];
  const known = names.length === 1 ? I.unknownOf(names[0]!)?.atLeast : undefined;
  if (known === undefined) return undefined;
  const rest = valueOf(sub(d, I.symbolDim(names[0]!)));
  return rest === undefined ? undefined : known + rest;
}

function order(op: string, difference: number): boolean {
  return op === '<'
    ? difference < 0
    : op === '>'
      ? difference > 0
      : op === '<='
        ? difference <= 0
        : difference >= 0;
}

/** What an unknown is compared with is what the user may want it to be. */
function noteChoices(left: Value, right: Value, op: string): void {
  const note = (unknown: UnknownValue, value: Value) => {
    const plain = value.kind === 'str' || value.kind === 'bool' ? value.value : undefined;
    if (plain !== undefined && !unknown.choices.includes(plain) && unknown.choices.length < 20)
      unknown.choices.push(plain);
  };
  if (op === '==' || op === '!=') {
    if (left.kind === 'unknown') note(left, right);
    if (right.kind === 'unknown') note(right, left);
  } else if ((op === 'in' || op === 'not in') && left.kind === 'unknown') {
    if (right.kind === 'list' || right.kind === 'tuple') right.items.forEach((item) => note(left, item));
  }
}

/** `a == b`; undefined when it depends on unknowns. */
export function equal(I: Interpreter, a: Value, b: Value): boolean | undefined {
  if (sameValue(a, b)) return true;
  if (a.kind === 'union') return agree(a.options.map((o) => equal(I, o, b)));
  if (b.kind === 'union') return agree(b.options.map((o) => equal(I, a, o)));
  if (a.kind === 'unknown' || b.kind === 'unknown') return unequalIndex(I, a, b);
  if (a.kind === 'tensor' || b.kind === 'tensor' || a.kind === 'repeat' || b.kind === 'repeat')
    return undefined;
  if ((a.kind === 'int' || a.kind === 'bool') && (b.kind === 'int' || b.kind === 'bool')) {
    const [x, y] = [I.dim(a)!, I.dim(b)!];
    if (equalDims(x, y)) return true;
    const difference = valueOf(sub(x, y));
    if (difference !== undefined) return difference === 0;
    const [low, high] = [atLeast(I, sub(x, y)), atLeast(I, sub(y, x))];
    return (low !== undefined && low > 0) || (high !== undefined && high > 0) ? false : undefined;
  }
  const [x, y] = [numberOf(a), numberOf(b)];
  if (x !== undefined && y !== undefined) return x === y;
  if (a.kind === 'float' || b.kind === 'float') return undefined;
  if ((a.kind === 'list' && b.kind === 'list') || (a.kind === 'tuple' && b.kind === 'tuple')) {
    if (a.items.length !== b.items.length) return false;
    return agree(
      a.items.map((item, i) => equal(I, item, b.items[i]!)),
      true,
    );
  }
  if (a.kind === 'dict' && b.kind === 'dict') return undefined;
  return false;
}

function unequalIndex(I: Interpreter, a: Value, b: Value): boolean | undefined {
  const [unknown, other] = a.kind === 'unknown' ? [a, b] : [b as UnknownValue, a];
  if (other.kind === 'none' && unknown.numeric) return false;
  if (unknown.atLeast === undefined || other.kind !== 'int') return undefined;
  const [x, y] = [I.dim(unknown), I.dim(other)];
  const gap = x && y ? atLeast(I, sub(x, y)) : undefined;
  return gap !== undefined && gap > 0 ? false : undefined;
}

function agree(answers: readonly (boolean | undefined)[], all = false): boolean | undefined {
  if (all) return answers.includes(false) ? false : answers.includes(undefined) ? undefined : true;
  return answers.every((x) => x === true) ? true : answers.every((x) => x === false) ? false : undefined;
}
