import type { SyntaxNode } from '@lezer/common';

/** A node's children without comments. Error nodes stay in: they say that something is missing. */
export function childrenOf(node: SyntaxNode): SyntaxNode[] {
  const list: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) {
    if (child.name !== 'Comment') list.push(child);
  }
  return list;
}

/** Splits children at commas. */
export function splitAtCommas(nodes: readonly SyntaxNode[]): SyntaxNode[][] {
  const parts: SyntaxNode[][] = [[]];
  for (const node of nodes) {
    if (node.name === ',') parts.push([]);
    else parts.at(-1)!.push(node);
  }
  return parts.filter((p) => p.length > 0);
}

/** What stands between a node's first and last delimiter. */
export function inner(node: SyntaxNode): SyntaxNode[] {
  const nodes = childrenOf(node);
  const last = nodes.at(-1)?.name;
  const closed = last === ')' || last === ']' || last === '}';
  return nodes.slice(1, closed ? -1 : undefined);
}
