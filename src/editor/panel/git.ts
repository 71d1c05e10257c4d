import { type Uri, extensions } from 'vscode';

/** A commit that touched a file. */
export interface Commit {
  readonly hash: string;
  readonly message: string;
  readonly authorDate?: Date;
}

/** The part of a repository of the built-in Git extension that is used here (its `git.d.ts`, version 1). */
export interface Repository {
  readonly rootUri: Uri;
  log(options: { readonly maxEntries: number; readonly path: string }): Promise<readonly Commit[]>;
  /** Rejects where the file is not in that revision. */
  buffer(ref: string, path: string): Promise<Uint8Array>;
}

interface GitApi {
  readonly state: 'uninitialized' | 'initialized';
  readonly onDidChangeState: (listener: (state: GitApi['state']) => void) => { dispose(): void };
  getRepository(uri: Uri): Repository | null;
  getRepositoryRoot(uri: Uri): Promise<Uri | null>;
  openRepository(root: Uri): Promise<Repository | null>;
}

/** The repository that a file lies in; undefined where there is none, or no Git. */
export async function repositoryOf(uri: Uri): Promise<Repository | undefined> {
  const api = await gitApi();
  if (!api) return undefined;
  await initialised(api);
  const known = api.getRepository(uri);
  if (known) return known;
  // Not opened yet: a nested one, or one whose root lies above the workspace's folder.
  const root = await api.getRepositoryRoot(uri);
  return (root && (await api.openRepository(root))) ?? undefined;
}

async function gitApi(): Promise<GitApi | undefined> {
  const extension = extensions.getExtension<{ readonly enabled: boolean; getAPI(version: 1): GitApi }>(
    'vscode.git',
  );
  if (!extension) return undefined;
  const git = await extension.activate();
  // With `git.enabled` off, or no git on the machine, there is no API.
  return git.enabled ? git.getAPI(1) : undefined;
}

function initialised(api: GitApi): Promise<void> {
  if (api.state === 'initialized') return Promise.resolve();
  return new Promise((resolve) => {
    const subscription = api.onDidChangeState((state) => {
      if (state !== 'initialized') return;
      subscription.dispose();
      resolve();
    });
  });
}
