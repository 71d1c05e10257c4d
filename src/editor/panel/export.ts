import { Uri, env, l10n, window, workspace } from 'vscode';
import type { CopyFormat, FlowView, FromPage, PanelState } from '../../protocol/panel';
import { pageCsv, pageJson, pageMarkdown } from '../../report/panel-export';
import { translate } from '../say';

const FILE_TYPES = {
  markdown: { name: 'Markdown', extension: 'md' },
  csv: { name: 'CSV', extension: 'csv' },
  json: { name: 'JSON', extension: 'json' },
  svg: { name: 'SVG', extension: 'svg' },
  png: { name: 'PNG', extension: 'png' },
  html: { name: 'HTML', extension: 'html' },
} as const;

/** Puts the page's numbers on the clipboard. */
export async function copyText(state: PanelState, flow: FlowView, format: CopyFormat): Promise<void> {
  const text = textOf(state, flow, format);
  if (text === undefined) return;
  await env.clipboard.writeText(text);
  window.setStatusBarMessage(l10n.t('Copied as {0}', FILE_TYPES[format].name), 3000);
}

/** Asks for a place and saves the page's numbers there. */
export async function saveText(
  state: PanelState,
  flow: FlowView,
  format: CopyFormat,
  beside: Uri,
): Promise<void> {
  const text = textOf(state, flow, format);
  if (text !== undefined) await saveBytes(new TextEncoder().encode(text), 'comparison', format, beside);
}

/** Asks for a place and saves a chart there. */
export async function saveChart(
  request: Extract<FromPage, { type: 'save-chart' }>,
  beside: Uri,
): Promise<void> {
  const { data, format, name } = request;
  const bytes =
    format === 'svg'
      ? new TextEncoder().encode(data)
      : Uint8Array.from(atob(data), (byte) => byte.charCodeAt(0));
  await saveBytes(bytes, name.replace(/[^\w-]/g, ''), format, beside);
}

function textOf({ file, model }: PanelState, flow: FlowView, format: CopyFormat): string | undefined {
  if (!model) return undefined;
  const run = flow.setup && !flow.setup.stale ? flow : null;
  switch (format) {
    case 'markdown':
      return pageMarkdown(file.name, model, run, translate);
    case 'csv':
      return pageCsv(model);
    case 'json':
      return pageJson(file.name, model, run);
  }
}

async function saveBytes(
  bytes: Uint8Array,
  name: string,
  format: keyof typeof FILE_TYPES,
  beside: Uri,
): Promise<void> {
  const target = await askWhere(name, format, beside);
  if (!target) return;
  await workspace.fs.writeFile(target, bytes);
  window.setStatusBarMessage(l10n.t('Saved {0}', workspace.asRelativePath(target)), 3000);
}

/** Where to save a file of a kind; proposes a name beside the model's file. */
export async function askWhere(
  name: string,
  format: keyof typeof FILE_TYPES,
  beside: Uri,
): Promise<Uri | undefined> {
  const { name: typeName, extension } = FILE_TYPES[format];
  const base = beside.path.replace(/^.*\//, '').replace(/\.[^.]*$/, '');
  return window.showSaveDialog({
    defaultUri: Uri.joinPath(beside, '..', `${base}-${name}.${extension}`),
    filters: { [typeName]: [extension] },
  });
}
