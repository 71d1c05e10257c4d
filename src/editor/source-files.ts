import { type Disposable, EventEmitter, type TextDocument, type Uri, workspace } from 'vscode';

/** Imported files larger than this are data or generated code. */
const MAX_BYTES = 2_000_000;
/** Kept texts; the oldest goes first. */
const MAX_FILES = 256;

/**
 * Texts of the files that models import: open editors first (with their unsaved changes), else the workspace's file system.
 * Kept until the file changes.
 */
export class SourceFiles implements Disposable {
  private readonly texts = new Map<string, Promise<string | undefined>>();
  private readonly changed = new EventEmitter<Uri>();
  private readonly subscriptions: Disposable[];
  /** A file that was given out has changed, come or gone. */
  readonly onDidChange = this.changed.event;

  constructor() {
    const watcher = workspace.createFileSystemWatcher('**/*.{py,json,yaml,yml,toml,js,ts,mjs}');
    const forget = (uri: Uri) => this.forget(uri);
    this.subscriptions = [
      watcher,
      watcher.onDidChange(forget),
      watcher.onDidCreate(forget),
      watcher.onDidDelete(forget),
      workspace.onDidChangeTextDocument((event) => {
        if (event.contentChanges.length > 0) forget(event.document.uri);
      }),
      this.changed,
    ];
  }

  dispose(): void {
    this.subscriptions.forEach((s) => s.dispose());
    this.texts.clear();
  }

  /** The text of the file at `path` on the file system that `beside` lies on; undefined when there is none. */
  load(path: string, beside: Uri): Promise<string | undefined> {
    const uri = beside.with({ path, query: '', fragment: '' });
    const key = uri.toString();
    const known = this.texts.get(key);
    if (known) return known;
    const text = read(uri);
    this.texts.set(key, text);
    for (const oldest of this.texts.keys()) {
      if (this.texts.size <= MAX_FILES) break;
      this.texts.delete(oldest);
    }
    return text;
  }

  private forget(uri: Uri): void {
    if (this.texts.delete(uri.toString())) this.changed.fire(uri);
  }
}

async function read(uri: Uri): Promise<string | undefined> {
  const open = workspace.textDocuments.find((d: TextDocument) => d.uri.toString() === uri.toString());
  if (open) return open.getText();
  try {
    const { size } = await workspace.fs.stat(uri);
    if (size > MAX_BYTES) return undefined;
    return new TextDecoder().decode(await workspace.fs.readFile(uri));
  } catch {
    return undefined; // Not there, or not readable: the import stays unknown.
  }
}
