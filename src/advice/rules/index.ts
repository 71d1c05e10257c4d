import { dropoutOneLayer } from './dropout-one-layer';
import { forgetBiasTwice } from './forget-bias-twice';
import { GRADIENT_HORIZON } from './gradient-horizon';
import { inputSizeMismatch } from './input-size-mismatch';
import { kerasNoCudnn } from './keras-no-cudnn';
import { lastStepAxis } from './last-step-axis';
import { noGradientClipping } from './no-gradient-clipping';
import { packedNotSorted } from './packed-not-sorted';
import { returnSequencesMissing } from './return-sequences-missing';
import { softmaxBeforeCrossEntropy } from './softmax-before-cross-entropy';
import { stateBatchAxis } from './state-batch-axis';
import { stateNotDetached } from './state-not-detached';
import type { Finding, Rule, RuleId, RuleInput, RuleSeverity } from './types';

export { horizonFinding, lastStepLayers } from './gradient-horizon';
export * from './types';

/** The rules that look at code alone; `docs/rules.md` explains each under its id. */
export const RULES: readonly Rule[] = [
  dropoutOneLayer,
  kerasNoCudnn,
  lastStepAxis,
  stateBatchAxis,
  returnSequencesMissing,
  inputSizeMismatch,
  stateNotDetached,
  packedNotSorted,
  softmaxBeforeCrossEntropy,
  forgetBiasTwice,
  noGradientClipping,
];

/** What all rules find. */
export function runRules(input: RuleInput): readonly Finding[] {
  return RULES.flatMap((rule) => rule.check(input));
}

/** How serious a rule's findings are unless the user says otherwise. */
export function defaultSeverity(rule: RuleId): RuleSeverity {
  return rule === GRADIENT_HORIZON.id
    ? GRADIENT_HORIZON.severity
    : RULES.find(({ id }) => id === rule)!.severity;
}
