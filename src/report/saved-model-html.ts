import { compareLayer } from '../compare';
import type { ModelCost } from '../cost/types';
import {
  FRAMEWORK_NAMES,
  formatDim,
  formatMessage,
  isRecurrent,
  message,
  valueOf,
  type Dim,
  type Message,
  type RecurrentLayer,
  type Translate,
} from '../model';
import type { AnalysedFile } from './analysis-json';
import { CELL_NAMES, SIZING_NAMES } from './comparison-text';
import { escapeHtml, htmlTable } from './html';
import { layerText } from './layer-text';
import { formatBytes, formatCompact, formatCount, formatPercent, UNKNOWN } from './numbers';

const STYLE = `
body { max-width: 880px; margin: 0 auto; padding: 12px 16px; font-variant-numeric: tabular-nums; }
h1 { font-size: 1.3em; } h2 { font-size: 1.1em; margin-top: 1.6em; } h3 { font-size: 1em; margin-bottom: 0.3em; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; padding: 3px 10px 3px 0; border-bottom: 1px solid var(--vscode-widget-border, transparent); }
th { font-weight: normal; color: var(--vscode-descriptionForeground); }
.n { text-align: right; padding-right: 0; padding-left: 10px; } .total { font-weight: 600; }
p, li { color: var(--vscode-descriptionForeground); } .facts { margin-top: 0; }`;

/** A page without scripts that shows what a saved model holds. Everything from the file is escaped. */
export function savedModelHtml(
  name: string,
  file: AnalysedFile,
  nonce: string,
  translate?: Translate,
): string {
  const t = (m: Message) => formatMessage(m, translate);
  const problems = file.problems.map((p) => `<li>${escapeHtml(t(p.message))}</li>`).join('');
  const nothing = file.models.length + file.problems.length === 0 ? `<p>${escapeHtml(t(NOTHING))}</p>` : '';
  return `<!DOCTYPE html>
<html><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'nonce-${nonce}'">
<style nonce="${nonce}">${STYLE}</style><title>${escapeHtml(name)}</title></head>
<body><h1>${escapeHtml(name)}</h1>${file.models.map((m) => modelHtml(m, t)).join('')}${nothing}${problems && `<ul>${problems}</ul>`}</body></html>`;
}

const NOTHING = message('No model was found in this file.');

function modelHtml(cost: ModelCost, t: (m: Message) => string): string {
  const { model, workload } = cost;
  const bytes = cost.memory && valueOf(cost.memory.weights);
  const facts = [
    FRAMEWORK_NAMES[model.framework],
    bytes === undefined ? '' : t(message('weights {0} in {1}', formatBytes(bytes), workload.numberType)),
    t(
      message(
        'One forward pass over T = {0} steps and a batch of {1}; MACs are weight products only.',
        formatCount(workload.seqLen),
        formatCount(workload.batch),
      ),
    ),
  ];
  const recurrent = model.layers.filter(isRecurrent).map((layer) => comparisonHtml(layer, cost, t));
  const notes = [...model.unknowns.map((u) => t(u.reason)), ...cost.unknown.map(t)];
  return [
    `<h2>${escapeHtml(model.name)}</h2><p class="facts">${facts.filter(Boolean).map(escapeHtml).join(' · ')}</p>`,
    layersHtml(cost, t),
    notes.length > 0 ? `<ul>${notes.map((n) => `<li>${escapeHtml(n)}</li>`).join('')}</ul>` : '',
    ...recurrent,
  ].join('');
}

function layersHtml(cost: ModelCost, t: (m: Message) => string): string {
  const shown = cost.layers.filter((l) => l.params === undefined || valueOf(l.params.total) !== 0);
  return htmlTable(
    [t(message('layer')), '', t(message('parameters')), 'MACs', 'FLOPs'],
    [
      ...shown.map((l) => [
        l.layer.path,
        layerText(l.layer),
        exact(l.params?.total),
        compact(l.forward?.macs),
        compact(l.forward?.flops.total),
      ]),
      [
        t(message('total')),
        '',
        exact(cost.params?.total),
        compact(cost.forward?.macs),
        compact(cost.forward?.flops.total),
      ],
    ],
    2,
    'total',
  );
}

function comparisonHtml(
  layer: RecurrentLayer,
  { model, workload }: ModelCost,
  t: (m: Message) => string,
): string {
  const { rows } = compareLayer(layer, model, workload);
  if (rows.length === 0) return '';
  const title = `<h3>${escapeHtml(layer.path)}: ${escapeHtml(layerText(layer))}</h3>`;
  return (
    title +
    htmlTable(
      ['', '', t(message('hidden size')), t(message('parameters')), '', 'FLOPs', ''],
      rows.map((row) => [
        SIZING_NAMES[row.sizing],
        CELL_NAMES[row.cell],
        formatCount(row.hiddenSize),
        formatCount(row.params),
        row.current ? '' : formatPercent(row.percent.params),
        formatCompact(row.flops),
        row.current ? '' : formatPercent(row.percent.flops),
      ]),
      2,
    )
  );
}

function exact(dim: Dim | undefined): string {
  if (dim === undefined) return UNKNOWN;
  const value = valueOf(dim);
  return value === undefined ? formatDim(dim) : formatCount(value);
}

function compact(dim: Dim | undefined): string {
  return formatCompact(dim === undefined ? undefined : valueOf(dim));
}
