import { type Tree, TreeFragment } from '@lezer/common';
import { parser } from '@lezer/python';
import type { Stmt } from './ast';
import { type Comment, Parts, hasErrors, partsOf } from './parts';
import { type SyntaxProblem, syntaxProblems } from './problems';
import { repairs } from './repair';
import { type Segment, SourceText } from './text';

export type { Comment };

export interface ParsedFile {
  readonly text: SourceText;
  readonly body: readonly Stmt[];
  readonly comments: readonly Comment[];
  readonly problems: readonly SyntaxProblem[];
}

/** Parses a Python file. Tolerates anything: what does not parse is a located problem and a `broken` statement. */
export function parseFile(file: string, written: string): ParsedFile {
  return new FileParses().parse(file, written);
}

interface Parse {
  readonly parsed: string;
  readonly tree: Tree;
  readonly parts: Parts;
  readonly result: ParsedFile;
}

/** Files whose parse is kept. */
const MAX_FILES = 80;

/**
 * Parses of files, kept for their next version: what did not change is neither parsed nor lowered again, and its statements are
 * the same objects at the same addresses. The result is that of {@link parseFile} for the text alone.
 */
export class FileParses {
  private readonly parses = new Map<string, Parse>();
  /** Addresses below this are taken; 0 is the start of the file, whatever stands there. */
  private free = 1;

  parse(file: string, written: string): ParsedFile {
    const before = this.parses.get(file);
    if (before?.result.text.written === written) return before.result;
    const insertions = repairs(written);
    const plain = new SourceText(file, written, insertions);
    const tree = parsed(plain.parsed, before);
    const base = this.free;
    this.free = base + plain.parsed.length + 1;
    const parts = partsOf(tree, plain.parsed, before?.parts, base);
    const segments = parts.map(({ part, at }): Segment => ({ address: part.address, at }));
    const text = new SourceText(file, written, insertions, segments);
    const comments = parts.flatMap(({ part }) => part.comments);
    const result: ParsedFile = {
      text,
      body: parts.flatMap(({ part }) => part.statements),
      comments,
      problems: syntaxProblems(
        text,
        plain,
        parts.flatMap(({ part }) => part.errors),
      ),
    };
    this.parses.delete(file);
    this.parses.set(file, { parsed: plain.parsed, tree, parts: new Parts(parts, plain.parsed), result });
    for (const oldest of this.parses.keys()) {
      if (this.parses.size <= MAX_FILES) break;
      this.parses.delete(oldest);
    }
    return result;
  }
}

/**
 * The syntax tree of a text, whatever was parsed before: how the parser gets over an error depends on the way it came, so that only a
 * tree without errors may be made out of parts of an earlier one.
 */
function parsed(text: string, before: Parse | undefined): Tree {
  const quick = before && parser.parse(text, unchanged(before, text));
  return quick && !hasErrors(quick) ? quick : parser.parse(text);
}

/** What of an earlier tree may be used for the text as it is now: all but the stretch between the first and the last difference. */
function unchanged(before: Parse, now: string): readonly TreeFragment[] {
  const then = before.parsed;
  const shorter = Math.min(then.length, now.length);
  let start = 0;
  while (start < shorter && then.charCodeAt(start) === now.charCodeAt(start)) start++;
  let end = 0;
  while (
    end < shorter - start &&
    then.charCodeAt(then.length - 1 - end) === now.charCodeAt(now.length - 1 - end)
  )
    end++;
  return TreeFragment.applyChanges(TreeFragment.addTree(before.tree), [
    { fromA: start, toA: then.length - end, fromB: start, toB: now.length - end },
  ]);
}
