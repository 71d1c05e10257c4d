import type { AssumableValue, Message, SourceRef } from '../../model';

/** Limits that a budget can set; each is a number that must not be exceeded. */
export const LIMITS = [
  'parameters',
  'trainableParameters',
  'macs',
  'flops',
  'weightBytes',
  'activationBytes',
] as const;
export type Limit = (typeof LIMITS)[number];

/** What a project allows its models to cost: one entry of `budgets` in `rnn-lens.json`. */
export interface Budget {
  /** Which files, as a glob relative to the folder of `rnn-lens.json`; absent: every file. */
  readonly file?: string;
  /** Which models, by name; absent: every model. */
  readonly model?: string;
  readonly limits: Partial<Readonly<Record<Limit, number>>>;
  /** How many steps back the gradient of each recurrent layer has to reach. The only limit that is a least one. */
  readonly horizon?: number;
  readonly sequenceLength?: number;
  readonly batchSize?: number;
  readonly assume: Readonly<Record<string, AssumableValue>>;
}

/** A model against one limit of one budget. */
export interface BudgetResult {
  readonly model: string;
  readonly limit: Limit | 'horizon';
  readonly allowed: number;
  /** Undefined when it cannot be known. */
  readonly actual: number | undefined;
  readonly exceeded: boolean;
  readonly message: Message;
  readonly source: SourceRef;
}
