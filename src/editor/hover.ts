import {
  type CancellationToken,
  Hover,
  type HoverProvider,
  type MarkdownString,
  type Position,
  type Range,
  type TextDocument,
  l10n,
} from 'vscode';
import { compareLayer } from '../compare';
import type { LayerCost, ModelCost } from '../cost/types';
import { isRecurrent, symbolsIn, type Unknown } from '../model';
import { layerMarkdown, modelMarkdown, unknownMarkdown } from '../report/hover-markdown';
import { sizeText } from '../report/layer-text';
import { codeSpan, escapeMarkdown } from '../report/markdown';
import type { DocumentAnalyses } from './document-analyses';
import type { DocumentView } from './document-view';
import { COMMAND } from './ids';
import { commandLink, ownMarkdown, targetOf } from './markdown';
import { modelAt } from './model-at';
import { translate } from './say';
import { isEnabled } from './settings';
import { sizeHover } from './size-hover';

/** What a layer or a model costs, where it is written. */
export class CostHover implements HoverProvider {
  constructor(private readonly analyses: DocumentAnalyses) {}

  async provideHover(
    document: TextDocument,
    position: Position,
    token: CancellationToken,
  ): Promise<Hover | undefined> {
    if (!isEnabled('hover', document.uri)) return undefined;
    const view = await this.analyses.get(document, token);
    if (!view) return undefined;
    const model = modelAt(view, position);
    if (model) return new Hover(modelHover(view, model.costs), model.range);
    const layers = layersAt(view, position);
    const size = await sizeHover(this.analyses, view, position, token);
    const parts = [
      ...(layers ? layerHover(view, layers.found) : []),
      ...(size ? [ownMarkdown(size.text)] : []),
    ];
    return parts.length > 0 ? new Hover(parts, layers?.range ?? size?.range) : undefined;
  }
}

interface Found {
  readonly model: ModelCost;
  readonly cost: LayerCost;
}

/** The innermost layer at a position: once for every model that it is part of. */
function layersAt(
  view: DocumentView,
  position: Position,
): { readonly found: readonly Found[]; readonly range: Range } | undefined {
  const around = view.layersHere().filter(({ range, cost }) => range.contains(position) && hasWeights(cost));
  const innermost = around.reduce<Range | undefined>(
    (best, { range }) =>
      best === undefined || (best.contains(range) && !best.isEqual(range)) ? range : best,
    undefined,
  );
  if (!innermost) return undefined;
  return { found: around.filter(({ range }) => range.isEqual(innermost)), range: innermost };
}

/** A dropout or a reshape costs nothing worth a hover. */
function hasWeights(cost: LayerCost): boolean {
  return cost.params === undefined || cost.params.total.terms.size > 0;
}

function layerHover(view: DocumentView, found: readonly Found[]): MarkdownString[] {
  const { model, cost } = found[0]!;
  const { layer } = cost;
  const comparison = isRecurrent(layer) ? compareLayer(layer, model.model, model.workload) : undefined;
  const parts = [layerMarkdown(cost, comparison, model.workload, translate)];
  parts.push(...unknownsOf(cost, model).map((u) => unknownLine(u, view, model)));
  if (found.length > 1) parts.push(elsewhere(found.slice(1)));
  if (comparison && comparison.rows.length > 0) parts.push(links(view, model, layer.path));
  return [ownMarkdown(parts.join('\n\n'))];
}

function modelHover(view: DocumentView, costs: readonly ModelCost[]): MarkdownString[] {
  return costs.map((cost) => {
    const needed = new Set(cost.layers.flatMap((l) => unknownsOf(l, cost)));
    const built = cost.model.construction;
    return ownMarkdown(
      [
        modelMarkdown(cost, translate),
        built ? l10n.t('Built as {0}', codeSpan(built.text)) : '',
        ...[...needed].map((u) => unknownLine(u, view, cost)),
        links(view, cost),
      ]
        .filter(Boolean)
        .join('\n\n'),
    );
  });
}

/** The unknowns that keep this layer's numbers from being numbers. */
function unknownsOf(cost: LayerCost, model: ModelCost): readonly Unknown[] {
  const names = new Set<string>(cost.layer.kind === 'unknown' ? cost.layer.dependsOn : []);
  if (cost.params) symbolsIn(cost.params.total, names);
  if (cost.forward) symbolsIn(cost.forward.flops.total, names);
  return model.model.unknowns.filter((u) => names.has(u.name));
}

/** Why, and links that settle it: each value the source offers, and any other. */
function unknownLine(unknown: Unknown, view: DocumentView, model: ModelCost): string {
  const argument = { ...targetOf(view.document.uri, model.model), name: unknown.name };
  const offers = (unknown.choices ?? [])
    .slice(0, 4)
    .map((value) => commandLink(codeSpan(String(value)), COMMAND.assumeValue, { ...argument, value }));
  const links = [...offers, commandLink(l10n.t('assume a value…'), COMMAND.assumeValue, argument)];
  return `${unknownMarkdown(unknown, translate)} ${links.join(' · ')}`;
}

/** The same line of code in other models: a class that is built more than once, or inherited. */
function elsewhere(found: readonly Found[]): string {
  return found
    .map(({ model, cost }) => {
      const where = codeSpan(model.model.construction?.text ?? model.model.name);
      const params = cost.params ? sizeText(cost.params.total) : l10n.t('unknown');
      return `- ${l10n.t('in {0}: {1} parameters', where, escapeMarkdown(params))}`;
    })
    .join('\n');
}

function links(view: DocumentView, model: ModelCost, layer?: string): string {
  const target = targetOf(view.document.uri, model.model, layer);
  return [
    commandLink(l10n.t('Compare cells'), COMMAND.compareCells, target),
    commandLink(l10n.t('Gradient flow'), COMMAND.diagnoseGradientFlow, target),
  ].join(' · ');
}
