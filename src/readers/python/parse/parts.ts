import type { SyntaxNode, Tree } from '@lezer/common';
import type { Stmt } from './ast';
import { Lowering } from './lower';

export interface Comment {
  readonly text: string;
  /** Addresses. */
  readonly from: number;
  readonly to: number;
}

/** What a stretch of the top level of a file says. All places in it are addresses. */
export interface Part {
  readonly address: number;
  readonly statements: readonly Stmt[];
  readonly comments: readonly Comment[];
  readonly errors: readonly { readonly from: number; readonly to: number }[];
}

export interface PlacedPart {
  readonly part: Part;
  /** Offsets in the parsed text. */
  readonly at: number;
  readonly to: number;
}

/** Parts of an earlier version of a file, by their text. */
export class Parts {
  private readonly byText = new Map<string, Part[]>();

  constructor(placed: readonly PlacedPart[], parsed: string) {
    for (const { part, at, to } of placed) {
      // How an error is recovered from depends on what is around it.
      if (part.errors.length > 0) continue;
      const text = parsed.slice(at, to);
      const same = this.byText.get(text);
      if (same) same.push(part);
      else this.byText.set(text, [part]);
    }
  }

  /** A part of that text, given out once. */
  take(text: string): Part | undefined {
    return this.byText.get(text)?.shift();
  }
}

/**
 * The parts of a file, in order, one for each node at its top level. Those that an earlier version had are taken over; others are lowered, and
 * get addresses from `base` on.
 */
export function partsOf(tree: Tree, parsed: string, earlier: Parts | undefined, base: number): PlacedPart[] {
  const parts: PlacedPart[] = [];
  const lowering = new Lowering(parsed);
  for (let node = tree.topNode.firstChild; node; node = node.nextSibling) {
    const { from: at, to } = node;
    // The same text may stand in an error now that it did not stand in then.
    const same = earlier && !hasErrors(node) ? earlier.take(parsed.slice(at, to)) : undefined;
    const part = same ?? lowered(node, parsed, lowering, base);
    parts.push({ part, at, to });
  }
  return parts;
}

/** Is there an error in a tree, or below one of its nodes? */
export function hasErrors(tree: Tree | SyntaxNode): boolean {
  let found = false;
  tree.cursor().iterate(({ type }) => {
    found ||= type.isError;
    return !found;
  });
  return found;
}

function lowered(node: SyntaxNode, parsed: string, lowering: Lowering, base: number): Part {
  const comments: Comment[] = [];
  const errors: { from: number; to: number }[] = [];
  node.cursor().iterate(({ name, type, from, to }) => {
    if (name === 'Comment') comments.push({ text: parsed.slice(from, to), from: from + base, to: to + base });
    else if (type.isError) errors.push({ from: from + base, to: to + base });
  });
  const statements = node.name === 'Comment' ? [] : lowering.statements([node]);
  if (base > 0) shift(statements, base);
  return { address: node.from + base, statements, comments, errors };
}

/** Moves every node of a tree that nobody has seen yet. */
function shift(tree: unknown, by: number, moved = new Set<object>()): void {
  if (typeof tree !== 'object' || tree === null || moved.has(tree)) return;
  moved.add(tree);
  const node = tree as { from?: number; to?: number; headerTo?: number };
  if (typeof node.from === 'number') node.from += by;
  if (typeof node.to === 'number') node.to += by;
  if (typeof node.headerTo === 'number') node.headerTo += by;
  for (const part of Object.values(tree)) shift(part, by, moved);
}
