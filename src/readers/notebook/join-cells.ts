/** Code cells of a notebook as one text, in order, so that definitions of earlier cells count in later ones. */
export interface NotebookText {
  readonly text: string;
  /** The first line of each cell in the joined text. */
  readonly firstLines: readonly number[];
}

/**
 * Joins cells line by line. Lines that are IPython's and not Python's (`%matplotlib`, `!pip install`, `?help`) become comments of
 * the same length, so that places keep their meaning.
 */
export function joinCells(cells: readonly string[]): NotebookText {
  const lines: string[] = [];
  const firstLines = cells.map((cell) => {
    const first = lines.length;
    lines.push(...hideMagics(cell.split(/\r\n|\r|\n/)));
    return first;
  });
  return { text: lines.join('\n'), firstLines };
}

/** `%%bash`, `%%html` … turn the whole cell into another language; these keep it Python. */
const PYTHON_CELL_MAGICS = new Set(['time', 'timeit', 'capture', 'prun', 'python', 'python3']);

function hideMagics(lines: readonly string[]): string[] {
  const magic = lines[0]?.trimStart();
  if (magic?.startsWith('%%')) {
    const name = magic.slice(2).split(' ')[0]!;
    if (!PYTHON_CELL_MAGICS.has(name))
      return lines.map((line) => '#'.padEnd(line.length, ' ').slice(0, line.length));
  }
  return lines.map((line) => {
    const start = line.length - line.trimStart().length;
    return '%!?'.includes(line[start] ?? ' ') ? `${line.slice(0, start)}#${line.slice(start + 1)}` : line;
  });
}

/** Which cell a line of the joined text belongs to, counted from 0. */
export function cellAt(joined: NotebookText, line: number): number {
  return Math.max(
    0,
    joined.firstLines.findLastIndex((first) => first <= line),
  );
}
