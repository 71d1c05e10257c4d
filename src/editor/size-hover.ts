import { type CancellationToken, l10n, type Position, type Range } from 'vscode';
import type { ModelCost } from '../cost/types';
import { applyEdits, sizeAt, type WrittenSize } from '../edits';
import type { Analysis } from '../engine/analyse';
import { valueOf } from '../model';
import { codeSpan, escapeMarkdown, markdownTable } from '../report/markdown';
import { formatCompact, formatCount, formatPercent } from '../report/numbers';
import type { DocumentAnalyses } from './document-analyses';
import type { DocumentView } from './document-view';

/** What a size that feeds a layer does to the totals: as it is, halved, doubled. Each is read from a changed copy of the text. */
export async function sizeHover(
  analyses: DocumentAnalyses,
  view: DocumentView,
  position: Position,
  token: CancellationToken,
): Promise<{ readonly text: string; readonly range: Range } | undefined> {
  if (view.document.languageId !== 'python') return undefined;
  const size = sizeAt(view.source, view.toAnalysed(position));
  const range = size && view.toDocument(size.range);
  if (!size || !range || !feedsLayer(view, size)) return undefined;
  const factors = [size.value / 2, size.value * 2].filter(
    (value) => Number.isSafeInteger(value) && value >= 1,
  );
  const others = await Promise.all(
    factors.map(async (value) => {
      const text = applyEdits(view.text, [{ range: size.literal, text: String(value) }]);
      return { value, analysis: await analyses.analyseWith(view.document, { text }, token) };
    }),
  );
  if (token.isCancellationRequested) return undefined;
  const tables = view.models.flatMap((model, i) => table(size, model, i, others));
  return tables.length > 0 ? { text: tables.join('\n\n'), range } : undefined;
}

/** Is the number the place where an argument of a layer is decided? */
function feedsLayer({ models, source }: DocumentView, size: WrittenSize): boolean {
  const { line, character } = size.literal.start;
  return models.some(({ layers }) =>
    layers.some(({ layer }) =>
      Object.values(layer.facts ?? {}).some(({ origin }) => {
        const start = origin?.file === source.file ? origin.range?.start : undefined;
        return start?.line === line && start.character === character;
      }),
    ),
  );
}

function table(
  size: WrittenSize,
  model: ModelCost,
  index: number,
  others: readonly { readonly value: number; readonly analysis: Analysis }[],
): string[] {
  const now = total(model);
  const rows = [
    { value: size.value, total: now },
    ...others.map(({ value, analysis }) => ({ value, total: total(analysis.models[index]) })),
  ].sort((a, b) => a.value - b.value);
  const changes = rows.some((row) => row.total !== now);
  if (now === undefined || !changes) return [];
  const head = codeSpan(size.name ?? l10n.t('size'));
  return [
    markdownTable(
      '>>>',
      [head, `${escapeMarkdown(model.model.name)}: ${l10n.t('parameters')}`, ''],
      rows.map((row) => {
        const current = row.value === size.value;
        const count = formatCount(row.value);
        const change =
          current || row.total === undefined ? '' : formatPercent((100 * (row.total - now)) / now);
        return [current ? `**${count}**` : count, formatCompact(row.total), change];
      }),
    ),
  ];
}

function total(model: ModelCost | undefined): number | undefined {
  return model?.params && valueOf(model.params.total);
}
