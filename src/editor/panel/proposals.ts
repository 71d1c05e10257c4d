import { window, workspace } from 'vscode';
import { message } from '../../model';
import type { ProposalView } from '../../protocol/panel';
import { say } from '../say';
import type { Prepared, PreparedChange } from './source-changes';

/** Shows a prepared change on the page and makes it when the user accepts. */
export class Proposals {
  private waiting:
    { readonly id: number; readonly change: PreparedChange; readonly done: () => void } | undefined;
  private nextId = 1;

  constructor(
    private readonly file: string,
    private readonly show: (proposal: ProposalView | null) => void,
  ) {}

  /** Asks for a change; `done` is called once it has been made. */
  offer(prepared: Prepared, done: () => void = () => undefined): void {
    if ('refused' in prepared) {
      void window.showWarningMessage(say(prepared.refused));
      return;
    }
    this.waiting = { id: this.nextId++, change: prepared, done };
    this.tell();
  }

  /** Says again what waits for an answer: a reloaded page has forgotten. */
  tell(): void {
    const { waiting } = this;
    if (!waiting) return this.show(null);
    const { title, hunks, notes } = waiting.change;
    this.show({ id: waiting.id, title, file: this.file, hunks, notes });
  }

  async answer(id: number, accept: boolean): Promise<void> {
    const { waiting } = this;
    if (waiting?.id !== id) return;
    this.waiting = undefined;
    this.tell();
    if (!accept) return;
    const { document, version, edit } = waiting.change;
    if (document.version !== version) {
      void window.showWarningMessage(say(message('The file has changed meanwhile; nothing was applied.')));
      return;
    }
    if (await workspace.applyEdit(edit)) waiting.done();
  }
}
