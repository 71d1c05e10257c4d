export * from './check';
export * from './glob';
export * from './parse';
export * from './types';

/** The file that holds a project's budgets. */
export const BUDGET_FILE = 'rnn-lens.json';
