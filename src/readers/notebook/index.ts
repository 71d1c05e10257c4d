import { type SourceRef, message } from '../../model';
import { readPython } from '../python';
import type { SourceReadResult, SourceReaderOptions, TextFile } from '../types';
import { type NotebookText, notebookText } from './cells';

/**
 * Reads the models of a Jupyter notebook: its code cells as one Python text, in order. Places are those in the cells: `member` is the
 * cell's number from 1 (markdown cells counted), ranges count from the cell's first line. Never throws.
 */
export function readNotebook(file: TextFile, options: SourceReaderOptions): SourceReadResult {
  const notebook = parse(file.text);
  if (!notebook) {
    const problem = {
      code: 'notebook-unreadable',
      severity: 'error' as const,
      message: message('This is not a Jupyter notebook.'),
      source: { file: file.file },
    };
    return { format: 'notebook', models: [], problems: [problem], wanted: [] };
  }
  const read = readPython({ file: file.file, text: notebook.text }, options);
  const placed = inCells(read, file.file, notebook);
  return { ...placed, format: 'notebook' };
}

function parse(text: string): NotebookText | undefined {
  try {
    return notebookText(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** The same result with every place of the joined text put into its cell. */
function inCells<T>(value: T, file: string, notebook: NotebookText): T {
  const seen = new Map<object, unknown>();
  const visit = (part: unknown): unknown => {
    if (typeof part !== 'object' || part === null || part instanceof Map || part instanceof Set) return part;
    const known = seen.get(part);
    if (known !== undefined) return known;
    const moved = isRef(part, file)
      ? placeOf(part, notebook)
      : Array.isArray(part)
        ? part.map(visit)
        : undefined;
    const result = moved ?? Object.fromEntries(Object.entries(part).map(([k, v]) => [k, visit(v)]));
    seen.set(part, result);
    return result;
  };
  return visit(value) as T;
}

function isRef(part: object, file: string): part is SourceRef {
  return 'file' in part && part.file === file && 'range' in part;
}

function placeOf(ref: SourceRef, { lines }: NotebookText): SourceRef {
  const { range } = ref;
  const start = range && lines[range.start.line];
  if (!range || !start) return ref;
  const end = lines[range.end.line];
  const sameCell = end?.cell === start.cell;
  return {
    ...ref,
    member: String(start.cell),
    range: {
      start: { line: start.line, character: range.start.character },
      // A place never reaches out of its cell.
      end: sameCell
        ? { line: end.line, character: range.end.character }
        : { line: start.line, character: range.start.character },
    },
  };
}
