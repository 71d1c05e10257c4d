import { parser } from '@lezer/javascript';
import type { SyntaxNode, Tree } from '@lezer/common';
import type { Position, SourceRef } from '../../model';

/** One parsed file. */
export class SourceFile {
  readonly tree: Tree;
  private readonly lineStarts: number[] = [0];

  constructor(
    readonly file: string,
    readonly text: string,
  ) {
    this.tree = parser.configure({ dialect: dialectOf(file) }).parse(text);
    for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) this.lineStarts.push(i + 1);
  }

  slice(node: SyntaxNode): string {
    return this.text.slice(node.from, node.to);
  }

  /** The node's text on one line, shortened. */
  brief(node: SyntaxNode, limit = 60): string {
    const text = this.slice(node)
      .slice(0, 4 * limit)
      .split(/\s+/)
      .join(' ');
    return text.length > limit ? `${text.slice(0, limit - 1)}…` : text;
  }

  ref(node: SyntaxNode): SourceRef {
    return { file: this.file, range: { start: this.position(node.from), end: this.position(node.to) } };
  }

  private position(offset: number): Position {
    let low = 0;
    let high = this.lineStarts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.lineStarts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low, character: offset - this.lineStarts[low]! };
  }
}

function dialectOf(file: string): string {
  const name = file.toLowerCase();
  if (name.endsWith('.tsx')) return 'jsx ts';
  if (name.endsWith('.ts') || name.endsWith('.mts') || name.endsWith('.cts')) return 'ts';
  return 'jsx';
}

/** The children of a node that are not punctuation or comments. */
export function children(node: SyntaxNode): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) {
    if (!NOISE.has(child.name)) found.push(child);
  }
  return found;
}

const NOISE = new Set(['(', ')', '{', '}', '[', ']', ',', ';', 'LineComment', 'BlockComment', '⚠']);
const TYPES = new Set([
  'TypeAnnotation',
  'Optional',
  'Privacy',
  'readonly',
  'override',
  'TypeParamList',
  'TypeArgList',
  'Decorator',
]);

/** Like {@link children}, without what TypeScript adds. */
export function plainChildren(node: SyntaxNode): SyntaxNode[] {
  return children(node).filter((c) => !TYPES.has(c.name));
}
