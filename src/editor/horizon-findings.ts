import {
  type Diagnostic,
  type Disposable,
  type ExtensionContext,
  languages,
  type TextDocument,
  workspace,
} from 'vscode';
import type { GradientWorker } from '../engine/gradient-client';
import { checkHorizon, horizonFindings, type HorizonMeter } from '../engine/horizon';
import type { Message, SourceRef } from '../model';
import { conditionsOf, type Budgets } from './budgets';
import { findingDiagnostic, severityOf, type SetRule } from './diagnostic';
import { DocumentAnalyses } from './document-analyses';
import { COPIES } from './findings';
import { SECTION } from './ids';
import { say } from './say';
import { affectsThresholds, flowThresholdsFor, isEnabled } from './settings';

/** A document is measured when nobody has typed in it for this long. */
const QUIET_MS = 1000;

/**
 * Findings that need a measurement: how far back a layer's gradient reaches. It runs in the gradient thread, for documents that are open,
 * and only where there is something to say: the last step alone is used, or a budget asks for a horizon.
 */
export class HorizonFindings implements Disposable {
  private readonly collection = languages.createDiagnosticCollection('rnn-lens-horizon');
  private readonly waiting = new Map<
    string,
    { readonly timer: NodeJS.Timeout; readonly abort: AbortController }
  >();
  private readonly subscriptions: Disposable[];

  constructor(
    private readonly context: ExtensionContext,
    private readonly analyses: DocumentAnalyses,
    private readonly budgets: Budgets,
    private readonly gradient: GradientWorker,
  ) {
    const all = () => workspace.textDocuments.forEach((d) => this.later(d));
    this.subscriptions = [
      this.collection,
      analyses.onDidChange((uri) =>
        workspace.textDocuments
          .filter((d) => !uri || analyses.uriOf(d).toString() === uri.toString())
          .forEach((d) => this.later(d)),
      ),
      budgets.onDidChange(all),
      workspace.onDidOpenTextDocument((document) => this.later(document)),
      workspace.onDidCloseTextDocument((document) => this.forget(document)),
      workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(`${SECTION}.findings`) || affectsThresholds(event)) all();
      }),
    ];
    all();
  }

  dispose(): void {
    for (const { timer, abort } of this.waiting.values()) {
      clearTimeout(timer);
      abort.abort();
    }
    this.subscriptions.forEach((s) => s.dispose());
  }

  private later(document: TextDocument): void {
    if (!DocumentAnalyses.covers(document) || COPIES.has(document.uri.scheme)) return;
    this.stop(document);
    const abort = new AbortController();
    const timer = setTimeout(() => void this.check(document, abort.signal), QUIET_MS);
    this.waiting.set(document.uri.toString(), { timer, abort });
  }

  private stop(document: TextDocument): void {
    const key = document.uri.toString();
    const before = this.waiting.get(key);
    clearTimeout(before?.timer);
    before?.abort.abort();
    this.waiting.delete(key);
  }

  private forget(document: TextDocument): void {
    this.stop(document);
    this.collection.delete(document.uri);
  }

  private async check(document: TextDocument, signal: AbortSignal): Promise<void> {
    const found = await this.find(document, signal);
    if (found && !signal.aborted && !document.isClosed) this.collection.set(document.uri, found);
  }

  private async find(document: TextDocument, signal: AbortSignal): Promise<Diagnostic[] | undefined> {
    if (!isEnabled('findings', document.uri)) return [];
    const view = await this.analyses.get(document);
    if (!view) return undefined;
    const thresholds = flowThresholdsFor(document.uri);
    const meter: HorizonMeter = { run: (spec) => this.gradient.run(spec, { signal }), thresholds };
    const found: Diagnostic[] = [];
    const add = (rule: SetRule, source: SourceRef, message: Message): void => {
      const range = view.rangeOf(source);
      if (range)
        found.push(...findingDiagnostic(this.context.extensionUri, document.uri, rule, range, say(message)));
    };
    if (severityOf('gradient-horizon', document.uri) !== 'off') {
      const findings = await horizonFindings(view.analysis, view.source, meter);
      findings.forEach(({ rule, source, message }) => add(rule, source, message));
    }
    if (severityOf('over-budget', document.uri) === 'off' || view.models.length === 0) return found;
    for (const budget of await this.budgets.for(this.analyses.uriOf(document))) {
      if (budget.horizon === undefined) continue;
      const { models } = await this.analyses.analyseWith(document, conditionsOf(budget, document.uri));
      for (const result of await checkHorizon(budget, models, meter))
        if (result.exceeded) add('over-budget', result.source, result.message);
    }
    return found;
  }
}
