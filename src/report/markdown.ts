/**
 * Markdown from text that a model file wrote. Names and expressions in a file are not trusted: whatever they hold,
 * they are shown as text, never as markup, links or HTML.
 */

/** Escapes everything that Markdown or HTML could read as markup, and folds line breaks. */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/[\r\n]+/g, ' ')
    .replace(/[\\`*_{}[\]()#+\-.!|<>&~$:@"']/g, (c) => ENTITIES[c] ?? `\\${c}`);
}

const ENTITIES: Readonly<Record<string, string>> = {
  '<': '&lt;',
  '>': '&gt;',
  '&': '&amp;',
  '|': '&#124;',
  ':': '&#58;',
  '@': '&#64;',
};

/** Text as inline code, whatever backticks it holds. */
export function codeSpan(text: string): string {
  const flat = text.replace(/[\r\n]+/g, ' ').replaceAll('|', '\\|');
  const longest = Math.max(0, ...[...flat.matchAll(/`+/g)].map((m) => m[0].length));
  const fence = '`'.repeat(longest + 1);
  const pad = flat.startsWith('`') || flat.endsWith('`') ? ' ' : '';
  return flat === '' ? '' : fence + pad + flat + pad + fence;
}

/** A table whose cells are Markdown already. `align` has one of `<` and `>` for each column. */
export function markdownTable(
  align: string,
  header: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rule = [...align].map((a) => (a === '>' ? '---:' : ':---'));
  return [line(header), line(rule), ...rows.map(line)].join('\n');
}
