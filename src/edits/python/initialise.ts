import { type Alternative, type CodeSnippet, snippetFor } from '../../advice';
import { message, type RecurrentLayer } from '../../model';
import type { Stmt } from '../../readers/python/parse/ast';
import type { TextFile } from '../../readers/types';
import { enclosingFunction, pathTo, statementOf } from '../../readers/python/parse/navigate';
import { CannotEdit, orRefusal, type Change, type Refusal } from '../types';
import { type Call, Draft } from './draft';
import { requireClass } from './written-class';

/**
 * Makes a layer start as an alternative was run: arguments of its constructor, lines after it, a function above (see `snippetFor`
 * in the advice room, which also shows the same code).
 */
export function initialiseLayer(
  file: TextFile,
  layer: RecurrentLayer,
  alternative: Pick<Alternative, 'spec'>,
): Change | Refusal {
  return orRefusal(() => {
    const { framework } = layer;
    const draft = new Draft(file);
    const call = draft.callAt(layer.source);
    requireClass(call, layer);
    const path = pathTo(draft.file.body, call) ?? [];
    const statement = statementOf(path);
    const snippet = snippetFor(alternative, { framework, layer: targetOf(draft, call, statement) ?? '' });
    if (!snippet) throw new CannotEdit(message('There is no code to insert for this initialisation.'));
    for (const { name, value } of snippet.arguments) draft.setKeyword(call, name, value);
    if (snippet.after.length > 0) {
      if (!enclosingFunction(path) || targetOf(draft, call, statement) === undefined)
        throw new CannotEdit(
          message('The layer is not simply assigned to a name, so its uses cannot be followed.'),
        );
      insertAfter(draft, statement!, snippet);
    }
    if (snippet.above.length > 0) insertAbove(draft, statement ?? call, snippet.above);
    return draft.change();
  });
}

/** The name the layer is assigned to, as the source writes it. */
function targetOf(draft: Draft, call: Call, statement: Stmt | undefined): string | undefined {
  if (statement?.type !== 'assign' || statement.value !== call) return undefined;
  const target = statement.targets[0];
  const isName = target?.type === 'name' || (target?.type === 'attribute' && target.object.type === 'name');
  return isName ? draft.textOf(target) : undefined;
}

function insertAfter(draft: Draft, statement: Stmt, { after }: CodeSnippet): void {
  if (after.some((line) => line.includes('torch.')) && !draft.importsTorch())
    throw new CannotEdit(message('The file does not import torch, which the new code would need.'));
  const indent = draft.indentOf(statement.from);
  draft.insertLinesBelow(
    statement.to,
    after.map((line) => indent + line),
  );
}

/** A definition at the margin, in front of the statement of the file in which `node` stands. */
function insertAbove(draft: Draft, node: { readonly from: number }, lines: readonly string[]): void {
  const { written } = draft.file.text;
  const name = lines.map((line) => /^def (\w+)/.exec(line)?.[1]).find((n) => n !== undefined);
  if (name !== undefined && new RegExp(`\\b${name}\\b`).test(written))
    throw new CannotEdit(message('The file already uses the name {0}.', name));
  const needed = lines.filter((line) => !line.startsWith('import ') || !imports(written, line));
  const start = needed.findIndex((line) => line !== '');
  const top = draft.file.body.find((s) => s.from <= node.from && node.from < s.to);
  const first = top && 'decorators' in top ? top.decorators[0] : undefined;
  draft.insertLinesAbove(Math.min(first?.from ?? Infinity, top?.from ?? node.from), [
    ...needed.slice(start),
    '',
    '',
  ]);
}

/** Whether a line of the file is this very import. */
function imports(text: string, line: string): boolean {
  return text.split(/\r?\n/).includes(line);
}
