import type { ComparisonRowView, FlowView, ModelView, Quantity } from '../protocol/panel';
import { type Message, type Translate, formatMessage, message } from '../model';
import { CELL_NAMES, SIZING_NAMES } from './comparison-text';
import { codeSpan, escapeMarkdown, markdownTable } from './markdown';
import { UNKNOWN, formatCount, formatPercent } from './numbers';

/** What is on the page, as Markdown to paste into an issue or a report. */
export function pageMarkdown(
  file: string,
  model: ModelView,
  flow: FlowView | null,
  translate?: Translate,
): string {
  const t = (m: Message) => formatMessage(m, translate);
  const { totals, workload } = model;
  const parts = [
    `## ${escapeMarkdown(model.name)}`,
    `${escapeMarkdown(model.framework)} · ${codeSpan(file)} · T = ${workload.seqLen}, B = ${workload.batch}, ${workload.numberType}`,
    markdownTable(
      '<<>>>',
      [
        t(message('layer')),
        t(message('what')),
        t(message('parameters')),
        t(message('MACs')),
        t(message('FLOPs')),
      ],
      [
        ...model.layers.map((l) => [
          codeSpan(l.path),
          escapeMarkdown(l.what.map(t).join(', ')),
          quantity(l.params),
          quantity(l.macs),
          quantity(l.flops),
        ]),
        [t(message('total')), '', quantity(totals.params), quantity(totals.macs), quantity(totals.flops)],
      ],
    ),
    comparisonMarkdown(model, t),
    flowMarkdown(flow, t),
    model.assumed
      .map((a) => `- ${t(message('assumed: {0} = {1}', codeSpan(a.name), codeSpan(String(a.value))))}`)
      .join('\n'),
    model.unknowns.map((u) => `- ${codeSpan(u.name)}: ${escapeMarkdown(t(u.reason))}`).join('\n'),
  ];
  return `${parts.filter(Boolean).join('\n\n')}\n`;
}

function comparisonMarkdown({ comparison }: ModelView, t: (m: Message) => string): string {
  if (!comparison || comparison.rows.length === 0) return '';
  const head = [
    t(message('cell')),
    t(message('what stays')),
    t(message('hidden size')),
    t(message('parameters')),
    'Δ',
    'FLOPs',
    'Δ',
  ];
  return markdownTable(
    '<<>>>>>',
    head,
    comparison.rows.map((r) => [
      CELL_NAMES[r.cell],
      r.current ? t(message('as written')) : t({ text: SIZING_NAMES[r.sizing], args: [] }),
      sizes(r),
      formatCount(r.params),
      r.current ? '' : formatPercent(r.percent.params),
      r.flops === null ? UNKNOWN : formatCount(r.flops),
      r.current ? '' : formatPercent(r.percent.flops ?? undefined),
    ]),
  );
}

function flowMarkdown(flow: FlowView | null, t: (m: Message) => string): string {
  if (!flow?.setup || flow.cases.length === 0) return '';
  return flow.cases
    .map((c) => `- **${escapeMarkdown(t(c.label))}**: ${escapeMarkdown(c.sentences.map(t).join(' '))}`)
    .join('\n');
}

function sizes(row: ComparisonRowView): string {
  return row.hiddenSizes.map((h) => formatCount(h.size)).join(', ');
}

function quantity(q: Quantity): string {
  return q.value !== null ? formatCount(q.value) : q.formula === undefined ? UNKNOWN : codeSpan(q.formula);
}

const CSV_HEAD = [
  'table',
  'layer',
  'cell',
  'sizing',
  'hidden_size',
  'parameters',
  'macs',
  'flops',
  'weight_bytes',
  'parameters_percent',
  'flops_percent',
] as const;

/** Layers and comparison in one table for a spreadsheet; unknown numbers are empty. */
export function pageCsv(model: ModelView): string {
  const layers = model.layers.map((l) => [
    'layer',
    l.path,
    '',
    '',
    '',
    l.params.value,
    l.macs.value,
    l.flops.value,
    l.weightBytes.value,
    '',
    '',
  ]);
  const rows = (model.comparison?.rows ?? []).map((r) => [
    'comparison',
    model.comparison?.path ?? '',
    r.cell,
    r.current ? 'as-written' : r.sizing,
    r.hiddenSizes.map((h) => h.size).join(' '),
    r.params,
    r.macs,
    r.flops,
    r.weightBytes,
    r.percent.params,
    r.percent.flops,
  ]);
  return `${[CSV_HEAD, ...layers, ...rows].map((row) => row.map(csvField).join(',')).join('\r\n')}\r\n`;
}

/** A leading `=`, `+`, `-` or `@` would be a formula to a spreadsheet; names come from a file that is not trusted. */
function csvField(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const safe = /^[=+\-@\t]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Everything on the page, for scripts. */
export function pageJson(file: string, model: ModelView, flow: FlowView | null): string {
  const gradient = flow && flow.cases.length > 0 ? { setup: flow.setup, cases: flow.cases } : null;
  const { totals, layers, comparison, workload, assumed, unknowns, name, framework } = model;
  const shown = { name, framework, workload, assumed, unknowns, totals, layers, comparison };
  return `${JSON.stringify({ schemaVersion: 1, file, model: shown, gradient }, undefined, 2)}\n`;
}
