import { Uri, workspace } from 'vscode';
import type { OpenedModel } from '../../engine/platform';
import { message } from '../../model';
import { platform } from '../../node/platform';
import { memorySource, ReadError, type ByteSource } from '../../readers/bytes';
import { formatBytes } from '../../report/numbers';

/** Where there is no disk to read ranges from, a file larger than this is not read. */
const MAX_COPY_BYTES = 256 << 20;

/**
 * Opens a model file: by ranges on this machine's disk, else (browsers, virtual workspaces) as a copy. Rejects when it is not there, or too
 * large to copy.
 */
export async function openModel(uri: Uri): Promise<OpenedModel> {
  if (platform.openDiskFile && (uri.scheme === 'file' || uri.scheme === 'vscode-remote')) {
    return platform.openDiskFile(uri.fsPath);
  }
  return {
    source: await copy(uri),
    sibling: (relativePath) => copyBeside(uri, relativePath),
    close: () => Promise.resolve(),
  };
}

async function copy(uri: Uri): Promise<ByteSource> {
  const { size } = await workspace.fs.stat(uri);
  if (size > MAX_COPY_BYTES) {
    const name = uri.path.slice(uri.path.lastIndexOf('/') + 1);
    throw new ReadError(
      'too-large',
      message(
        'Not read, because {0} has {1}: where files cannot be read in pieces, only up to {2} are copied.',
        name,
        formatBytes(size),
        formatBytes(MAX_COPY_BYTES),
      ),
    );
  }
  return memorySource(uri.path, await workspace.fs.readFile(uri));
}

/** Paths that leave the model's folder are refused: a model file must not be able to name any file. */
async function copyBeside(uri: Uri, relativePath: string): Promise<ByteSource | undefined> {
  const folder = Uri.joinPath(uri, '..');
  const beside = Uri.joinPath(folder, relativePath);
  if (!beside.path.startsWith(`${folder.path}/`)) return undefined;
  return copy(beside).catch(() => undefined);
}
