/** Where a command writes; the terminal, or a test. */
export interface Output {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

/** A command takes its arguments and returns the exit code: 0 fine, 1 a finding or budget exceeded, 2 something unreadable. */
export type Command = (args: readonly string[], output: Output) => Promise<number>;
