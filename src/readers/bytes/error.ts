import { type Message, type Problem, message } from '../../model';
import type { ReadResult } from '../../model';

/**
 * What a reader of bytes throws inside itself when a file cannot be what it claims to be. It never leaves the reader:
 * {@link guarded} turns it into a {@link Problem}.
 */
export class ReadError extends Error {
  constructor(
    /** Kebab-case kind, as in {@link Problem.code}. */
    readonly code: string,
    readonly reason: Message,
    /** Where in the file: an archive entry, a tensor's name. */
    readonly member?: string,
  ) {
    super(reason.text);
    this.name = 'ReadError';
  }
}

/** The file ends before what it announces. */
export function truncated(what: string): ReadError {
  return new ReadError('truncated-file', message('The file ends in the middle of {0}.', what));
}

/** The file is not well formed. */
export function malformed(what: string): ReadError {
  return new ReadError('malformed-file', message('The file is damaged: {0}.', what));
}

/** Something in the file is larger than the reader is willing to hold. */
export function tooLarge(what: string, limit: number): ReadError {
  return new ReadError('too-large', message('Not read, because {0} is larger than {1}.', what, limit));
}

/**
 * Runs a reader so that nothing a file holds can make it throw: what goes wrong becomes one problem beside whatever
 * `partial` had collected.
 */
export async function guarded(
  format: string,
  file: string,
  run: () => Promise<ReadResult>,
): Promise<ReadResult> {
  try {
    return await run();
  } catch (error) {
    return { format, models: [], problems: [problemOf(error, file)] };
  }
}

/** The problem behind whatever was thrown. */
export function problemOf(error: unknown, file: string): Problem {
  if (error instanceof ReadError) {
    const source = error.member === undefined ? { file } : { file, member: error.member };
    return { code: error.code, severity: 'error', message: error.reason, source };
  }
  const text = error instanceof Error ? error.message : String(error);
  return {
    code: 'unreadable-file',
    severity: 'error',
    message: message('The file could not be read: {0}', text),
    source: { file },
  };
}
