import type { ModelCost } from '../../cost/types';
import type { Message, SourceRef, Usage } from '../../model';

export type RuleId =
  | 'dropout-one-layer'
  | 'keras-no-cudnn'
  | 'last-step-axis'
  | 'return-sequences-missing'
  | 'input-size-mismatch'
  | 'state-not-detached'
  | 'packed-not-sorted'
  | 'softmax-before-cross-entropy'
  | 'forget-bias-twice'
  | 'no-gradient-clipping';

export type RuleSeverity = 'error' | 'warning' | 'information' | 'hint';

/** What a rule may look at. */
export interface RuleInput {
  readonly file: string;
  readonly models: readonly ModelCost[];
  readonly usage: readonly Usage[];
}

/** How a finding could be settled by an edit of the layer's constructor call. */
export interface ArgumentFix {
  readonly title: Message;
  /** The constructor's place. */
  readonly source: SourceRef;
  readonly argument: string;
  /** The new value, as source text; absent to take the argument away. */
  readonly value?: string;
}

export interface Finding {
  readonly rule: RuleId;
  readonly message: Message;
  readonly source: SourceRef;
  readonly fix?: ArgumentFix;
}

/** One thing that is worth saying about a model's code. Says nothing unless it is sure. */
export interface Rule {
  readonly id: RuleId;
  readonly severity: RuleSeverity;
  check(input: RuleInput): readonly Finding[];
}
