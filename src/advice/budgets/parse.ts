import { message, type AssumableValue, type Message } from '../../model';
import { LIMITS, type Budget, type Limit } from './types';

export interface ParsedBudgets {
  readonly budgets: readonly Budget[];
  /** What is wrong with the file; a budget with an error in it is left out. */
  readonly problems: readonly Message[];
}

const KEYS: ReadonlySet<string> = new Set([
  'file',
  'model',
  'sequenceLength',
  'batchSize',
  'assume',
  'horizon',
  ...LIMITS,
]);

/** Reads `rnn-lens.json`. Never throws: whatever the file holds, what can be used is used and the rest is named. */
export function parseBudgets(text: string): ParsedBudgets {
  let root: unknown;
  try {
    root = JSON.parse(text);
  } catch {
    return { budgets: [], problems: [message('rnn-lens.json is not valid JSON.')] };
  }
  const list = isObject(root) ? root['budgets'] : undefined;
  if (!Array.isArray(list)) {
    return { budgets: [], problems: [message('rnn-lens.json holds no list called "budgets".')] };
  }
  const problems: Message[] = [];
  const budgets = list.flatMap((entry: unknown, i) => {
    const result = parseBudget(entry);
    if ('wrong' in result) {
      problems.push(message('Budget {0} is not used: {1} is not right.', i + 1, result.wrong));
      return [];
    }
    return [result];
  });
  return { budgets, problems };
}

function parseBudget(entry: unknown): Budget | { readonly wrong: string } {
  if (!isObject(entry)) return { wrong: 'it' };
  const unknown = Object.keys(entry).find((key) => !KEYS.has(key));
  if (unknown !== undefined) return { wrong: unknown };
  const limits: Partial<Record<Limit, number>> = {};
  for (const limit of LIMITS) {
    const value = entry[limit];
    if (value === undefined) continue;
    if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) return { wrong: limit };
    limits[limit] = value;
  }
  for (const key of ['file', 'model'] as const) {
    if (entry[key] !== undefined && typeof entry[key] !== 'string') return { wrong: key };
  }
  for (const key of ['sequenceLength', 'batchSize', 'horizon'] as const) {
    const value = entry[key];
    if (value !== undefined && !(Number.isSafeInteger(value) && (value as number) > 0)) return { wrong: key };
  }
  const assume = entry['assume'] ?? {};
  if (!isObject(assume) || !Object.values(assume).every(isAssumable)) return { wrong: 'assume' };
  return {
    ...(entry['file'] === undefined ? {} : { file: entry['file'] as string }),
    ...(entry['model'] === undefined ? {} : { model: entry['model'] as string }),
    ...(entry['sequenceLength'] === undefined ? {} : { sequenceLength: entry['sequenceLength'] as number }),
    ...(entry['batchSize'] === undefined ? {} : { batchSize: entry['batchSize'] as number }),
    ...(entry['horizon'] === undefined ? {} : { horizon: entry['horizon'] as number }),
    limits,
    assume: assume as Record<string, AssumableValue>,
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isAssumable(value: unknown): value is AssumableValue {
  return typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value);
}
