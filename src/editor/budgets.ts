import { type Disposable, EventEmitter, RelativePattern, Uri, workspace } from 'vscode';
import { BUDGET_FILE, budgetsFor, parseBudgets, type Budget, type ParsedBudgets } from '../advice/budgets';
import { assumptionsFrom } from '../engine/assumptions';
import { withSizes } from '../model';
import type { Conditions } from './document-analyses';
import { assumptionsFor, workloadFor } from './settings';

/** What a budget wants a file to be read under. */
export function conditionsOf(budget: Budget, uri: Uri): Conditions {
  const workload = workloadFor(uri);
  return {
    workload: withSizes(workload, budget.sequenceLength, budget.batchSize),
    assumptions: assumptionsFrom('setting', budget.assume, assumptionsFor(uri)),
  };
}

const NONE: ParsedBudgets = { budgets: [], problems: [] };

/** The budgets of each workspace folder's `rnn-lens.json`, kept until that file changes. */
export class Budgets implements Disposable {
  private readonly byFolder = new Map<string, Promise<ParsedBudgets>>();
  private readonly changed = new EventEmitter<void>();
  private readonly watchers: Disposable[] = [];
  private readonly subscriptions: Disposable[];
  readonly onDidChange = this.changed.event;

  constructor() {
    this.subscriptions = [
      this.changed,
      workspace.onDidChangeWorkspaceFolders(() => {
        this.forget();
        this.watch();
      }),
    ];
    this.watch();
  }

  dispose(): void {
    [...this.watchers, ...this.subscriptions].forEach((s) => s.dispose());
  }

  /** The budgets that the file's models are held to, its folder's file as it is on disk. */
  async for(uri: Uri): Promise<readonly Budget[]> {
    const folder = workspace.getWorkspaceFolder(uri);
    if (!folder) return [];
    const key = folder.uri.toString();
    let parsed = this.byFolder.get(key);
    if (!parsed) this.byFolder.set(key, (parsed = read(folder.uri)));
    return budgetsFor((await parsed).budgets, workspace.asRelativePath(uri, false));
  }

  private watch(): void {
    this.watchers.splice(0).forEach((w) => w.dispose());
    for (const folder of workspace.workspaceFolders ?? []) {
      const watcher = workspace.createFileSystemWatcher(new RelativePattern(folder, BUDGET_FILE));
      const forget = () => this.forget();
      this.watchers.push(
        watcher,
        watcher.onDidChange(forget),
        watcher.onDidCreate(forget),
        watcher.onDidDelete(forget),
      );
    }
  }

  private forget(): void {
    this.byFolder.clear();
    this.changed.fire();
  }
}

async function read(folder: Uri): Promise<ParsedBudgets> {
  try {
    const bytes = await workspace.fs.readFile(Uri.joinPath(folder, BUDGET_FILE));
    return parseBudgets(new TextDecoder().decode(bytes));
  } catch {
    return NONE; // Most projects have none.
  }
}
