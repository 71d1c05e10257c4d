import { Uri, env, l10n, window, workspace } from 'vscode';
import { nonce } from '../nonce';
import { askWhere } from './export';

/** Dark on white, whatever theme is on; each has a contrast of 4.5 or more against white. */
const PAPER: Readonly<Record<string, string>> = {
  foreground: '#1f1f1f',
  descriptionForeground: '#5a5a5a',
  'editor-background': '#ffffff',
  'font-family': "system-ui, 'Segoe UI', Roboto, 'Noto Sans CJK SC', sans-serif",
  'font-size': '13px',
  'editor-font-family': "ui-monospace, Consolas, 'DejaVu Sans Mono', monospace",
  'panel-border': '#c8c8c8',
  'textLink-foreground': '#1f1f1f',
  'charts-blue': '#0063b8',
  'charts-green': '#2f7d32',
  'charts-orange': '#a35200',
  'charts-purple': '#7c3f98',
  'charts-red': '#c72e0f',
  'editorWarning-foreground': '#8a6100',
  'editorError-foreground': '#b01011',
};

/**
 * Saves the page as a file that a browser prints: a webview may not print (VS Code's frames are without `allow-modals`). On this
 * machine the browser is opened on it at once.
 *
 * @param content what the page shows, as HTML that its own document wrote out; scripts in it would not run.
 */
export async function savePrintable(content: string, beside: Uri, extension: Uri): Promise<void> {
  const target = await askWhere('comparison', 'html', beside);
  if (!target) return;
  const css = await workspace.fs.readFile(Uri.joinPath(extension, 'media', 'panel.css'));
  const title = target.path.replace(/^.*\//, '').replace(/\.html$/, '');
  const html = printable(title, new TextDecoder().decode(css), content);
  await workspace.fs.writeFile(target, new TextEncoder().encode(html));
  window.setStatusBarMessage(l10n.t('Saved {0}', workspace.asRelativePath(target)), 3000);
  if (target.scheme === 'file' && env.remoteName === undefined) await env.openExternal(target);
}

function printable(title: string, css: string, content: string): string {
  const ours = nonce();
  const paper = Object.entries(PAPER).map(([name, value]) => `--vscode-${name}: ${value};`);
  return `<!DOCTYPE html>
<html lang="${env.language.replace(/[^\w-]/g, '')}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'nonce-${ours}'">
<title>${title.replace(/[&<>]/g, (c) => `&#${c.charCodeAt(0)};`)}</title>
<style nonce="${ours}">
:root { ${paper.join(' ')} }
${css}
</style>
</head>
<body class="vscode-light printable">
<div id="root">${content}</div>
</body>
</html>
`;
}
