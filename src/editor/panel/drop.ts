import { Uri, commands } from 'vscode';
import { COMMAND } from '../ids';

/** More than these are a slip of the hand. */
const MAX_FILES = 4;

/** Opens the page of each file that was dropped on one: side by side for saved models and source alike. */
export async function openDropped(uris: readonly string[]): Promise<void> {
  for (const uri of uris.slice(0, MAX_FILES)) {
    await commands.executeCommand(COMMAND.compareCells, Uri.parse(uri, true));
  }
}
