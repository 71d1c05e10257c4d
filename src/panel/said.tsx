import type { ComponentChildren } from 'preact';
import type { Message } from '../model';
import { say } from './text';

/** A sentence in the reader's language; what stands in backticks is shown as code. */
export function Said({ text }: { text: Message }) {
  return <>{say(text).split('`').map(codeAtOdd)}</>;
}

function codeAtOdd(part: string, i: number, all: readonly string[]): ComponentChildren {
  // A backtick without a partner is a backtick.
  if (i % 2 === 0) return part;
  return i === all.length - 1 ? `\`${part}` : <code key={i}>{part}</code>;
}
