import { pythonLines } from './cells';

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
    lines.push(...pythonLines(cell));
    return first;
  });
  return { text: lines.join('\n'), firstLines };
}

/** Which cell a line of the joined text belongs to, counted from 0. */
export function cellAt(joined: NotebookText, line: number): number {
  return Math.max(
    0,
    joined.firstLines.findLastIndex((first) => first <= line),
  );
}
