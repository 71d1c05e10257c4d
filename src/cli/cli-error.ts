/** Bad usage or unreadable input: printed as one line on stderr, exit code 2. */
export class CliError extends Error {}
