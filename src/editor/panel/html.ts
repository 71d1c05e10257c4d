import { Uri, type Webview } from 'vscode';
import { nonce } from '../nonce';

/** The page's frame. Everything it shows arrives by message; nothing may be loaded but our two files. */
export function panelHtml(webview: Webview, extension: Uri, language: string): string {
  const ours = nonce();
  const script = webview.asWebviewUri(Uri.joinPath(extension, 'dist', 'panel.js'));
  const style = webview.asWebviewUri(Uri.joinPath(extension, 'media', 'panel.css'));
  // Pictures are data URLs: the chart on its way to a PNG.
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${ours}'`,
    `style-src ${webview.cspSource}`,
    'img-src data:',
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${language.replace(/[^\w-]/g, '')}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>RNN Lens</title>
<link rel="stylesheet" href="${style.toString()}">
</head>
<body>
<div id="root"></div>
<script nonce="${ours}" src="${script.toString()}"></script>
</body>
</html>`;
}
