import {
  type CancellationToken,
  CodeLens,
  type CodeLensProvider,
  type Disposable,
  EventEmitter,
  type Range,
  type TextDocument,
  l10n,
  workspace,
} from 'vscode';
import type { ModelCost } from '../cost/types';
import { formatDim, valueOf } from '../model';
import { formatCount } from '../report/numbers';
import type { DocumentAnalyses } from './document-analyses';
import { groupBy } from './group-by';
import { COMMAND, SECTION } from './ids';
import { targetOf } from './markdown';
import { isEnabled } from './settings';

/** Longer formulas make the lens wrap. */
const MAX_FORMULA = 40;

/** Totals above each model, and the ways to look closer. */
export class ModelCodeLens implements CodeLensProvider, Disposable {
  private readonly changed = new EventEmitter<void>();
  private readonly subscriptions: Disposable[];
  readonly onDidChangeCodeLenses = this.changed.event;

  constructor(private readonly analyses: DocumentAnalyses) {
    this.subscriptions = [
      this.changed,
      analyses.onDidChange(() => this.changed.fire()),
      workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(`${SECTION}.codeLens`)) this.changed.fire();
      }),
    ];
  }

  dispose(): void {
    this.subscriptions.forEach((s) => s.dispose());
  }

  async provideCodeLenses(document: TextDocument, token: CancellationToken): Promise<CodeLens[]> {
    if (!isEnabled('codeLens', document.uri)) return [];
    const view = await this.analyses.get(document, token);
    if (!view) return [];
    const byLine = groupBy(view.modelsHere(), ({ range }) => range.start.line);
    return [...byLine.values()].flatMap((models) => lensesFor(document, models));
  }
}

/** One row of lenses. A class that is built in several ways shows the range of its totals. */
function lensesFor(
  document: TextDocument,
  models: readonly { readonly cost: ModelCost; readonly range: Range }[],
): CodeLens[] {
  const { cost, range } = models[0]!;
  const line = document.lineAt(range.start.line).range;
  const target = targetOf(document.uri, cost.model);
  const title = totals(models.map((m) => m.cost));
  return [
    new CodeLens(line, { title, command: COMMAND.compareCells, arguments: [target] }),
    new CodeLens(line, {
      title: l10n.t('Compare cells'),
      command: COMMAND.compareCells,
      arguments: [target],
    }),
    new CodeLens(line, {
      title: l10n.t('Gradient flow'),
      command: COMMAND.diagnoseGradientFlow,
      arguments: [target],
    }),
  ];
}

function totals(costs: readonly ModelCost[]): string {
  const texts = new Set(costs.map(total));
  if (texts.size === 1) return [...texts][0]!;
  return l10n.t('{0} and {1} more', [...texts][0]!, texts.size - 1);
}

function total(cost: ModelCost): string {
  const assumed = cost.model.assumed.length > 0;
  if (!cost.params) return l10n.t('parameters unknown');
  const value = valueOf(cost.params.total);
  if (value === undefined) {
    const formula = formatDim(cost.params.total);
    return formula.length > MAX_FORMULA
      ? l10n.t('parameters depend on unknown sizes')
      : l10n.t('{0} parameters', formula);
  }
  const count = l10n.t('{0} parameters', formatCount(value));
  return assumed ? l10n.t('{0} (with assumed values)', count) : count;
}
