import {
  type CancellationToken,
  type Disposable,
  EventEmitter,
  InlayHint,
  type InlayHintsProvider,
  type Position,
  type Range,
  type TextDocument,
  type Uri,
  l10n,
  workspace,
} from 'vscode';
import type { LayerCost } from '../cost/types';
import { formatDim, isRecurrent, valueOf } from '../model';
import { formatCompact } from '../report/numbers';
import type { DocumentAnalyses } from './document-analyses';
import type { DocumentView } from './document-view';
import { groupBy } from './group-by';
import { SECTION } from './ids';
import { isEnabled } from './settings';

/** An axis whose formula is longer than this says more than a hint should. */
const MAX_AXIS = 12;

/**
 * The parameter count behind each recurrent layer, and the shape of what its calls give. What is not known stays quiet.
 */
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
    const layers = view.layersHere().filter(({ cost }) => isRecurrent(cost.layer));
    const counts = groupBy(
      layers.filter(({ range: at }) => range.contains(at.end)),
      ({ range: at }) => placeKey(at.end),
    );
    const hints = [...counts.values()].flatMap((same) =>
      hintAt(
        same.map((l) => l.cost),
        same[0]!.range,
      ),
    );
    const shapes = showsShapes(document.uri) ? shapesOf(view, layers) : [];
    const outputs = groupBy(
      shapes.filter(({ at }) => range.contains(at)),
      ({ at }) => placeKey(at),
    );
    return [...hints, ...[...outputs.values()].flatMap(shapeAt)];
  }
}

function placeKey({ line, character }: Position): string {
  return `${line}:${character}`;
}

function showsShapes(uri: Uri): boolean {
  return workspace.getConfiguration(SECTION, uri).get<boolean>('inlayHints.shapes', true);
}

interface Output {
  readonly at: Position;
  readonly text: string;
}

/** What each call of a recurrent layer gives, where every axis has a number or a short name. */
function shapesOf(view: DocumentView, layers: readonly { readonly cost: LayerCost }[]): readonly Output[] {
  return layers.flatMap(({ cost: { layer } }) =>
    (layer.calls ?? []).flatMap(({ output, source }) => {
      // In a list of layers no call is written: the layer itself is where it happens.
      const at = view.rangeOf(source ?? layer.source)?.end;
      const axes = output?.map(formatDim);
      return at && axes && axes.every((axis) => axis.length <= MAX_AXIS)
        ? [{ at, text: `(${axes.join(', ')})` }]
        : [];
    }),
  );
}

/** A call that gives several shapes (a loop, a class built in several ways) has no one shape to show. */
function shapeAt(outputs: readonly Output[]): InlayHint[] {
  const { at, text } = outputs[0]!;
  if (outputs.some((o) => o.text !== text)) return [];
  const hint = new InlayHint(at, `→ ${text}`);
  hint.paddingLeft = true;
  hint.tooltip = l10n.t('The shape of the output; T: steps, B: batch');
  return [hint];
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
