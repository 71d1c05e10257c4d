import { Position, type Range } from 'vscode';
import type { ModelCost } from '../cost/types';
import type { DocumentView } from './document-view';

/** How many lines of decorators and blank lines may stand above a model's own name. */
const HEADER_LINES = 12;

/**
 * The models whose name stands at a position: in the declaration (`class Name`, `name = Sequential(…)`) or in a call that builds
 * one. A class that is built several times is several models.
 */
export function modelAt(
  view: DocumentView,
  position: Position,
): { readonly costs: readonly ModelCost[]; readonly range: Range } | undefined {
  const word = view.document.getWordRangeAtPosition(position);
  if (!word) return undefined;
  const name = view.document.getText(word);
  const costs = view.models.filter(({ model }) => {
    if (model.name !== name) return false;
    const declared = view.rangeOf(model.source);
    const built = view.rangeOf(model.construction?.source);
    return (declared && nameIn(view, declared, name)?.contains(position)) || built?.contains(position);
  });
  return costs.length > 0 ? { costs, range: word } : undefined;
}

/** Where a model's name is written in its declaration: the first whole word of that name in its first lines. */
export function nameIn(view: DocumentView, declared: Range, name: string): Range | undefined {
  const last = Math.min(declared.start.line + HEADER_LINES, declared.end.line, view.document.lineCount - 1);
  for (let line = declared.start.line; line <= last; line++) {
    const text = view.document.lineAt(line).text;
    for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
      const word = view.document.getWordRangeAtPosition(new Position(line, at));
      if (word && view.document.getText(word) === name) return word;
    }
  }
  return undefined;
}
