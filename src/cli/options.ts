import { parseArgs, type ParseArgsConfig } from 'node:util';
import { assumptionsFrom, parseAssumption } from '../engine/assumptions';
import {
  areLengths,
  BYTES_PER_NUMBER,
  DEFAULT_WORKLOAD,
  withLengths,
  type Assumptions,
  type NumberType,
  type Workload,
} from '../model';
import { CliError } from './cli-error';

type ParseArgsOptionsConfig = NonNullable<ParseArgsConfig['options']>;
type Values = Record<string, string | boolean | (string | boolean)[] | undefined>;

/** Options of every command that reads models. */
export const MODEL_OPTIONS = {
  class: { type: 'string' },
  assume: { type: 'string', multiple: true },
  'seq-len': { type: 'string' },
  batch: { type: 'string' },
  lengths: { type: 'string' },
  dtype: { type: 'string' },
  json: { type: 'boolean' },
} as const satisfies ParseArgsOptionsConfig;

/** Parses a command's arguments; what the command does not know is bad usage. */
export function parse(
  args: readonly string[],
  options: ParseArgsOptionsConfig,
): { values: Values; positionals: string[] } {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new CliError((error as Error).message.split('\n')[0]!);
  }
}

export function workloadFrom(values: Values): Workload {
  const dtype = text(values, 'dtype') ?? DEFAULT_WORKLOAD.numberType;
  if (!Object.hasOwn(BYTES_PER_NUMBER, dtype)) {
    throw new CliError(`--dtype takes one of ${Object.keys(BYTES_PER_NUMBER).join(', ')}, not ${dtype}`);
  }
  const workload = {
    seqLen: positive(values, 'seq-len') ?? DEFAULT_WORKLOAD.seqLen,
    batch: positive(values, 'batch') ?? DEFAULT_WORKLOAD.batch,
    numberType: dtype as NumberType,
  };
  return withLengths(workload, lengthsFrom(values));
}

/** `--lengths 5,3,1`; none when the option was not given. */
function lengthsFrom(values: Values): readonly number[] {
  const given = text(values, 'lengths');
  if (given === undefined) return [];
  if (values['seq-len'] !== undefined || values['batch'] !== undefined)
    throw new CliError('--lengths decides --seq-len (the longest) and --batch (how many): leave them out');
  const lengths = given.split(',').map((part) => (/^\s*\d+\s*$/.test(part) ? Number(part) : NaN));
  if (!areLengths(lengths))
    throw new CliError(`--lengths takes whole numbers from 1 up with commas between, not ${given}`);
  return lengths;
}

export function assumptionsOf(values: Values): Assumptions {
  const given = (values['assume'] ?? []) as string[];
  const entries = given.map((text) => {
    const parsed = parseAssumption(text);
    if (!parsed) throw new CliError(`--assume takes NAME=VALUE, not ${text}`);
    return [parsed.name, parsed.value] as const;
  });
  return assumptionsFrom('argument', Object.fromEntries(entries));
}

/** A whole number of at least 1, or undefined when the option was not given. */
export function positive(values: Values, name: string): number | undefined {
  return whole(values, name, 1);
}

/** A whole number of at least `least`, or undefined when the option was not given. */
export function whole(values: Values, name: string, least: number): number | undefined {
  const given = text(values, name);
  if (given === undefined) return undefined;
  const n = /^\d+$/.test(given) ? Number(given) : NaN;
  if (!Number.isSafeInteger(n) || n < least)
    throw new CliError(`--${name} takes a whole number from ${least} up, not ${given}`);
  return n;
}

export function text(values: Values, name: string): string | undefined {
  const value = values[name];
  return typeof value === 'string' ? value : undefined;
}
