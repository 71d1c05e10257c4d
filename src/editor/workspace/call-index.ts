import { type Disposable, RelativePattern, type Uri, workspace } from 'vscode';
import { calledNames, type FindCalls } from '../../engine/call-sites';

/** Files looked through; in a larger workspace the rest is not searched for calls. */
const MAX_FILES = 2_000;
/** Larger files are data or generated code. */
const MAX_BYTES = 1_000_000;
/** Files read at the same time. */
const CONCURRENCY = 16;
const SEARCHED = '**/*.py';
const EXCLUDED = '**/{node_modules,site-packages,.venv,venv,.git,__pycache__}/**';

/** Which Python files of a workspace folder call which names. Built when first asked for, kept up as files change. */
export class CallIndex implements Disposable {
  private readonly folders = new Map<string, Promise<Map<string, ReadonlySet<string>>>>();
  private readonly subscriptions: Disposable[];

  constructor() {
    const watcher = workspace.createFileSystemWatcher(SEARCHED);
    const update = (uri: Uri) => void this.update(uri);
    this.subscriptions = [
      watcher,
      watcher.onDidChange(update),
      watcher.onDidCreate(update),
      watcher.onDidDelete(update),
      workspace.onDidChangeWorkspaceFolders(() => this.folders.clear()),
    ];
  }

  dispose(): void {
    this.subscriptions.forEach((s) => s.dispose());
    this.folders.clear();
  }

  /** Looks for calls in the workspace folder that a file lies in. */
  finder(beside: Uri): FindCalls {
    return async (names) => {
      const folder = workspace.getWorkspaceFolder(beside);
      if (!folder) return [];
      const key = folder.uri.toString();
      const index = this.folders.get(key) ?? build(new RelativePattern(folder, SEARCHED));
      this.folders.set(key, index);
      return [...(await index)]
        .filter(([, called]) => names.some((n) => called.has(n)))
        .map(([path]) => path);
    };
  }

  private async update(uri: Uri): Promise<void> {
    const folder = workspace.getWorkspaceFolder(uri);
    const index = folder && (await this.folders.get(folder.uri.toString()));
    if (!index) return;
    index.delete(uri.path);
    await look(uri, index);
  }
}

async function build(pattern: RelativePattern): Promise<Map<string, ReadonlySet<string>>> {
  const index = new Map<string, ReadonlySet<string>>();
  const queue = (await workspace.findFiles(pattern, EXCLUDED, MAX_FILES)).values();
  const work = async () => {
    for (const uri of queue) await look(uri, index);
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, work));
  return index;
}

async function look(uri: Uri, into: Map<string, ReadonlySet<string>>): Promise<void> {
  try {
    const { size } = await workspace.fs.stat(uri);
    if (size <= MAX_BYTES)
      into.set(uri.path, calledNames(new TextDecoder().decode(await workspace.fs.readFile(uri))));
  } catch {
    // Gone or not readable: it calls nothing.
  }
}
