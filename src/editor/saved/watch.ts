import { Disposable, RelativePattern, Uri, workspace } from 'vscode';

/** Calls back when a file is written anew or comes back, inside the workspace or not. */
export function watchFile(uri: Uri, changed: () => void): Disposable {
  const name = uri.path.slice(uri.path.lastIndexOf('/') + 1);
  // Names may hold what globs mean something by.
  const pattern = name.replace(/[[\]{}*?]/g, '?');
  const watcher = workspace.createFileSystemWatcher(new RelativePattern(Uri.joinPath(uri, '..'), pattern));
  const told = (seen: Uri) => {
    if (seen.toString() === uri.toString()) changed();
  };
  return Disposable.from(watcher, watcher.onDidChange(told), watcher.onDidCreate(told));
}
