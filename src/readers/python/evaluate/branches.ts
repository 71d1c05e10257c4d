import type { Interpreter } from './interpreter';
import { joinEffects, joinValues } from './join';
import type { UnknownValue, Value } from './values';

/** Is this exactly the truth of one flag? Then a size that depends on it is a formula in it. */
export function flagOf(test: Value): boolean {
  return test.kind === 'unknown' && test.flag === true && test.roots.length === 0;
}

/** Evaluates one of two expressions, or both when the test is unknown, their effects joined. */
export function evaluateBranches(
  I: Interpreter,
  test: Value,
  then: () => Value,
  otherwise: () => Value,
): Value {
  const answer = I.truth(test);
  if (typeof answer === 'boolean') return answer ? then() : otherwise();
  return fork(I, answer, flagOf(test), then, otherwise);
}

/** Runs both, each from the same start, and joins what they did and gave. */
export function fork(
  I: Interpreter,
  on: readonly UnknownValue[],
  flag: boolean,
  then: () => Value,
  otherwise: () => Value,
): Value {
  I.journal.open();
  const first = then();
  const firstEffects = I.journal.effects();
  I.journal.undo();
  const second = otherwise();
  const secondEffects = I.journal.effects();
  I.journal.undo();
  // `undo` forgot what was there before: touch the cells again so that the join sees it.
  for (const cell of [...firstEffects.keys(), ...secondEffects.keys()]) I.journal.touch(cell);
  joinEffects(I.journal, firstEffects, secondEffects, on, flag);
  I.journal.close();
  return joinValues(first, second, on, flag);
}
