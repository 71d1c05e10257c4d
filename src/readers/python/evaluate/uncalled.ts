import type { FunctionDef } from '../parse/ast';
import { callsIn } from '../parse/calls-in';
import type { Interpreter } from './interpreter';
import type { FunctionValue } from './values';

const FUEL = 40_000;
const MAX_FUNCTIONS = 40;

/**
 * Calls functions that the file defines but never calls (training scripts imported elsewhere, `main(config)`), when they
 * construct one of the wanted classes: what they construct is a model with those arguments.
 */
export function callUncalledFunctions(I: Interpreter, wanted: (className: string) => boolean): void {
  let left = MAX_FUNCTIONS;
  for (const value of [...I.main.names.values()]) {
    if (value.kind !== 'function' || !value.decl || I.called.has(value.decl) || value.decl.generator)
      continue;
    if (value.scope.module !== I.main || !constructs(value.decl, wanted) || left-- <= 0) continue;
    call(I, value);
  }
}

function call(I: Interpreter, fn: FunctionValue): void {
  const site = { text: fn.scope.module.text, from: fn.decl!.from, to: fn.decl!.headerTo };
  I.withFuel(FUEL, () => void I.call(fn, { positional: [], keywords: new Map(), site }));
}

function constructs(decl: FunctionDef, wanted: (className: string) => boolean): boolean {
  for (const name of callsIn(decl).names) if (wanted(name)) return true;
  return false;
}
