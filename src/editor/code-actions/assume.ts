import {
  CodeAction,
  CodeActionKind,
  l10n,
  Position,
  type Range,
  SnippetString,
  SnippetTextEdit,
  WorkspaceEdit,
} from 'vscode';
import { displayName, type AssumableValue, type Model, type Unknown } from '../../model';
import type { DocumentView } from '../document-view';
import { COMMAND } from '../ids';
import { targetOf } from '../markdown';

/** Ways to give a value to the unknowns that stand on the selected lines: in the settings, or in a comment beside the model. */
export function assumeActions(view: DocumentView, range: Range): CodeAction[] {
  const seen = new Set<string>();
  return view.models.flatMap(({ model }) =>
    model.unknowns.flatMap((unknown) => {
      const place = view.rangeOf(unknown.source);
      if (!place || place.start.line > range.end.line || place.end.line < range.start.line) return [];
      if (seen.has(unknown.name)) return [];
      seen.add(unknown.name);
      return [inSettings(view, model, unknown), ...inComment(view, model, unknown)];
    }),
  );
}

function inSettings(view: DocumentView, model: Model, unknown: Unknown): CodeAction {
  const title = l10n.t('Assume a value for {0}…', displayName(unknown.name));
  const action = new CodeAction(title, CodeActionKind.QuickFix);
  action.command = {
    title,
    command: COMMAND.assumeValue,
    arguments: [{ ...targetOf(view.document.uri, model), name: unknown.name }],
  };
  return action;
}

/** `# rnn-lens: name=…` on a line of its own above the model, the value ready to be typed. */
function inComment(view: DocumentView, model: Model, unknown: Unknown): CodeAction[] {
  const start = view.rangeOf(model.source)?.start;
  if (!start || view.document.languageId !== 'python') return [];
  const line = view.document.lineAt(start.line);
  const indent = line.text.slice(0, line.firstNonWhitespaceCharacterIndex);
  const snippet = new SnippetString(`${indent}# rnn-lens: ${unknown.name}=`);
  const choices = unknown.choices ?? [];
  if (choices.length > 1) snippet.appendChoice(choices.map(String));
  else snippet.appendPlaceholder(String(choices[0] ?? EXAMPLE));
  snippet.appendText('\n');
  const action = new CodeAction(
    l10n.t('Assume a value for {0} in a comment', displayName(unknown.name)),
    CodeActionKind.QuickFix,
  );
  action.edit = new WorkspaceEdit();
  action.edit.set(view.document.uri, [SnippetTextEdit.insert(new Position(start.line, 0), snippet)]);
  return [action];
}

/** Stands selected where the user is to type a value. */
const EXAMPLE: AssumableValue = 128;
