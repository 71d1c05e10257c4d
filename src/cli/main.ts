import { analyze } from './analyze';
import { CliError } from './cli-error';
import { compare } from './compare';
import { gradient } from './gradient';
import { HELP } from './help';

/** A command takes its arguments and returns the exit code: 0 fine, 1 a finding or budget exceeded. */
export type Command = (args: readonly string[]) => Promise<number>;

const COMMANDS: Readonly<Record<string, Command>> = { analyze, compare, gradient };

async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (
    name === undefined ||
    name === '--help' ||
    name === '-h' ||
    name === 'help' ||
    rest.includes('--help')
  ) {
    process.stdout.write(HELP);
    return name === undefined ? 2 : 0;
  }
  if (!Object.hasOwn(COMMANDS, name)) {
    throw new CliError(`unknown command ${name}; the commands are ${Object.keys(COMMANDS).join(', ')}`);
  }
  return COMMANDS[name]!(rest);
}

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    const text =
      error instanceof CliError ? error.message : `internal error: ${(error as Error)?.message ?? error}`;
    process.stderr.write(`rnn-lens: ${text.replace(/\s*\n\s*/g, ' ')}\n`);
    process.exitCode = 2;
  },
);
