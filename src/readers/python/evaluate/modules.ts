import { message } from '../../../model';
import type { Stmt } from '../parse/ast';
import type { Interpreter } from './interpreter';
import type { Saved } from './journal';
import { runBlock } from './statements';
import { MORE, type ModuleValue, type Scope, type Value } from './values';

/** What one top-level statement may use up, so that a training loop does not hide the classes after it. */
const STATEMENT_FUEL = 25_000;

/** Runs a module's statements, each with fuel of its own. */
export function runModule(I: Interpreter, module: ModuleValue, body: readonly Stmt[]): void {
  const scope: Scope = { names: module.names, module };
  const outer = I.constructing.splice(0);
  for (const stmt of body) {
    I.journal.open();
    const finished = I.withFuel(STATEMENT_FUEL, () => runBlock(I, [stmt], scope));
    if (!finished) forget(I);
    I.journal.close();
  }
  I.constructing.push(...outer);
}

/** A statement that was cut short leaves half-made values behind: whatever it changed is unknown. */
function forget(I: Interpreter): void {
  const unknown = (name: string) =>
    I.unknown(message('The code that sets it takes too long to follow.'), name, undefined, { named: true });
  for (const [cell, now] of I.journal.effects()) {
    const before = I.journal.before(cell);
    if (cell instanceof Map) {
      const [old, names] = [before as ReadonlyMap<string, Value>, new Map(now as ReadonlyMap<string, Value>)];
      for (const [name, value] of names)
        if (old.get(name) !== value && isData(value)) names.set(name, unknown(name));
      if ([...names.keys()].some((k) => k.includes(':'))) names.set(MORE, unknown('key'));
      I.journal.replace(cell, names as Saved);
    } else if (Array.isArray(cell)) {
      const count = I.dim(unknown('length'))!;
      I.journal.replace(cell, [{ kind: 'repeat', value: unknown('item'), count }]);
    }
  }
}

/** Classes, functions and modules are whole as soon as they exist; numbers and collections are not. */
function isData(value: Value): boolean {
  return !['class', 'function', 'module', 'external', 'object', 'instance', 'tensor'].includes(value.kind);
}
