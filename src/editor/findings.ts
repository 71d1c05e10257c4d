import {
  Diagnostic,
  DiagnosticRelatedInformation,
  type Disposable,
  type ExtensionContext,
  l10n,
  languages,
  Location,
  type Range,
  type TextDocument,
  workspace,
} from 'vscode';
import { checkBudget } from '../advice/budgets';
import { findingsIn, problemsBeside } from '../engine/findings';
import type { Problem } from '../model';
import { conditionsOf, type Budgets } from './budgets';
import { findingDiagnostic, SEVERITY, type SetRule } from './diagnostic';
import { DocumentAnalyses } from './document-analyses';
import type { DocumentView } from './document-view';
import { DIAGNOSTIC_SOURCE, SECTION } from './ids';
import { say } from './say';
import { isEnabled } from './settings';

/** Documents of version control and of our own are copies: what is found in them is found in the original. */
export const COPIES = new Set(['git', 'gitfs', 'scm', 'pr', 'output', 'rnn-lens-summary']);

/** Findings, exceeded budgets and what the reader could not make sense of, in the Problems view. */
export class Findings implements Disposable {
  private readonly collection = languages.createDiagnosticCollection('rnn-lens');
  private readonly rounds = new Map<string, number>();
  private readonly subscriptions: Disposable[];

  constructor(
    private readonly context: ExtensionContext,
    private readonly analyses: DocumentAnalyses,
    private readonly budgets: Budgets,
  ) {
    const all = () => workspace.textDocuments.forEach((d) => this.check(d));
    this.subscriptions = [
      this.collection,
      analyses.onDidChange((uri) =>
        workspace.textDocuments
          .filter((d) => !uri || analyses.uriOf(d).toString() === uri.toString())
          .forEach((d) => this.check(d)),
      ),
      budgets.onDidChange(all),
      workspace.onDidOpenTextDocument((document) => this.check(document)),
      workspace.onDidCloseTextDocument(({ uri }) => this.collection.delete(uri)),
      workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(`${SECTION}.findings`)) all();
      }),
    ];
    all();
  }

  dispose(): void {
    this.subscriptions.forEach((s) => s.dispose());
  }

  private check(document: TextDocument): void {
    if (!DocumentAnalyses.covers(document) || COPIES.has(document.uri.scheme)) return;
    const key = document.uri.toString();
    const round = (this.rounds.get(key) ?? 0) + 1;
    this.rounds.set(key, round);
    void this.find(document).then((diagnostics) => {
      // A later check has started, or the document is gone.
      if (diagnostics && this.rounds.get(key) === round && !document.isClosed)
        this.collection.set(document.uri, diagnostics);
    });
  }

  private async find(document: TextDocument): Promise<Diagnostic[] | undefined> {
    if (!isEnabled('findings', document.uri)) return [];
    const view = await this.analyses.get(document);
    if (!view) return undefined;
    const found = findingsIn(view.analysis, view.source);
    const problems = problemsBeside(view.analysis.problems, found).flatMap((p) => this.problem(view, p));
    const findings = found.flatMap(({ rule, message, source, shownAt }) => {
      const range = view.rangeOf(source);
      const diagnostics = range ? this.diagnostic(document, rule, range, say(message)) : [];
      const shown = view.rangeOf(shownAt);
      if (shown) {
        const here = new DiagnosticRelatedInformation(
          new Location(document.uri, shown),
          l10n.t('Shows here'),
        );
        diagnostics.forEach((d) => (d.relatedInformation = [here]));
      }
      return diagnostics;
    });
    return [...problems, ...findings, ...(await this.overBudget(view))];
  }

  /** Errors of syntax are for the language's own tools to report. */
  private problem(view: DocumentView, problem: Problem): Diagnostic[] {
    const range = view.rangeOf(problem.source);
    if (!range || problem.code === 'python-syntax' || view.models.length === 0) return [];
    const severity = SEVERITY[problem.severity === 'info' ? 'information' : problem.severity];
    const diagnostic = new Diagnostic(range, say(problem.message), severity);
    diagnostic.source = DIAGNOSTIC_SOURCE;
    diagnostic.code = problem.code;
    return [diagnostic];
  }

  private async overBudget(view: DocumentView): Promise<Diagnostic[]> {
    if (view.models.length === 0) return [];
    const { document } = view;
    const diagnostics: Diagnostic[] = [];
    for (const budget of await this.budgets.for(this.analyses.uriOf(document))) {
      const { models } = await this.analyses.analyseWith(document, conditionsOf(budget, document.uri));
      for (const result of checkBudget(budget, models)) {
        const range = result.exceeded ? view.rangeOf(result.source) : undefined;
        // A class may be long: its first line is enough.
        const line = range && document.lineAt(range.start.line).range;
        if (line) diagnostics.push(...this.diagnostic(document, 'over-budget', line, say(result.message)));
      }
    }
    return diagnostics;
  }

  private diagnostic(document: TextDocument, rule: SetRule, range: Range, text: string): Diagnostic[] {
    return findingDiagnostic(this.context.extensionUri, document.uri, rule, range, text);
  }
}
