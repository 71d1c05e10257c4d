import { type Disposable, type TextEditor, window } from 'vscode';
import type { ModelCost } from '../../cost/types';
import type { DocumentView } from '../document-view';

/** Tells which layer of the shown model the editor's cursor stands in. */
export class CursorSync implements Disposable {
  private view: DocumentView | undefined;
  private cost: ModelCost | undefined;
  private last: string | null = null;
  private readonly subscription: Disposable;

  constructor(private readonly changed: (layer: string | null) => void) {
    this.subscription = window.onDidChangeTextEditorSelection(({ textEditor }) => this.moved(textEditor));
  }

  dispose(): void {
    this.subscription.dispose();
  }

  /** From now on, look for layers of this model. */
  follow(view: DocumentView, cost: ModelCost | undefined): void {
    this.view = view;
    this.cost = cost;
    const editor = window.visibleTextEditors.find((e) => e.document === view.document);
    if (editor) this.moved(editor);
  }

  /** Says again what was said last: a reloaded page has forgotten. */
  tell(): void {
    this.changed(this.last);
  }

  private moved(editor: TextEditor): void {
    const { view, cost } = this;
    if (!view || !cost || editor.document !== view.document) return;
    const { active } = editor.selection;
    const here = cost.layers.find(({ layer }) => view.rangeOf(layer.source)?.contains(active));
    // Anywhere on the line is near enough, where one layer only stands on it.
    const onLine = cost.layers.filter(({ layer }) => view.rangeOf(layer.source)?.start.line === active.line);
    const layer = here ?? (onLine.length === 1 ? onLine[0] : undefined);
    const path = layer?.layer.path ?? null;
    if (path === this.last) return;
    this.last = path;
    this.changed(path);
  }
}
