import { Uri, workspace } from 'vscode';
import type { ModelSummary } from './summary';

/** What was found in a file when it last looked like this. */
export interface CachedFile {
  readonly mtime: number;
  readonly size: number;
  readonly models: readonly ModelSummary[];
}

interface CacheFile {
  readonly key: string;
  readonly files: Readonly<Record<string, CachedFile>>;
}

/**
 * What the scan found, on disk, so that a restart reads only what has changed. `key` names what the results depend on besides the
 * files (the version of the extension, assumed values): under another key everything is read again.
 */
export class ScanCache {
  constructor(
    private readonly folder: Uri | undefined,
    private readonly key: () => string,
  ) {}

  async load(): Promise<Map<string, CachedFile>> {
    if (!this.folder) return new Map();
    try {
      const bytes = await workspace.fs.readFile(this.file(this.folder));
      const cache = JSON.parse(new TextDecoder().decode(bytes)) as Partial<CacheFile>;
      if (cache.key !== this.key() || typeof cache.files !== 'object') return new Map();
      return new Map(Object.entries(cache.files).filter(([, file]) => isCachedFile(file)));
    } catch {
      return new Map(); // None yet, or a damaged one: the scan writes it anew.
    }
  }

  async save(files: ReadonlyMap<string, CachedFile>): Promise<void> {
    if (!this.folder) return;
    const cache: CacheFile = { key: this.key(), files: Object.fromEntries(files) };
    await workspace.fs.createDirectory(this.folder);
    await workspace.fs.writeFile(this.file(this.folder), new TextEncoder().encode(JSON.stringify(cache)));
  }

  private file(folder: Uri): Uri {
    return Uri.joinPath(folder, 'models.json');
  }
}

function isCachedFile(value: unknown): value is CachedFile {
  const file = value as Partial<CachedFile> | null;
  return (
    typeof file === 'object' &&
    file !== null &&
    typeof file.mtime === 'number' &&
    typeof file.size === 'number' &&
    Array.isArray(file.models) &&
    file.models.every((m: unknown) => {
      const model = m as Partial<ModelSummary> | null;
      return typeof model?.name === 'string' && typeof model.line === 'number' && Array.isArray(model.cells);
    })
  );
}
