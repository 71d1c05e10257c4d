import { dropoutOneLayer } from './dropout-one-layer';
import { inputSizeMismatch } from './input-size-mismatch';
import { kerasNoCudnn } from './keras-no-cudnn';
import { lastStepAxis } from './last-step-axis';
import { returnSequencesMissing } from './return-sequences-missing';
import type { Finding, Rule, RuleInput } from './types';
import {
  forgetBiasTwice,
  noGradientClipping,
  packedNotSorted,
  softmaxBeforeCrossEntropy,
  stateNotDetached,
} from './usage-rules';

export * from './types';

/** All rules; `docs/rules.md` explains each under its id. */
export const RULES: readonly Rule[] = [
  dropoutOneLayer,
  kerasNoCudnn,
  lastStepAxis,
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
