import { post } from './host';

/** How VS Code hands over what is dragged from its explorer or from an editor's tab. */
const LISTS = ['application/vnd.code.uri-list', 'text/uri-list'];

/** Files that are dropped on the page are opened by the extension. VS Code lets a drag through to a webview while Shift is held. */
export function listenForDrops(): void {
  document.addEventListener('dragover', (event) => {
    if (!event.dataTransfer?.types.some((type) => LISTS.includes(type))) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'copy';
  });
  document.addEventListener('drop', (event) => {
    const list = LISTS.map((type) => event.dataTransfer?.getData(type)).find((text) => text);
    if (!list) return;
    event.preventDefault();
    // One URI a line; lines that start with # are comments (RFC 2483).
    const uris = list.split(/\r?\n/).filter((line) => line !== '' && !line.startsWith('#'));
    post({ type: 'drop', uris });
  });
}
