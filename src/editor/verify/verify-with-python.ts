import {
  commands,
  type Disposable,
  EventEmitter,
  type ExtensionContext,
  extensions,
  l10n,
  ProgressLocation,
  type TextDocument,
  type TextDocumentContentProvider,
  Uri,
  window,
  workspace,
} from 'vscode';
import type { ModelCost } from '../../cost/types';
import type { Ran } from '../../engine/platform';
import { platform } from '../../node/platform';
import type { Counted } from '../../report/verification';
import { verificationMarkdown } from '../../report/verification-markdown';
import { documentFor } from '../commands/choose';
import type { DocumentAnalyses } from '../document-analyses';
import { SECTION, VERIFICATION_SCHEME } from '../ids';
import type { Target } from '../markdown';
import { translate } from '../say';
import { interpreterFor } from './interpreter';

/**
 * "Verify with Python": runs the file's models in the user's own Python, in a process of its own, and shows the framework's count beside
 * ours, layer by layer. Only in a trusted workspace, only when the user asks.
 */
export class Verification implements TextDocumentContentProvider, Disposable {
  private readonly changed = new EventEmitter<Uri>();
  private readonly pages = new Map<string, string>();
  private readonly subscription: Disposable;
  readonly onDidChange = this.changed.event;

  constructor(
    private readonly context: ExtensionContext,
    private readonly analyses: DocumentAnalyses,
  ) {
    this.subscription = workspace.registerTextDocumentContentProvider(VERIFICATION_SCHEME, this);
  }

  dispose(): void {
    this.changed.dispose();
    this.subscription.dispose();
  }

  provideTextDocumentContent(page: Uri): string {
    return this.pages.get(page.query) ?? l10n.t('Run “Verify with Python” again.');
  }

  /** The command. */
  async run(target?: Target | Uri): Promise<void> {
    const { runProgram } = platform;
    if (!workspace.isTrusted)
      return tell(l10n.t('Verify with Python runs your code: it needs a trusted workspace.'));
    const document = await documentFor(target);
    if (!document) return;
    if (!runProgram || document.uri.scheme !== 'file' || document.languageId !== 'python')
      return tell(l10n.t('Verify with Python needs a Python file on this machine’s disk.'));
    // Python reads the disk, and so must we.
    if (document.isDirty && !(await document.save())) return;
    const costs = (await this.analyses.get(document))?.models ?? [];
    if (costs.length === 0) return tell(l10n.t('No model was found in this file.'));
    const python = await interpreterFor(document.uri);
    if (python === undefined) return askForInterpreter();
    const ran = await window.withProgress(
      {
        location: ProgressLocation.Notification,
        title: l10n.t('Counting with {0}', python),
        cancellable: true,
      },
      (_, token) => {
        const stopping = new AbortController();
        token.onCancellationRequested(() => stopping.abort());
        return runProgram({
          program: python,
          args: ['-B', this.script(), document.uri.fsPath, JSON.stringify(costs.map(requestOf))],
          folder: folderOf(document),
          timeoutMs: timeoutOf(document) * 1000,
          signal: stopping.signal,
        });
      },
    );
    const counted = answerOf(ran, python, timeoutOf(document));
    if (counted) await this.show(document, python, costs, counted);
  }

  private script(): string {
    return Uri.joinPath(this.context.extensionUri, 'media', 'verify', 'count.py').fsPath;
  }

  private async show(
    document: TextDocument,
    python: string,
    costs: readonly ModelCost[],
    counted: readonly Counted[],
  ): Promise<void> {
    const pairs = costs.flatMap((cost, i) => (counted[i] ? [{ cost, counted: counted[i] }] : []));
    const query = document.uri.toString();
    const file = workspace.asRelativePath(document.uri);
    this.pages.set(query, verificationMarkdown(file, python, pairs, translate));
    const page = Uri.from({ scheme: VERIFICATION_SCHEME, path: `${document.uri.path}.md`, query });
    this.changed.fire(page);
    if (extensions.getExtension('vscode.markdown-language-features'))
      await commands.executeCommand('markdown.showPreviewToSide', page);
    else await window.showTextDocument(page, { preview: true });
  }
}

/** What the script is asked about one model. */
function requestOf({ model }: ModelCost) {
  const assumed = model.assumed.map(({ name, value }) => [name.slice(name.lastIndexOf('.') + 1), value]);
  return {
    name: model.name,
    form: model.form,
    ...(model.construction ? { construction: model.construction.text } : {}),
    assumed: Object.fromEntries(assumed) as Record<string, unknown>,
  };
}

function folderOf(document: TextDocument): string {
  return (workspace.getWorkspaceFolder(document.uri)?.uri ?? Uri.joinPath(document.uri, '..')).fsPath;
}

function timeoutOf(document: TextDocument): number {
  const seconds = workspace.getConfiguration(SECTION, document.uri).get<unknown>('verify.timeoutSeconds');
  return typeof seconds === 'number' && seconds >= 1 && seconds <= 3600 ? seconds : 60;
}

/** The script's answer; tells the user when there is none. */
function answerOf(ran: Ran, python: string, seconds: number): readonly Counted[] | undefined {
  switch (ran.ended) {
    case 'stopped':
      return undefined;
    case 'time':
      tell(l10n.t('Python was stopped after {0} seconds.', seconds));
      return undefined;
    case 'missing':
      tell(l10n.t('{0} could not be started: {1}', python, ran.why));
      return undefined;
    case 'itself': {
      const answer = parsed(ran.output);
      if (Array.isArray(answer)) return answer as Counted[];
      const why = (answer as { error?: unknown } | undefined)?.error;
      tell(
        l10n.t('The file did not run: {0}', typeof why === 'string' ? why : ran.errors.trim().slice(-500)),
      );
      return undefined;
    }
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function askForInterpreter(): Promise<void> {
  const settings = l10n.t('Open Settings');
  const chosen = await window.showWarningMessage(
    l10n.t('Which Python? Choose one in the Python extension, or name one in the settings.'),
    settings,
  );
  if (chosen === settings)
    await commands.executeCommand('workbench.action.openSettings', `${SECTION}.verify.pythonPath`);
}

function tell(text: string): void {
  void window.showWarningMessage(text);
}
