import { type Disposable, type LogOutputChannel, Uri, type Webview, env, l10n, window } from 'vscode';
import type { FromPage, ToPage } from '../../protocol/panel';
import { checkFromPage } from '../../protocol/panel-check';
import { panelHtml } from './html';

/** The page of one panel and the messages that go both ways. What does not fit its type is logged and dropped. */
export class PageLink implements Disposable {
  private readonly subscription: Disposable;
  private gone = false;

  constructor(
    private readonly webview: Webview,
    extension: Uri,
    private readonly log: LogOutputChannel,
    private readonly handle: (request: FromPage) => Promise<unknown>,
  ) {
    webview.options = {
      enableScripts: true,
      localResourceRoots: [Uri.joinPath(extension, 'dist'), Uri.joinPath(extension, 'media')],
    };
    this.subscription = webview.onDidReceiveMessage((value: unknown) => this.receive(value));
    webview.html = panelHtml(webview, extension, env.language);
  }

  dispose(): void {
    this.gone = true;
    this.subscription.dispose();
  }

  post(message: ToPage): void {
    if (!this.gone) void this.webview.postMessage(message);
  }

  private receive(value: unknown): void {
    const result = checkFromPage(value);
    if (!result.ok) {
      this.log.warn(`panel: refused from the page: ${result.wrong}`);
      return;
    }
    this.handle(result.value).catch((error: unknown) => {
      this.log.error(error instanceof Error ? error : String(error));
      const text = error instanceof Error ? error.message : String(error);
      void window.showErrorMessage(l10n.t('RNN Lens: {0}', text));
    });
  }
}
