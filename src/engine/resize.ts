import type { Resize } from '../compare';
import {
  type Assumptions,
  type Model,
  type Range,
  type RecurrentLayer,
  isRecurrent,
  valueOf,
} from '../model';
import type { TextFile } from '../readers/types';
import { followShapes } from './follow-shapes';
import { readSource } from './read-source';

/** What is needed to read a source again: its text, what was assumed and the imported files at hand. */
export interface Reading {
  readonly file: TextFile;
  readonly assumptions: Assumptions;
  readonly files: ReadonlyMap<string, string | undefined>;
}

/** The number in the text that decides a layer's hidden size. */
interface Place {
  readonly layer: RecurrentLayer;
  readonly start: number;
  readonly end: number;
  readonly written: number;
}

/**
 * A {@link Resize} for a model of a source text: writes other numbers where the sizes of its recurrent layers are decided and reads the changed text.
 * Everything downstream then is as the source's own data flow has it. Undefined where one of those sizes is not decided by a number in
 * this file (an argument without a value, a setting, another file), or where the flow cannot be followed.
 */
export function resizeFor(model: Model, reading: Reading): Resize | undefined {
  const lines = lineStarts(reading.file.text);
  const places: Place[] = [];
  for (const layer of model.layers.filter(isRecurrent)) {
    const place = placeOf(layer, reading.file, lines);
    if (place === undefined) return undefined;
    places.push(place);
  }
  if (places.length === 0) return undefined;
  const known = new Map<string, Model | undefined>();
  return (sizes) => {
    const text = rewrite(reading.file.text, places, sizes);
    if (text === undefined) return undefined;
    const key = [...sizes.values()].join();
    if (!known.has(key)) known.set(key, readAgain(text, model, reading, sizes));
    return known.get(key);
  };
}

function readAgain(
  text: string,
  model: Model,
  { file, assumptions, files }: Reading,
  sizes: ReadonlyMap<string, number>,
): Model | undefined {
  const { models } = readSource({ ...file, text }, { assumptions, files });
  const again = models.find((m) => m.name === model.name && samePlace(m, model));
  return again && hasSizes(again, model, sizes) ? followShapes(again, model) : undefined;
}

function placeOf(layer: RecurrentLayer, file: TextFile, lines: readonly number[]): Place | undefined {
  const origin = layer.facts?.hiddenSize?.origin;
  if (origin?.range === undefined || origin.file !== file.file || origin.member !== undefined)
    return undefined;
  const [start, end] = offsets(origin.range, lines);
  const written = Number(file.text.slice(start, end));
  return Number.isSafeInteger(written) && written > 0 ? { layer, start, end, written } : undefined;
}

/** The text with the numbers of `sizes`; undefined when two layers want different numbers in one place. */
function rewrite(
  text: string,
  places: readonly Place[],
  sizes: ReadonlyMap<string, number>,
): string | undefined {
  const numbers = new Map<number, { readonly end: number; readonly value: number }>();
  for (const { layer, start, end, written } of places) {
    const size = sizes.get(layer.path);
    const hidden = valueOf(layer.hiddenSize);
    if (size === undefined || hidden === undefined) return undefined;
    // Where the size is a part of the number (`hidden // 2`), the number keeps its proportion; what comes out is checked.
    const value = Math.round((written * size) / hidden);
    const other = numbers.get(start);
    if (other !== undefined && other.value !== value) return undefined;
    numbers.set(start, { end, value });
  }
  let changed = text;
  for (const [start, { end, value }] of [...numbers].sort(([a], [b]) => b - a)) {
    changed = changed.slice(0, start) + String(value) + changed.slice(end);
  }
  return changed;
}

/** Whether the changed source describes the same layers, with the sizes that were asked for. */
function hasSizes(again: Model, model: Model, sizes: ReadonlyMap<string, number>): boolean {
  if (again.layers.length !== model.layers.length) return false;
  return again.layers.every((layer, i) => {
    const before = model.layers[i]!;
    if (layer.path !== before.path || layer.kind !== before.kind) return false;
    return !isRecurrent(layer) || valueOf(layer.hiddenSize) === sizes.get(layer.path);
  });
}

/** Models of one name are told apart by the line on which they begin: numbers change their length, never the lines. */
function samePlace(a: Model, b: Model): boolean {
  return a.source.range?.start.line === b.source.range?.start.line;
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === '\n' || (c === '\r' && text[i + 1] !== '\n')) starts.push(i + 1);
  }
  return starts;
}

function offsets(range: Range, lines: readonly number[]): readonly [start: number, end: number] {
  const at = ({ line, character }: Range['start']) => (lines[line] ?? Infinity) + character;
  return [at(range.start), at(range.end)];
}
