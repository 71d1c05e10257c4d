/** A column of a plain-text table; numbers stand right. */
export interface Column {
  readonly title: string;
  readonly align: 'left' | 'right';
}

/** Lays rows out in columns of equal width, two spaces apart. Wide (East Asian) characters count as two. */
export function textTable(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  indent = '',
): string {
  const all = [columns.map((c) => c.title), ...rows];
  const widths = columns.map((_, i) => Math.max(...all.map((row) => displayWidth(row[i] ?? ''))));
  return all
    .map((row) => {
      const cells = columns.map((column, i) => {
        const cell = row[i] ?? '';
        const pad = ' '.repeat(widths[i]! - displayWidth(cell));
        return column.align === 'right' ? pad + cell : cell + pad;
      });
      return `${indent}${cells.join('  ').trimEnd()}\n`;
    })
    .join('');
}

function displayWidth(text: string): number {
  let width = 0;
  for (const ch of text)
    width += /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60]/.test(ch)
      ? 2
      : 1;
  return width;
}
