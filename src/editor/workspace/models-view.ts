import {
  CancellationTokenSource,
  commands,
  type Disposable,
  EventEmitter,
  l10n,
  type Progress,
  ThemeIcon,
  type TreeDataProvider,
  TreeItem,
  type TreeView,
  Uri,
  window,
  workspace,
} from 'vscode';
import { CELL_NAMES } from '../../report/comparison-text';
import { formatCompact, formatCount } from '../../report/numbers';
import { COMMAND, MODELS_VIEW } from '../ids';
import type { Target } from '../markdown';
import type { CachedFile } from './cache';
import type { Scanner } from './scanner';
import type { ModelSummary } from './summary';

/** A model in the list; also what the view's commands are given. */
export interface ModelNode extends Target {
  readonly model: string;
  readonly summary: ModelSummary;
}

/** True while a scan runs: package.json shows Cancel instead of Refresh. */
const SCANNING = 'rnnLens.scanning';

/** All recurrent models of the workspace, the largest first. Scans when first looked at, then follows the files. */
export class ModelsView implements TreeDataProvider<ModelNode>, Disposable {
  private readonly changed = new EventEmitter<void>();
  private readonly view: TreeView<ModelNode>;
  private readonly subscriptions: Disposable[];
  private readonly found = new Map<string, readonly ModelSummary[]>();
  private running: { readonly cancel: CancellationTokenSource; readonly done: Promise<void> } | undefined;
  private scanned = false;
  readonly onDidChangeTreeData = this.changed.event;

  constructor(private readonly scanner: Scanner) {
    this.view = window.createTreeView(MODELS_VIEW, { treeDataProvider: this, showCollapseAll: false });
    const watcher = workspace.createFileSystemWatcher('**/*.{py,ipynb}');
    const update = (uri: Uri) => void this.update(uri);
    this.subscriptions = [
      this.changed,
      this.view,
      watcher,
      watcher.onDidChange(update),
      watcher.onDidCreate(update),
      watcher.onDidDelete((uri) => this.put(uri, undefined)),
      this.view.onDidChangeVisibility(({ visible }) => {
        if (visible && !this.scanned) void this.scan();
      }),
      commands.registerCommand(COMMAND.scanWorkspace, () => this.scan()),
      commands.registerCommand(COMMAND.goToModel, () => this.goToModel()),
      commands.registerCommand(COMMAND.cancelScan, () => this.running?.cancel.cancel()),
    ];
  }

  dispose(): void {
    this.running?.cancel.cancel();
    this.subscriptions.forEach((s) => s.dispose());
  }

  /** Every model found so far, the largest first; unknown counts stand last. */
  getChildren(node?: ModelNode): ModelNode[] {
    if (node) return [];
    return [...this.found]
      .flatMap(([uri, models]) =>
        models.map((summary) => ({ uri, model: summary.name, line: summary.line, summary })),
      )
      .sort((a, b) => (b.summary.params ?? -1) - (a.summary.params ?? -1) || a.model.localeCompare(b.model));
  }

  getTreeItem({ uri, summary }: ModelNode): TreeItem {
    const file = Uri.parse(uri);
    const item = new TreeItem(summary.name);
    const cells = summary.cells.map((cell) => CELL_NAMES[cell]).join(', ');
    item.description = `${formatCompact(summary.params)} · ${cells} · ${workspace.asRelativePath(file)}`;
    item.tooltip =
      summary.params === undefined
        ? l10n.t('{0}: parameters unknown', summary.name)
        : l10n.t('{0}: {1} parameters', summary.name, formatCount(summary.params));
    item.iconPath = new ThemeIcon('symbol-class');
    item.contextValue = 'model';
    const start = { line: summary.line, character: 0 };
    item.command = {
      title: l10n.t('Open'),
      command: 'vscode.open',
      arguments: [file, { selection: { start, end: start } }],
    };
    return item;
  }

  /** Scans, or waits for the scan that runs; gives what was found. */
  async scan(): Promise<readonly ModelNode[]> {
    await (this.running?.done ?? this.start());
    return this.getChildren();
  }

  /** What was found; scans when nothing has been looked at yet. */
  async known(): Promise<readonly ModelNode[]> {
    return this.scanned && !this.running ? this.getChildren() : this.scan();
  }

  /** Whether a scan runs, which tells of changes all the while. */
  get scanning(): boolean {
    return this.running !== undefined;
  }

  /** Picks one of the workspace's models and shows it. */
  private async goToModel(): Promise<void> {
    const nodes = await this.known();
    const chosen = await window.showQuickPick(
      nodes.map((node) => {
        const { description, command } = this.getTreeItem(node);
        return { label: node.model, description: String(description), command };
      }),
      { placeHolder: l10n.t('Go to a recurrent model of the workspace'), matchOnDescription: true },
    );
    if (chosen?.command)
      await commands.executeCommand(chosen.command.command, ...(chosen.command.arguments ?? []));
  }

  private start(): Promise<void> {
    const cancel = new CancellationTokenSource();
    const done = Promise.resolve(
      window.withProgress({ location: { viewId: MODELS_VIEW } }, (progress) =>
        this.runScan(cancel, progress),
      ),
    );
    this.running = { cancel, done };
    return done;
  }

  private async runScan(
    cancel: CancellationTokenSource,
    progress: Progress<{ increment: number }>,
  ): Promise<void> {
    this.scanned = true;
    this.found.clear();
    await commands.executeCommand('setContext', SCANNING, true);
    // One redraw in a while, not one for each file.
    const redraw = setInterval(() => this.changed.fire(), 500);
    try {
      await this.scanner.scan(cancel.token, progress, (uri, file) =>
        this.found.set(uri.toString(), file.models),
      );
    } finally {
      clearInterval(redraw);
      this.running = undefined;
      cancel.dispose();
      await commands.executeCommand('setContext', SCANNING, false);
      this.changed.fire();
    }
  }

  private async update(uri: Uri): Promise<void> {
    if (!this.scanned || !(await this.scanner.covers(uri))) return;
    this.put(uri, await this.scanner.look(uri));
  }

  private put(uri: Uri, file: CachedFile | undefined): void {
    const had = this.found.delete(uri.toString());
    const has = file !== undefined && file.models.length > 0;
    if (has) this.found.set(uri.toString(), file.models);
    if (had || has) this.changed.fire();
  }
}
