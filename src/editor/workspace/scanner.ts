import { type CancellationToken, FileType, type Progress, Uri, workspace } from 'vscode';
import { matchesGlob } from '../../advice/budgets';
import { analyseSource } from '../../engine/analyse';
import { GitIgnore } from '../../engine/gitignore';
import { SECTION } from '../ids';
import { assumptionsFor, workloadFor } from '../settings';
import type { SourceFiles } from '../source-files';
import type { CachedFile, ScanCache } from './cache';
import { summariesOf } from './summary';

/** Files read at the same time: enough to keep the disk busy. */
const CONCURRENCY = 16;
const MAX_FILES = 50_000;
/** Larger files are data or generated code. */
const MAX_BYTES = 1_000_000;
const SCANNED = '**/*.{py,ipynb}';

/** What a file must mention before it is parsed: every recurrent layer's name holds one of these. */
const MENTIONS_RECURRENT = /lstm|gru|rnn/i;

/** Looks through the workspace for files with recurrent models. */
export class Scanner {
  constructor(
    private readonly files: SourceFiles,
    private readonly cache: ScanCache,
  ) {}

  /** Every file of the workspace that may hold a model, with what it holds; unchanged files come from the cache. */
  async scan(
    token: CancellationToken,
    progress: Progress<{ increment: number }>,
    found: (uri: Uri, file: CachedFile) => void,
  ): Promise<void> {
    const known = await this.cache.load();
    const uris = await this.list(token);
    const seen = new Map<string, CachedFile>();
    const queue = uris.values();
    let done = 0;
    const work = async (): Promise<void> => {
      for (const uri of queue) {
        if (token.isCancellationRequested) return;
        const file = await this.look(uri, known.get(uri.toString()));
        if (file) {
          seen.set(uri.toString(), file);
          if (file.models.length > 0) found(uri, file);
        }
        if (++done % 100 === 0) progress.report({ increment: (100 * 100) / uris.length });
      }
    };
    await Promise.all(Array.from({ length: CONCURRENCY }, work));
    // A scan that was cut short keeps what it read and what it did not get to.
    await this.cache.save(token.isCancellationRequested ? new Map([...known, ...seen]) : seen);
  }

  /** One file as it is now; undefined when it is gone or too large. */
  async look(uri: Uri, known?: CachedFile): Promise<CachedFile | undefined> {
    try {
      const { mtime, size, type } = await workspace.fs.stat(uri);
      if (known?.mtime === mtime && known.size === size) return known;
      if ((type & FileType.File) === 0 || size > MAX_BYTES) return undefined;
      const text = new TextDecoder().decode(await workspace.fs.readFile(uri));
      if (!MENTIONS_RECURRENT.test(text)) return { mtime, size, models: [] };
      const analysis = await analyseSource(
        { file: uri.path, text },
        {
          workload: workloadFor(uri),
          assumptions: assumptionsFor(uri),
          load: (path) => this.files.load(path, uri),
        },
      );
      return { mtime, size, models: summariesOf(analysis.models) };
    } catch {
      return undefined;
    }
  }

  /** Is a file one that the scan would look at? */
  async covers(uri: Uri): Promise<boolean> {
    const folder = workspace.getWorkspaceFolder(uri);
    if (!folder || (!matchesGlob('*.py', uri.path) && !matchesGlob('*.ipynb', uri.path))) return false;
    const path = uri.path.slice(folder.uri.path.length + 1);
    return (
      !excluded(folder.uri).some((glob) => matchesGlob(glob, path)) &&
      !(await ignoreOf(folder.uri)).ignores(path)
    );
  }

  private async list(token: CancellationToken): Promise<readonly Uri[]> {
    const lists = await Promise.all(
      (workspace.workspaceFolders ?? []).map(async ({ uri: folder }) => {
        const exclude = excluded(folder);
        const [uris, ignore] = await Promise.all([
          workspace.findFiles(
            SCANNED,
            exclude.length > 0 ? `{${exclude.join(',')}}` : null,
            MAX_FILES,
            token,
          ),
          ignoreOf(folder),
        ]);
        const prefix = `${folder.path}/`;
        return uris.filter(
          (uri) => uri.path.startsWith(prefix) && !ignore.ignores(uri.path.slice(prefix.length)),
        );
      }),
    );
    return [...new Map(lists.flat().map((uri) => [uri.toString(), uri])).values()];
  }
}

/** Globs that are left out, from the settings. */
function excluded(folder: Uri): readonly string[] {
  const own = workspace.getConfiguration(SECTION, folder).get<unknown>('scan.exclude');
  const files = workspace.getConfiguration('files', folder).get<Record<string, unknown>>('exclude') ?? {};
  return [
    ...(Array.isArray(own) ? own.filter((g): g is string => typeof g === 'string') : []),
    ...Object.keys(files).filter((glob) => files[glob] === true),
  ];
}

async function ignoreOf(folder: Uri): Promise<GitIgnore> {
  try {
    const bytes = await workspace.fs.readFile(Uri.joinPath(folder, '.gitignore'));
    return new GitIgnore(new TextDecoder().decode(bytes));
  } catch {
    return new GitIgnore('');
  }
}
