import {
  commands,
  type Disposable,
  l10n,
  StatusBarAlignment,
  type StatusBarItem,
  type TextEditor,
  window,
} from 'vscode';
import type { ModelCost } from '../cost/types';
import { valueOf } from '../model';
import { modelMarkdown } from '../report/hover-markdown';
import { formatCompact } from '../report/numbers';
import type { DocumentAnalyses } from './document-analyses';
import type { DocumentView } from './document-view';
import { COMMAND } from './ids';
import { ownMarkdown, targetOf } from './markdown';
import { translate } from './say';

/** True while the active file describes a model: package.json shows the editor's title button by it. */
const HAS_MODEL = 'rnnLens.activeFileHasModel';

/** The model around the cursor, or the file's only model, in the status bar. */
export class ModelStatus implements Disposable {
  private readonly item: StatusBarItem;
  private readonly subscriptions: Disposable[];
  private round = 0;

  constructor(private readonly analyses: DocumentAnalyses) {
    this.item = window.createStatusBarItem('rnnLens.model', StatusBarAlignment.Right, 50);
    this.item.name = l10n.t('Recurrent Model');
    const update = () => void this.update(window.activeTextEditor);
    this.subscriptions = [
      this.item,
      window.onDidChangeActiveTextEditor(update),
      window.onDidChangeTextEditorSelection(update),
      analyses.onDidChange(update),
    ];
    update();
  }

  dispose(): void {
    this.subscriptions.forEach((s) => s.dispose());
  }

  private async update(editor: TextEditor | undefined): Promise<void> {
    const round = ++this.round;
    const view = editor && (await this.analyses.get(editor.document));
    if (round !== this.round) return;
    void commands.executeCommand('setContext', HAS_MODEL, (view?.models.length ?? 0) > 0);
    const cost = view && modelAround(view, editor);
    if (!cost) return this.item.hide();
    const total = cost.params && valueOf(cost.params.total);
    this.item.text = `$(graph) ${cost.model.name.replaceAll('$(', '( ')} ${formatCompact(total)}`;
    this.item.tooltip = ownMarkdown(modelMarkdown(cost, translate));
    this.item.command = {
      title: l10n.t('Compare cells'),
      command: COMMAND.compareCells,
      arguments: [targetOf(view.document.uri, cost.model)],
    };
    this.item.show();
  }
}

function modelAround(view: DocumentView, editor: TextEditor): ModelCost | undefined {
  const here = view.modelsHere().filter(({ range }) => range.contains(editor.selection.active));
  return here.at(-1)?.cost ?? (view.models.length === 1 ? view.models[0] : undefined);
}
