import {
  type CancellationToken,
  type Disposable,
  EventEmitter,
  InlayHint,
  type InlayHintsProvider,
  type Range,
  type TextDocument,
  l10n,
  workspace,
} from 'vscode';
import type { LayerCost } from '../cost/types';
import { isRecurrent, valueOf } from '../model';
import { formatCompact } from '../report/numbers';
import type { DocumentAnalyses } from './document-analyses';
import { groupBy } from './group-by';
import { SECTION } from './ids';
import { isEnabled } from './settings';

/** The parameter count at the end of each recurrent layer's line. Layers with an unknown count stay quiet. */
export class CostInlayHints implements InlayHintsProvider, Disposable {
  private readonly changed = new EventEmitter<void>();
  private readonly subscriptions: Disposable[];
  readonly onDidChangeInlayHints = this.changed.event;

  constructor(private readonly analyses: DocumentAnalyses) {
    this.subscriptions = [
      this.changed,
      analyses.onDidChange(() => this.changed.fire()),
      workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(`${SECTION}.inlayHints`)) this.changed.fire();
      }),
    ];
  }

  dispose(): void {
    this.subscriptions.forEach((s) => s.dispose());
  }

  async provideInlayHints(
    document: TextDocument,
    range: Range,
    token: CancellationToken,
  ): Promise<InlayHint[]> {
    if (!isEnabled('inlayHints', document.uri)) return [];
    const view = await this.analyses.get(document, token);
    if (!view) return [];
    const layers = view
      .layersHere()
      .filter(({ cost, range: at }) => isRecurrent(cost.layer) && range.contains(at.end));
    const byPlace = groupBy(layers, ({ range: at }) => `${at.end.line}:${at.end.character}`);
    return [...byPlace.values()].flatMap((same) =>
      hintAt(
        same.map((l) => l.cost),
        same[0]!.range,
      ),
    );
  }
}

/** A line that makes several layers of different sizes has no one number to show. */
function hintAt(costs: readonly LayerCost[], range: Range): InlayHint[] {
  const counts = new Set(costs.map((c) => (c.params ? valueOf(c.params.total) : undefined)));
  const [count] = counts;
  if (counts.size !== 1 || count === undefined) return [];
  const hint = new InlayHint(range.end, l10n.t('{0} params', formatCompact(count)));
  hint.paddingLeft = true;
  return [hint];
}
