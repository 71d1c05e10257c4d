import { analyze } from './analyze';
import { check } from './check';
import { CliError } from './cli-error';
import type { Command, Output } from './command';
import { compare } from './compare';
import { explain } from './explain';
import { gradient } from './gradient';
import { HELP } from './help';
import { mcp } from './mcp';

const COMMANDS: Readonly<Record<string, Command>> = { analyze, explain, compare, gradient, check, mcp };

/** Runs one command line and returns its exit code. Bad usage and unreadable input become one line on stderr. */
export async function run(args: readonly string[], output: Output): Promise<number> {
  const [name, ...rest] = args;
  if (
    name === undefined ||
    name === '--help' ||
    name === '-h' ||
    name === 'help' ||
    rest.includes('--help')
  ) {
    (name === undefined ? output.err : output.out)(HELP);
    return name === undefined ? 2 : 0;
  }
  try {
    if (!Object.hasOwn(COMMANDS, name)) {
      throw new CliError(`unknown command ${name}; the commands are ${Object.keys(COMMANDS).join(', ')}`);
    }
    return await COMMANDS[name]!(rest, output);
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    output.err(`rnn-lens: ${error.message.replace(/\s*\n\s*/g, ' ')}\n`);
    return 2;
  }
}
