import { message, type SourceRef } from '../../model';
import { readPython } from '../python';
import type { SourceReadResult, SourceReaderOptions, TextFile } from '../types';
import { cellAt, joinCells, type NotebookText } from './join-cells';
import { relocate } from './relocate';

/**
 * Reads a Jupyter notebook's Python cells as one text, in order. A place is given as the cell (`member`: `cell 3`, counted
 * from 1 over all cells as editors do) and the range inside it.
 */
export function readNotebook(file: TextFile, options: SourceReaderOptions): SourceReadResult {
  const cells = codeCells(file.text);
  if (typeof cells === 'string') {
    const problem = { code: 'notebook-format', severity: 'error', source: { file: file.file } } as const;
    return {
      format: 'notebook',
      models: [],
      problems: [{ ...problem, message: cells === 'json' ? NOT_JSON : NO_CELLS }],
      wanted: [],
    };
  }
  const joined = joinCells(cells.map((c) => c.text));
  const result = readPython({ file: file.file, text: joined.text }, options);
  const numbers = cells.map((c) => c.number);
  return {
    ...relocate(result, (ref) => inCell(ref, file.file, joined, numbers)),
    format: 'notebook',
    wanted: result.wanted,
  };
}

const NOT_JSON = message('The notebook is not valid JSON.');
const NO_CELLS = message('The notebook holds no list of cells.');

interface Cell {
  /** From 1, over all cells. */
  readonly number: number;
  readonly text: string;
}

function codeCells(text: string): readonly Cell[] | 'json' | 'cells' {
  let root: unknown;
  try {
    root = JSON.parse(text);
  } catch {
    return 'json';
  }
  const cells = isObject(root) ? (root['cells'] ?? oldCells(root)) : undefined;
  if (!Array.isArray(cells)) return 'cells';
  return cells.flatMap((cell: unknown, i) => {
    if (!isObject(cell) || cell['cell_type'] !== 'code') return [];
    const source = cell['source'] ?? cell['input'];
    const lines = Array.isArray(source) ? source.filter((l) => typeof l === 'string').join('') : source;
    return typeof lines === 'string' ? [{ number: i + 1, text: lines }] : [];
  });
}

/** Before version 4 of the format cells lay in worksheets. */
function oldCells(root: Record<string, unknown>): unknown {
  const sheets = root['worksheets'];
  return Array.isArray(sheets) && isObject(sheets[0]) ? sheets[0]['cells'] : undefined;
}

function inCell(ref: SourceRef, file: string, joined: NotebookText, numbers: readonly number[]): SourceRef {
  if (ref.file !== file || !ref.range) return ref;
  const cell = cellAt(joined, ref.range.start.line);
  const first = joined.firstLines[cell] ?? 0;
  const { start, end } = ref.range;
  return {
    ...ref,
    member: `cell ${numbers[cell]}`,
    range: { start: { ...start, line: start.line - first }, end: { ...end, line: end.line - first } },
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
