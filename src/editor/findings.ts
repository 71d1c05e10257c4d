import {
  Diagnostic,
  DiagnosticSeverity,
  type Disposable,
  type ExtensionContext,
  languages,
  type TextDocument,
  Uri,
  workspace,
} from 'vscode';
import { checkBudget } from '../advice/budgets';
import type { RuleId, RuleSeverity } from '../advice/rules';
import { assumptionsFrom } from '../engine/assumptions';
import { defaultSeverity, findingsIn } from '../engine/findings';
import type { Problem } from '../model';
import type { Budgets } from './budgets';
import { DocumentAnalyses } from './document-analyses';
import type { DocumentView } from './document-view';
import { DIAGNOSTIC_SOURCE, SECTION } from './ids';
import { say } from './say';
import { assumptionsFor, isEnabled, workloadFor } from './settings';

type Rule = RuleId | 'over-budget';

const SEVERITY: Readonly<Record<RuleSeverity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

/** Documents of version control and of our own are copies: what is found in them is found in the original. */
const COPIES = new Set(['git', 'gitfs', 'scm', 'pr', 'output', 'rnn-lens-summary']);

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
    const problems = view.analysis.problems.flatMap((p) => this.problem(view, p));
    const findings = findingsIn(view.analysis, view.source).flatMap(({ rule, message, source }) => {
      const range = view.rangeOf(source);
      return range ? this.diagnostic(document, rule, defaultSeverity(rule), range, say(message)) : [];
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
      const workload = workloadFor(document.uri);
      const { models } = await this.analyses.analyseWith(document, {
        workload: {
          ...workload,
          seqLen: budget.sequenceLength ?? workload.seqLen,
          batch: budget.batchSize ?? workload.batch,
        },
        assumptions: assumptionsFrom('setting', budget.assume, assumptionsFor(document.uri)),
      });
      for (const result of checkBudget(budget, models)) {
        const range = result.exceeded ? view.rangeOf(result.source) : undefined;
        // A class may be long: its first line is enough.
        const line = range && document.lineAt(range.start.line).range;
        if (line)
          diagnostics.push(...this.diagnostic(document, 'over-budget', 'error', line, say(result.message)));
      }
    }
    return diagnostics;
  }

  private diagnostic(
    document: TextDocument,
    rule: Rule,
    fallback: RuleSeverity,
    range: Diagnostic['range'],
    text: string,
  ): Diagnostic[] {
    const wished = workspace
      .getConfiguration(SECTION, document.uri)
      .get<Record<string, unknown>>('findings.severity')?.[rule];
    if (wished === 'off') return [];
    const severity =
      typeof wished === 'string' && Object.hasOwn(SEVERITY, wished) ? (wished as RuleSeverity) : fallback;
    const diagnostic = new Diagnostic(range, text, SEVERITY[severity]);
    diagnostic.source = DIAGNOSTIC_SOURCE;
    diagnostic.code = {
      value: rule,
      target: Uri.joinPath(this.context.extensionUri, 'docs', 'rules.md').with({ fragment: rule }),
    };
    return [diagnostic];
  }
}
