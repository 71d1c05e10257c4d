import { createInterface } from 'node:readline';
import { CliError } from './cli-error';
import type { Command, Output } from './command';
import { endGradient, McpSession } from './mcp-session';

/** Requests longer than this are refused: no tool takes that much. */
const MAX_LINE = 1_000_000;

/** `rnn-lens mcp`: a Model Context Protocol server on stdin and stdout, one JSON-RPC message a line, until stdin ends. */
export const mcp: Command = async (args, output) => {
  if (args.length > 0) throw new CliError('mcp takes no arguments');
  await serve(process.stdin, output);
  return 0;
};

/** Answers each line of `input` on `output`. */
export async function serve(input: NodeJS.ReadableStream, output: Output): Promise<void> {
  const session = new McpSession((message) => output.out(`${JSON.stringify(message)}\n`));
  const running: Promise<void>[] = [];
  for await (const line of createInterface({ input, crlfDelay: Infinity })) {
    if (line.trim() === '') continue;
    running.push(line.length > MAX_LINE ? session.refuse('The message is too long.') : session.receive(line));
  }
  await Promise.all(running);
  endGradient();
}
