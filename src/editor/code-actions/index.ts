import {
  type CancellationToken,
  CodeAction,
  type CodeActionContext,
  CodeActionKind,
  type CodeActionProvider,
  l10n,
  type Range,
  type TextDocument,
} from 'vscode';
import type { ModelCost } from '../../cost/types';
import { applyEdits, isRefusal } from '../../edits';
import { previewOf } from '../../engine/preview';
import { isRecurrent, valueOf } from '../../model';
import { formatCount } from '../../report/numbers';
import type { DocumentAnalyses } from '../document-analyses';
import type { DocumentView } from '../document-view';
import { say } from '../say';
import { assumeActions } from './assume';
import { editFor } from './edit-for';
import { findingFixes } from './fixes';
import { proposalsFor, type Proposal } from './proposals';

const CONVERT = CodeActionKind.RefactorRewrite.append('rnnLens');

/**
 * Changes of the recurrent layer at the cursor, as edits. Each was tried on a copy of the text first: what is offered
 * still reads as the layer it promises, and its title says the parameters before and after.
 */
export class LayerCodeActions implements CodeActionProvider {
  static readonly kinds = [CONVERT, CodeActionKind.QuickFix];

  constructor(private readonly analyses: DocumentAnalyses) {}

  async provideCodeActions(
    document: TextDocument,
    range: Range,
    context: CodeActionContext,
    token: CancellationToken,
  ): Promise<CodeAction[]> {
    const view = await this.analyses.get(document, token);
    if (!view || document.languageId !== 'python') return [];
    const wanted = (kind: CodeActionKind) => context.only === undefined || context.only.contains(kind);
    const fixes = wanted(CodeActionKind.QuickFix)
      ? [...findingFixes(view, context.diagnostics), ...assumeActions(view, range)]
      : [];
    return wanted(CONVERT) ? [...fixes, ...(await this.rewrites(view, range, token))] : fixes;
  }

  private async rewrites(view: DocumentView, range: Range, token: CancellationToken): Promise<CodeAction[]> {
    const at = view.layersHere().find(({ cost, range: r }) => isRecurrent(cost.layer) && r.contains(range));
    if (!at || !isRecurrent(at.cost.layer)) return [];
    const actions: CodeAction[] = [];
    for (const proposal of proposalsFor(view.source, at.model, at.cost.layer, say)) {
      if (token.isCancellationRequested) return [];
      const action = await this.tryOut(view, at.model, at.cost.layer.path, proposal, token);
      if (action) actions.push(action);
    }
    return actions;
  }

  private async tryOut(
    view: DocumentView,
    model: ModelCost,
    path: string,
    { title, change }: Proposal,
    token: CancellationToken,
  ): Promise<CodeAction | undefined> {
    const made = change();
    if (isRefusal(made)) return undefined;
    const text = applyEdits(view.text, made.edits);
    const after = await this.analyses.analyseWith(view.document, { text }, token);
    const preview = previewOf(view.analysis, after, model, path);
    const edit = preview && editFor(view, made);
    if (!preview || !edit) return undefined;
    const action = new CodeAction(`${say(title)}${difference(preview.before, preview.after)}`, CONVERT);
    action.edit = edit;
    return action;
  }
}

/** ` (3,768,320 → 2,826,240 parameters)`, of the whole model. */
function difference(before: ModelCost, after: ModelCost): string {
  const [old, now] = [before, after].map((cost) => cost.params && valueOf(cost.params.total));
  if (old === undefined || now === undefined || old === now) return '';
  return ` (${l10n.t('{0} → {1} parameters', formatCount(old), formatCount(now))})`;
}
