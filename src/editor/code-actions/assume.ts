import { CodeAction, CodeActionKind, l10n, type Range } from 'vscode';
import { displayName } from '../../model';
import type { DocumentView } from '../document-view';
import { COMMAND } from '../ids';
import { targetOf } from '../markdown';

/** Ways to give a value to the unknowns that stand on the selected lines. */
export function assumeActions(view: DocumentView, range: Range): CodeAction[] {
  const seen = new Set<string>();
  return view.models.flatMap(({ model }) =>
    model.unknowns.flatMap((unknown) => {
      const place = view.rangeOf(unknown.source);
      if (!place || place.start.line > range.end.line || place.end.line < range.start.line) return [];
      if (seen.has(unknown.name)) return [];
      seen.add(unknown.name);
      const title = l10n.t('Assume a value for {0}…', displayName(unknown.name));
      const action = new CodeAction(title, CodeActionKind.QuickFix);
      action.command = {
        title,
        command: COMMAND.assumeValue,
        arguments: [{ ...targetOf(view.document.uri, model), name: unknown.name }],
      };
      return [action];
    }),
  );
}
