import { message, type Problem } from '../../../model';
import type { SourceText } from './text';

export type SyntaxProblem = Problem;

/** Syntax errors shown for one file; more say nothing new. */
const MAX_PROBLEMS = 20;

/** One problem for each line that is not Python: where the parser says so, and where a repair was needed. `plain` is the text without taken-over addresses. */
export function syntaxProblems(
  text: SourceText,
  plain: SourceText,
  errors: readonly { readonly from: number; readonly to: number }[],
): Problem[] {
  const lines = new Map<number, Problem['source']>();
  for (const { from, to } of errors) {
    if (lines.size >= MAX_PROBLEMS) break;
    const line = text.lineOf(from);
    if (!lines.has(line)) lines.set(line, text.ref(from, Math.max(to, from)));
  }
  let inserted = 0;
  for (const { at, text: put, silent } of plain.insertions) {
    const offset = at + inserted;
    inserted += put.length;
    if (!silent) lines.set(plain.lineOf(offset), plain.ref(offset, offset));
  }
  return [...lines.values()].map((source) => ({
    code: 'python-syntax',
    severity: 'warning',
    message: message(
      'This line is not complete Python; the statement it belongs to may be missing from the numbers.',
    ),
    source,
  }));
}
