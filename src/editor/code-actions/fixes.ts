import { CodeAction, CodeActionKind, type Diagnostic } from 'vscode';
import { isRefusal, settle } from '../../edits';
import { findingsIn } from '../../engine/findings';
import type { DocumentView } from '../document-view';
import { DIAGNOSTIC_SOURCE } from '../ids';
import { say } from '../say';
import { editFor } from './edit-for';

/** Fixes for the findings that stand at the cursor. */
export function findingFixes(view: DocumentView, diagnostics: readonly Diagnostic[]): CodeAction[] {
  const own = diagnostics.filter((d) => d.source === DIAGNOSTIC_SOURCE);
  if (own.length === 0) return [];
  return findingsIn(view.analysis, view.source).flatMap(({ fix, source }) => {
    const range = view.rangeOf(source);
    const diagnostic = own.find((d) => range?.isEqual(d.range));
    if (!fix || !diagnostic) return [];
    const change = settle(view.source, fix);
    const edit = isRefusal(change) ? undefined : editFor(view, change);
    if (!edit) return [];
    const action = new CodeAction(say(fix.title), CodeActionKind.QuickFix);
    action.edit = edit;
    action.diagnostics = [diagnostic];
    action.isPreferred = true;
    return [action];
  });
}
