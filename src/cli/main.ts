import { run } from './run';

const write = (stream: NodeJS.WriteStream) => (text: string) => void stream.write(text);

run(process.argv.slice(2), { out: write(process.stdout), err: write(process.stderr) }).then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    // Only a mistake of ours gets here; still one line, and never exit code 0.
    process.stderr.write(
      `rnn-lens: internal error: ${String((error as Error)?.message ?? error).replace(/\s*\n\s*/g, ' ')}\n`,
    );
    process.exitCode = 2;
  },
);
