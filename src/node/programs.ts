import { spawn, type ChildProcess } from 'node:child_process';
import type { Program, Ran } from '../engine/platform';

/** More than this of what a program says is not kept. */
const MAX_OUTPUT = 8 * 1024 * 1024;

/** Runs a program in a process of its own; it is killed, with whatever it started, when the time is up or the user stops it. */
export function runProgram({ program, args, folder, timeoutMs, signal }: Program): Promise<Ran> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve({ ended: 'stopped' });
    let outcome: Ran | undefined;
    // A group of its own, so that its children can be ended with it.
    const child = spawn(program, args, { cwd: folder, windowsHide: true, detached: !WINDOWS });
    const [output, errors] = [gather(child.stdout), gather(child.stderr)];
    const end = (why: 'time' | 'stopped') => {
      outcome ??= { ended: why };
      kill(child);
    };
    const stop = () => end('stopped');
    const timer = setTimeout(() => end('time'), timeoutMs);
    signal.addEventListener('abort', stop);
    child.on('error', (error) => (outcome ??= { ended: 'missing', why: error.message }));
    child.on('close', (code) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      resolve(outcome ?? { ended: 'itself', output: output(), errors: errors(), code: code ?? -1 });
    });
    child.stdin.on('error', () => undefined);
    child.stdin.end();
  });
}

const WINDOWS = process.platform === 'win32';

function kill(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    if (WINDOWS) child.kill('SIGKILL');
    else process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has ended by itself in the meantime.
  }
}

/** Collects what a stream says, up to {@link MAX_OUTPUT} characters. */
function gather(stream: NodeJS.ReadableStream): () => string {
  const parts: string[] = [];
  let length = 0;
  stream.setEncoding('utf8');
  stream.on('data', (part: string) => {
    if (length < MAX_OUTPUT) parts.push(part);
    length += part.length;
  });
  return () => parts.join('').slice(0, MAX_OUTPUT);
}
