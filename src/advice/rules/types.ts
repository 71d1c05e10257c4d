import type { ModelCost } from '../../cost/types';
import type { Message, Problem, SourceRef, Usage } from '../../model';

export type RuleId =
  | 'dropout-one-layer'
  | 'keras-no-cudnn'
  | 'last-step-axis'
  | 'state-batch-axis'
  | 'return-sequences-missing'
  | 'input-size-mismatch'
  | 'state-not-detached'
  | 'packed-not-sorted'
  | 'softmax-before-cross-entropy'
  | 'forget-bias-twice'
  | 'no-gradient-clipping'
  | 'gradient-horizon';

export type RuleSeverity = 'error' | 'warning' | 'information' | 'hint';

/** What a rule may look at. */
export interface RuleInput {
  readonly file: string;
  readonly models: readonly ModelCost[];
  readonly usage: readonly Usage[];
  /** What the reader of the file has said. */
  readonly problems: readonly Problem[];
  /** The text that stands at a place of the file. */
  readonly textAt: (source: SourceRef) => string;
}

/** How a finding could be settled by an edit of a call's arguments. */
export interface ArgumentFix {
  readonly title: Message;
  /** The call's place. */
  readonly source: SourceRef;
  readonly argument: string;
  /** The new value, as source text; absent to take the argument away. */
  readonly value?: string;
}

/** How a finding could be settled by other text at a place of the file; an empty place is an insertion. */
export interface TextFix {
  readonly title: Message;
  readonly source: SourceRef;
  readonly text: string;
}

export type Fix = ArgumentFix | TextFix;

export interface Finding {
  readonly rule: RuleId;
  readonly message: Message;
  readonly source: SourceRef;
  /** Where it comes to light, when that is another place: the call that is given what does not fit. */
  readonly shownAt?: SourceRef;
  readonly fix?: Fix;
}

/** One thing that is worth saying about a model's code. Says nothing unless it is sure. */
export interface Rule {
  readonly id: RuleId;
  readonly severity: RuleSeverity;
  check(input: RuleInput): readonly Finding[];
}
