import { commands, l10n, type QuickPickItem, type Uri, window, workspace } from 'vscode';
import { COMMAND, SAVED_EDITOR } from '../ids';
import { isBinaryModel } from '../saved/analyse';

/** Of JSON files, only those that TensorFlow.js always names so: others are mostly something else. */
const MODEL_FILES = [
  '**/*.{onnx,pt,pth,ckpt,safetensors,keras,h5,hdf5}',
  '**/{pytorch_model*.bin,model.json}',
];
const MAX_FILES = 2000;

/** Opens a saved model: the one that the explorer hands over, else one that the user picks from the workspace or the disk. */
export async function analyseModelFile(named?: Uri): Promise<void> {
  const uri = named ?? (await pickFile());
  if (!uri) return;
  if (isBinaryModel(uri)) await commands.executeCommand('vscode.openWith', uri, SAVED_EDITOR);
  else await commands.executeCommand(COMMAND.compareCells, uri);
}

async function pickFile(): Promise<Uri | undefined> {
  const found = await Promise.all(MODEL_FILES.map((glob) => workspace.findFiles(glob, undefined, MAX_FILES)));
  const items = found
    .flat()
    .map((uri) => ({ label: nameOf(uri), description: folderOf(uri), uri }))
    .sort((a, b) => a.label.localeCompare(b.label) || a.description.localeCompare(b.description));
  const browse: QuickPickItem = { label: l10n.t('Browse…'), alwaysShow: true };
  const chosen = await window.showQuickPick<QuickPickItem & { readonly uri?: Uri }>([...items, browse], {
    placeHolder: l10n.t('Which saved model?'),
    matchOnDescription: true,
  });
  if (!chosen) return undefined;
  if (chosen.uri) return chosen.uri;
  const [opened] = (await window.showOpenDialog({ canSelectMany: false })) ?? [];
  return opened;
}

function nameOf({ path }: Uri): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function folderOf(uri: Uri): string {
  const path = workspace.asRelativePath(uri);
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}
