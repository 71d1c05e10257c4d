import { floorDiv, mul, constant } from '../../../../model';
import { ceilFunction, floorFunction } from '../../evaluate/builtins';
import type { Interpreter } from '../../evaluate/interpreter';
import { float, int } from '../../evaluate/make';
import { numberOf } from '../../evaluate/operators';
import { NONE, type Arguments, type Value } from '../../evaluate/values';

const UNARY: Readonly<Record<string, (x: number) => number>> = {
  sqrt: Math.sqrt,
  exp: Math.exp,
  log: Math.log,
  log2: Math.log2,
  log10: Math.log10,
  sin: Math.sin,
  cos: Math.cos,
  tanh: Math.tanh,
  fabs: Math.abs,
};

/** `math.*` and the few functions of `numpy` that sizes are computed with. */
export function mathCall(I: Interpreter, name: string, args: Arguments): Value | undefined {
  const fn = name.slice(name.indexOf('.') + 1);
  const x = args.positional[0]?.value ?? NONE;
  if (fn === 'floor') return floorFunction(I, args);
  if (fn === 'ceil') return ceilFunction(I, args);
  if (fn === 'prod') return productOf(I, x, args);
  if (fn === 'pow') return I.binary('**', x, args.positional[1]?.value ?? NONE, args.site);
  if (fn === 'gcd' || fn === 'lcm') return common(fn, args);
  if (fn === 'log' && args.positional.length === 2) {
    const [a, b] = args.positional.map((p) => numberOf(p.value));
    return a === undefined || b === undefined ? undefined : float(Math.log(a) / Math.log(b));
  }
  const run = UNARY[fn];
  const n = numberOf(x);
  return run && n !== undefined ? float(run(n)) : undefined;
}

/** The product of a list, a tuple or a shape. */
export function productOf(I: Interpreter, list: Value, args: Arguments): Value | undefined {
  if (list.kind === 'int' || list.kind === 'unknown') return list;
  const items = I.items(list);
  return items?.reduce<Value>((a, b) => I.binary('*', a, b, args.site), int(1));
}

function common(fn: 'gcd' | 'lcm', args: Arguments): Value | undefined {
  const numbers = args.positional.map((p) => numberOf(p.value));
  if (numbers.length === 0 || numbers.some((n) => n === undefined || !Number.isSafeInteger(n)))
    return undefined;
  const gcd = (a: number, b: number): number => (b === 0 ? Math.abs(a) : gcd(b, a % b));
  return int(
    (numbers as number[]).reduce((a, b) =>
      fn === 'gcd' ? gcd(a, b) : gcd(a, b) === 0 ? 0 : valueOfLcm(a, b, gcd(a, b)),
    ),
  );
}

function valueOfLcm(a: number, b: number, g: number): number {
  return Number(floorDiv(mul(constant(a), constant(b)), g).terms.get('')?.coefficient ?? 0n);
}
