import { type ExtensionContext, languages, window } from 'vscode';
import { Budgets } from './editor/budgets';
import { LayerCodeActions } from './editor/code-actions';
import { ModelCodeLens } from './editor/code-lens';
import { registerCommands } from './editor/commands';
import { DocumentAnalyses } from './editor/document-analyses';
import { Findings } from './editor/findings';
import { startGradientWorker } from './editor/gradient-worker';
import { HorizonFindings } from './editor/horizon-findings';
import { CostHover } from './editor/hover';
import { SOURCE_LANGUAGES } from './editor/ids';
import { CostInlayHints } from './editor/inlay-hints';
import { registerTools } from './editor/language-model-tools';
import { registerPanel } from './editor/panel/panels';
import { SourceFinder } from './editor/saved/source-match';
import { ModelStatus } from './editor/status-bar';
import { Summaries } from './editor/summary';
import { Verification } from './editor/verify/verify-with-python';
import { modelsView } from './editor/workspace';

/** Builds the features, gives them to each other and registers them. */
export function activate(context: ExtensionContext): void {
  const log = window.createOutputChannel('RNN Lens', { log: true });
  const analyses = new DocumentAnalyses();
  const gradient = startGradientWorker(context);
  const budgets = new Budgets();
  const summaries = new Summaries(analyses);
  const verification = new Verification(context, analyses);
  const lenses = new ModelCodeLens(analyses);
  const hints = new CostInlayHints(analyses);
  const models = modelsView(context, analyses);
  const sources = new SourceFinder(models, analyses.files);
  const files = SOURCE_LANGUAGES.map((language) => ({ language }));
  const python = { language: 'python' };

  context.subscriptions.push(
    log,
    analyses,
    gradient,
    budgets,
    summaries,
    verification,
    lenses,
    hints,
    new Findings(context, analyses, budgets),
    new HorizonFindings(context, analyses, budgets, gradient),
    new ModelStatus(analyses),
    models,
    languages.registerHoverProvider(files, new CostHover(analyses)),
    languages.registerCodeLensProvider(files, lenses),
    languages.registerInlayHintsProvider(files, hints),
    languages.registerCodeActionsProvider(python, new LayerCodeActions(analyses), {
      providedCodeActionKinds: LayerCodeActions.kinds,
    }),
    ...registerCommands({ context, analyses, summaries, verification }),
    ...registerPanel({ context, analyses, gradient, log, sources }),
    ...registerTools(analyses, gradient),
  );
}
