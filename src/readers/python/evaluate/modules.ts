import type { Stmt } from '../parse/ast';
import type { Interpreter } from './interpreter';
import { runBlock } from './statements';
import type { ModuleValue, Scope } from './values';

/** What one top-level statement may use up, so that a training loop does not hide the classes after it. */
const STATEMENT_FUEL = 120_000;

/** Runs a module's statements, each with fuel of its own. */
export function runModule(I: Interpreter, module: ModuleValue, body: readonly Stmt[]): void {
  const scope: Scope = { names: module.names, module };
  const outer = I.constructing.splice(0);
  for (const stmt of body) {
    I.withFuel(STATEMENT_FUEL, () => runBlock(I, [stmt], scope));
  }
  I.constructing.push(...outer);
}
