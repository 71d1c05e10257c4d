import type { Tree } from '@lezer/common';
import { parser } from '@lezer/python';
import { message, type Problem } from '../../../model';
import type { Stmt } from './ast';
import { Lowering } from './lower';
import { childrenOf } from './nodes';
import { repairs } from './repair';
import { SourceText } from './text';

export interface Comment {
  /** Line, from 0. */
  readonly line: number;
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

export interface ParsedFile {
  readonly text: SourceText;
  readonly body: readonly Stmt[];
  readonly comments: readonly Comment[];
  readonly problems: readonly Problem[];
}

/** Syntax errors shown for one file; more say nothing new. */
const MAX_PROBLEMS = 20;

/** Parses a Python file. Tolerates anything: what does not parse is a located problem and a `broken` statement. */
export function parseFile(file: string, written: string): ParsedFile {
  const text = new SourceText(file, written, repairs(written));
  const tree = parser.parse(text.parsed);
  const body = new Lowering(text.parsed).statements(childrenOf(tree.topNode));
  return { text, body, ...notes(text, tree) };
}

function notes(text: SourceText, tree: Tree): { comments: Comment[]; problems: Problem[] } {
  const comments: Comment[] = [];
  const lines = new Map<number, { from: number; to: number }>();
  tree.iterate({
    enter: (node) => {
      if (node.name === 'Comment') {
        comments.push({
          line: text.lineOf(node.from),
          text: text.parsed.slice(node.from, node.to),
          from: node.from,
          to: node.to,
        });
      } else if (node.type.isError && lines.size < MAX_PROBLEMS) {
        const line = text.lineOf(node.from);
        if (!lines.has(line)) lines.set(line, { from: node.from, to: Math.max(node.to, node.from) });
      }
    },
  });
  for (const { at, silent } of text.insertions) {
    if (silent) continue;
    const offset = text.insertions.filter((i) => i.at < at).reduce((sum, i) => sum + i.text.length, at);
    lines.set(text.lineOf(offset), { from: offset, to: offset });
  }
  const problems = [...lines.values()].map((where): Problem => ({
    code: 'python-syntax',
    severity: 'warning',
    message: message(
      'This line is not complete Python; the statement it belongs to may be missing from the numbers.',
    ),
    source: text.ref(where.from, where.to),
  }));
  return { comments, problems };
}
