import { type FromPage, PANEL_VERSION, type SavedPanel, type ToPage } from '../protocol/panel';
import { checkToPage, savedPanel } from '../protocol/panel-check-state';

/** What VS Code gives a webview page. */
interface WebviewApi {
  postMessage(message: FromPage): void;
  getState(): unknown;
  setState(state: SavedPanel): void;
}

declare function acquireVsCodeApi(): WebviewApi;

const api = acquireVsCodeApi();

export function post(message: FromPage): void {
  api.postMessage(message);
}

/** What this page saved before it was reloaded. */
export function restore(): SavedPanel | undefined {
  return savedPanel(api.getState());
}

export function save(state: Omit<SavedPanel, 'version'>): void {
  api.setState({ version: PANEL_VERSION, ...state });
}

/** Calls back for each well-formed message; others are reported to the extension's log, not shown. */
export function listen(receive: (message: ToPage) => void): void {
  window.addEventListener('message', (event: MessageEvent<unknown>) => {
    const result = checkToPage(event.data);
    if (result.ok) receive(result.value);
    else post({ type: 'failed', message: `refused from the extension: ${result.wrong}` });
  });
  window.addEventListener('error', (event) => post({ type: 'failed', message: event.message }));
  window.addEventListener('unhandledrejection', (event) =>
    post({ type: 'failed', message: String(event.reason) }),
  );
}
