/** Text as HTML text or attribute value, whatever it holds. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (c) => ENTITIES[c]!);
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A table of texts (escaped here); columns after `left` are right-aligned figures. */
export function htmlTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  left: number,
  last: 'total' | 'row' = 'row',
): string {
  const cell = (tag: string, text: string, i: number) =>
    `<${tag}${i < left ? '' : ' class="n"'}>${escapeHtml(text)}</${tag}>`;
  const line = (cells: readonly string[], tag: string) => cells.map((text, i) => cell(tag, text, i)).join('');
  const body = rows.map(
    (cells, i) =>
      `<tr${last === 'total' && i === rows.length - 1 ? ' class="total"' : ''}>${line(cells, 'td')}</tr>`,
  );
  return `<table><thead><tr>${line(header, 'th')}</tr></thead><tbody>${body.join('')}</tbody></table>`;
}
