import type { Position, Range } from '../../model';
import { parseFile } from '../../readers/python/parse';
import type { Expr } from '../../readers/python/parse/ast';
import { nodesIn } from '../../readers/python/parse/navigate';
import type { TextFile } from '../../readers/types';

type Int = Extract<Expr, { type: 'int' }>;

/** A whole number in the source that has a name, or stands for itself. */
export interface WrittenSize {
  /** `hidden` of `hidden = 256`; undefined for a bare number. */
  readonly name?: string;
  readonly value: number;
  /** Where the digits are. */
  readonly literal: Range;
  /** The name and the digits. */
  readonly range: Range;
}

/** The size that is written at a place: the number itself, or the name it is given to (`hidden = 256`, `def f(hidden=256)`). */
export function sizeAt(file: TextFile, position: Position): WrittenSize | undefined {
  const { body, text } = parseFile(file.file, file.text);
  const contains = (node: { readonly from: number; readonly to: number }) =>
    within(text.range(node.from, node.to), position);
  const written = (literal: Int, from: number, name?: string): WrittenSize | undefined => {
    const value = Number(literal.value);
    if (!Number.isSafeInteger(value) || value < 1) return undefined;
    return {
      ...(name === undefined ? {} : { name }),
      value,
      literal: text.range(literal.from, literal.to),
      range: text.range(from, literal.to),
    };
  };
  let bare: Int | undefined;
  for (const node of nodesIn(body)) {
    if (node.type === 'assign' && node.value?.type === 'int' && node.targets.length === 1 && contains(node)) {
      return written(node.value, node.from, nameOf(node.targets[0]!));
    }
    if (node.type === 'def') {
      const param = node.params.find((p) => p.fallback?.type === 'int' && contains(p));
      if (param?.fallback?.type === 'int') return written(param.fallback, param.from, param.name);
    }
    if (node.type === 'int' && contains(node)) bare = node;
  }
  return bare && written(bare, bare.from);
}

function nameOf(target: Expr): string | undefined {
  return target.type === 'name' ? target.id : target.type === 'attribute' ? target.name : undefined;
}

function within({ start, end }: Range, { line, character }: Position): boolean {
  const after = line > start.line || (line === start.line && character >= start.character);
  return after && (line < end.line || (line === end.line && character <= end.character));
}
