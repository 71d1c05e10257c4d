import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { DEFAULT_THRESHOLDS, type FlowThresholds, THRESHOLD_RANGES } from '../advice';
import type { FlowChoices, FlowInput, FlowStart } from '../model';
import { numericColumns, standardised } from '../readers/series';
import { CliError } from './cli-error';
import { text } from './options';

type Values = Parameters<typeof text>[0];

/** What is measured and how it is judged: the options of `rnn-lens gradient` beside those that name the layer. */
export const FLOW_OPTIONS = {
  loss: { type: 'string' },
  try: { type: 'string' },
  series: { type: 'string' },
  column: { type: 'string' },
  standardise: { type: 'boolean' },
  'vanishing-decades': { type: 'string' },
  'exploding-decades': { type: 'string' },
  'saturated-share': { type: 'string' },
  'horizon-decades': { type: 'string' },
} as const;

/** A larger file is not read into memory for one column. */
const MAX_BYTES = 64 << 20;

export async function choicesFrom(values: Values): Promise<FlowChoices> {
  const loss = text(values, 'loss') ?? 'last';
  if (loss !== 'last' && loss !== 'all') throw new CliError(`--loss takes last or all, not ${loss}`);
  return { loss, start: startFrom(text(values, 'try')), input: await inputFrom(values) };
}

export function thresholdsFromOptions(values: Values): FlowThresholds {
  const threshold = (option: string, name: keyof FlowThresholds): number => {
    const given = text(values, option);
    if (given === undefined) return DEFAULT_THRESHOLDS[name];
    const value = given.trim() === '' ? NaN : Number(given);
    const [least, most] = THRESHOLD_RANGES[name];
    if (!(value >= least && value <= most))
      throw new CliError(`--${option} takes a number from ${least} to ${most}, not ${given}`);
    return value;
  };
  return {
    vanishingDecades: threshold('vanishing-decades', 'vanishingDecades'),
    explodingDecades: threshold('exploding-decades', 'explodingDecades'),
    saturatedShare: threshold('saturated-share', 'saturatedShare'),
    horizonDecades: threshold('horizon-decades', 'horizonDecades'),
  };
}

/** `forget-bias=1`, `chrono=200`, `orthogonal`, `identity=1` */
function startFrom(given: string | undefined): FlowStart | null {
  if (given === undefined) return null;
  const [, kind, number] = /^([a-z-]+)(?:=(.+))?$/.exec(given) ?? [];
  const value = number === undefined ? 1 : Number(number);
  if (Number.isFinite(value)) {
    if (kind === 'forget-bias') return { kind, value };
    if (kind === 'orthogonal') return { kind, gain: value };
    if (kind === 'identity') return { kind, scale: value };
    if (kind === 'chrono' && Number.isInteger(value) && value > 2) return { kind, maxSteps: value };
  }
  throw new CliError(`--try takes forget-bias=B, chrono=T, orthogonal=G or identity=S, not ${given}`);
}

async function inputFrom(values: Values): Promise<FlowInput> {
  const file = text(values, 'series');
  const name = text(values, 'column');
  if (file === undefined) {
    if (name !== undefined || values['standardise'])
      throw new CliError('--column and --standardise need --series');
    return { kind: 'noise' };
  }
  const columns = numericColumns(await textOf(file));
  const column =
    name === undefined && columns.length === 1 ? columns[0] : columns.find((c) => c.name === name);
  if (!column) {
    const names = columns.map((c) => c.name).join(', ');
    throw new CliError(`--column takes one of the columns that begin with a number: ${names || 'none'}`);
  }
  const scale = values['standardise'] === true;
  return {
    kind: 'series',
    name: `${column.name} of ${basename(file)}${scale ? ', standardised' : ''}`,
    values: scale ? standardised(column.values) : column.values,
  };
}

async function textOf(file: string): Promise<string> {
  try {
    const stats = await stat(file);
    // A pipe would be waited for without end.
    if (!stats.isFile()) throw new CliError(`${file}: not a file`);
    if (stats.size > MAX_BYTES) throw new CliError(`${file} is larger than 64 MiB`);
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw new CliError(`${file} cannot be read`);
  }
}
