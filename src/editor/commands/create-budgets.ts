import { l10n, Uri, window, workspace } from 'vscode';
import { BUDGET_FILE } from '../../advice/budgets';

const STARTER = { budgets: [{ file: '*.py', parameters: 10_000_000 }] };

/** Opens the workspace's `rnn-lens.json`; writes a first one when there is none. */
export async function createBudgets(): Promise<void> {
  const folder = workspace.workspaceFolders?.[0];
  if (!folder) {
    void window.showInformationMessage(l10n.t('Budgets belong to a workspace folder: open one first.'));
    return;
  }
  const uri = Uri.joinPath(folder.uri, BUDGET_FILE);
  try {
    await workspace.fs.stat(uri);
  } catch {
    await workspace.fs.writeFile(uri, new TextEncoder().encode(`${JSON.stringify(STARTER, null, 2)}\n`));
  }
  await window.showTextDocument(uri);
}
