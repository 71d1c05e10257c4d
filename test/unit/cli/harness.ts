import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import { run } from '../../../src/cli/run';

export const ROOT = join(__dirname, '../../..');
export const FIXTURES = join(ROOT, 'test/fixtures/cli');

/** Runs the CLI in this process, as `main.ts` does. */
export async function cli(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const code = await run(args, { out: (t) => (out += t), err: (t) => (err += t) });
  return { code, out, err };
}

/** Runs the CLI with --json and validates what it prints against the schema of that command. */
export async function cliJson(command: 'analyze' | 'explain' | 'compare' | 'gradient', ...args: string[]) {
  const result = await cli(command, ...args, '--json');
  if (result.out === '') throw new Error(`no output: ${result.err}`);
  // The schema, not the compiler, says what this is.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  const json = JSON.parse(result.out) as any;
  const schema = JSON.parse(readFileSync(join(ROOT, `media/schemas/${command}.schema.json`), 'utf8'));
  const validate = new Ajv({ allErrors: true, strict: false }).compile(schema);
  const valid: boolean = validate(json);
  if (!valid) throw new Error(`not as the schema says: ${JSON.stringify(validate.errors, null, 1)}`);
  return { ...result, json };
}
