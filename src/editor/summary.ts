import {
  commands,
  type Disposable,
  EventEmitter,
  extensions,
  l10n,
  type TextDocumentContentProvider,
  Uri,
  window,
  workspace,
} from 'vscode';
import type { Analysis } from '../engine/analyse';
import { analysisMarkdown } from '../report/analysis-markdown';
import { documentFor } from './commands/choose';
import type { DocumentAnalyses } from './document-analyses';
import { SUMMARY_SCHEME } from './ids';
import type { Target } from './markdown';
import { translate } from './say';

/** A read-only Markdown page that says what a file's models cost; follows the file as it is edited. */
export class Summaries implements TextDocumentContentProvider, Disposable {
  private readonly changed = new EventEmitter<Uri>();
  private readonly subscriptions: Disposable[];
  readonly onDidChange = this.changed.event;

  constructor(private readonly analyses: DocumentAnalyses) {
    this.subscriptions = [
      this.changed,
      workspace.registerTextDocumentContentProvider(SUMMARY_SCHEME, this),
      analyses.onDidChange((uri) => {
        for (const { uri: summary } of workspace.textDocuments) {
          if (summary.scheme === SUMMARY_SCHEME && (!uri || summary.query === uri.toString()))
            this.changed.fire(summary);
        }
      }),
    ];
  }

  dispose(): void {
    this.subscriptions.forEach((s) => s.dispose());
  }

  async provideTextDocumentContent(summary: Uri): Promise<string> {
    const analysis = await this.analysisOf(Uri.parse(summary.query));
    return analysis ? analysisMarkdown(analysis, translate) : l10n.t('This file cannot be read.');
  }

  /** Opens the summary of the target's document, as a preview where VS Code has one. */
  async show(target?: Target | Uri): Promise<void> {
    const document = await documentFor(target);
    if (!document) return;
    const uri = Uri.from({
      scheme: SUMMARY_SCHEME,
      path: `${document.uri.path}.md`,
      query: document.uri.toString(),
    });
    if (extensions.getExtension('vscode.markdown-language-features')) {
      await commands.executeCommand('markdown.showPreviewToSide', uri);
    } else {
      await window.showTextDocument(uri, { preview: true });
    }
  }

  private async analysisOf(uri: Uri): Promise<Analysis | undefined> {
    const document = await workspace.openTextDocument(uri);
    return (await this.analyses.get(document))?.analysis;
  }
}
