import { type AssumableValue, type Assumptions, type Workload, withSizes } from '../../model';
import { assumptionsFrom } from '../assumptions';
import { ToolError, type JsonSchema } from './types';

type Input = Readonly<Record<string, unknown>>;

/** Arguments that every tool on a file takes. */
export const FILE_PROPERTIES = {
  file: {
    type: 'string',
    description: 'Path of the model file, absolute or relative to the workspace folder.',
  },
  model: { type: 'string', description: 'Name of one model in the file. Leave out for all.' },
  sequenceLength: {
    type: 'integer',
    minimum: 1,
    description:
      'Sequence length T in steps, for the work of a forward pass where the source does not fix it.',
  },
  batchSize: { type: 'integer', minimum: 1, description: 'Batch size B in sequences.' },
  assume: {
    type: 'object',
    description:
      'Values for sizes that cannot be read from the source, by name, such as {"vocab_size": 10000}. The result lists the names under unresolved.',
    additionalProperties: { type: ['number', 'string', 'boolean'] },
  },
} as const;

export function schema(
  properties: JsonSchema['properties'],
  required: readonly string[] = ['file'],
): JsonSchema {
  return { type: 'object', properties, required, additionalProperties: false };
}

export function textIn(input: Input, key: string): string | undefined {
  const value = input[key];
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || value === '') throw new ToolError(`${key} has to be a text.`);
  return value;
}

export function fileIn(input: Input): string {
  const file = textIn(input, 'file');
  if (file === undefined) throw new ToolError('file is missing.');
  return file;
}

export function workloadIn(input: Input, otherwise: Workload): Workload {
  return withSizes(otherwise, positiveIn(input, 'sequenceLength'), positiveIn(input, 'batchSize'));
}

function positiveIn(input: Input, key: string): number | undefined {
  const value = input[key];
  if (value === undefined) return undefined;
  if (!Number.isSafeInteger(value) || (value as number) < 1)
    throw new ToolError(`${key} has to be a whole number from 1 up.`);
  return value as number;
}

export function assumptionsIn(input: Input): Assumptions {
  const value = input['assume'] ?? {};
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new ToolError('assume has to be an object.');
  for (const v of Object.values(value)) {
    if (typeof v !== 'string' && typeof v !== 'boolean' && !Number.isFinite(v)) {
      throw new ToolError('Each value in assume has to be a number, a text or a truth value.');
    }
  }
  return assumptionsFrom('argument', value as Record<string, AssumableValue>);
}
