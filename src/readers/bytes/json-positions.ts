import { type Position, type Range, message } from '../../model';
import { ReadError, malformed } from './error';
import type { Json } from './json';

const MAX_DEPTH = 200;

/** JSON with the place in the text of each object and array. */
export interface LocatedJson {
  readonly value: Json;
  /** Where an object or array of `value` stands; undefined for any other. */
  rangeOf(part: object): Range | undefined;
}

/**
 * Parses JSON as `JSON.parse` does, but remembers where objects stand, so that a layer can be shown in the text that declares it. Keys named
 * `__proto__` are dropped; nesting is bounded.
 * @throws ReadError when the text is not JSON.
 */
export function parseLocatedJson(text: string, what: string): LocatedJson {
  const parser = new Parser(text, what);
  const value = parser.document();
  const lines = lineStarts(text);
  return {
    value,
    rangeOf: (part) => {
      const place = parser.places.get(part);
      return place && { start: positionOf(lines, place[0]), end: positionOf(lines, place[1]) };
    },
  };
}

class Parser {
  readonly places = new Map<object, readonly [number, number]>();
  private at = 0;

  constructor(
    private readonly text: string,
    private readonly what: string,
  ) {}

  document(): Json {
    // A byte order mark is not part of the text.
    if (this.text.charCodeAt(0) === 0xfeff) this.at = 1;
    const value = this.value(0);
    this.space();
    if (this.at < this.text.length) throw this.wrong();
    return value;
  }

  private value(depth: number): Json {
    if (depth > MAX_DEPTH) throw malformed(`${this.what}: nested more than ${MAX_DEPTH} deep`);
    this.space();
    const start = this.at;
    switch (this.text[start]) {
      case '{':
        return this.place(start, this.object(depth));
      case '[':
        return this.place(start, this.array(depth));
      default:
        return this.scalar();
    }
  }

  private place(start: number, value: object): object {
    this.places.set(value, [start, this.at]);
    return value;
  }

  private object(depth: number): object {
    const entries: [string, Json][] = [];
    this.at++;
    this.space();
    while (this.text[this.at] !== '}') {
      if (entries.length > 0) this.expect(',');
      this.space();
      if (this.text[this.at] !== '"') throw this.wrong();
      const key = this.scalar() as string;
      this.space();
      this.expect(':');
      const value = this.value(depth + 1);
      entries.push([key, value]);
      this.space();
    }
    this.at++;
    return Object.fromEntries(entries.filter(([key]) => key !== '__proto__'));
  }

  private array(depth: number): Json[] {
    const items: Json[] = [];
    this.at++;
    this.space();
    while (this.text[this.at] !== ']') {
      if (items.length > 0) this.expect(',');
      items.push(this.value(depth + 1));
      this.space();
    }
    this.at++;
    return items;
  }

  /** A string, number or word: cut out here, understood by JSON.parse. */
  private scalar(): Json {
    const start = this.at;
    if (this.text[start] === '"') {
      for (this.at++; this.at < this.text.length && this.text[this.at] !== '"'; this.at++) {
        if (this.text[this.at] === '\\') this.at++;
      }
      this.at++;
    } else {
      while (this.at < this.text.length && !DELIMITERS.has(this.text[this.at]!)) this.at++;
    }
    const word = this.text.slice(start, this.at);
    // Python writes these, and JSON does not have them.
    if (word === 'NaN') return NaN;
    if (word === 'Infinity') return Infinity;
    if (word === '-Infinity') return -Infinity;
    try {
      return JSON.parse(word) as Json;
    } catch {
      this.at = start;
      throw this.wrong();
    }
  }

  private expect(character: string): void {
    if (this.text[this.at] !== character) throw this.wrong();
    this.at++;
  }

  private space(): void {
    while (' \n\r\t'.includes(this.text[this.at] ?? 'x')) this.at++;
  }

  private wrong(): ReadError {
    return new ReadError(
      'malformed-json',
      message('{0} is not valid JSON near character {1}.', this.what, this.at),
    );
  }
}

const DELIMITERS = new Set([',', ']', '}', ':', ' ', '\n', '\r', '\t', '"', '{', '[']);

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

function positionOf(starts: readonly number[], offset: number): Position {
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (starts[middle]! <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low, character: offset - starts[low]! };
}
