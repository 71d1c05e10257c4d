import { type ExtensionContext, languages } from 'vscode';
import { ModelCodeLens } from './editor/code-lens';
import { registerCommands } from './editor/commands';
import { DocumentAnalyses } from './editor/document-analyses';
import { CostHover } from './editor/hover';
import { SOURCE_LANGUAGES } from './editor/ids';
import { CostInlayHints } from './editor/inlay-hints';
import { Summaries } from './editor/summary';

/** Builds the features, gives them to each other and registers them. */
export function activate(context: ExtensionContext): void {
  const analyses = new DocumentAnalyses();
  const summaries = new Summaries(analyses);
  const lenses = new ModelCodeLens(analyses);
  const hints = new CostInlayHints(analyses);
  const files = SOURCE_LANGUAGES.map((language) => ({ language }));

  context.subscriptions.push(
    analyses,
    summaries,
    lenses,
    hints,
    languages.registerHoverProvider(files, new CostHover(analyses)),
    languages.registerCodeLensProvider(files, lenses),
    languages.registerInlayHintsProvider(files, hints),
    ...registerCommands({ analyses, summaries }),
  );
}
