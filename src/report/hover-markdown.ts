import type { ComparisonRow, LayerComparison } from '../compare/types';
import type { LayerCost, ModelCost } from '../cost/types';
import {
  displayName,
  FRAMEWORK_NAMES,
  formatDim,
  formatMessage,
  isRecurrent,
  message,
  valueOf,
  type Dim,
  type Message,
  type Translate,
  type Unknown,
  type Workload,
} from '../model';
import { byHandText } from './by-hand';
import { CELL_NAMES } from './comparison-text';
import { layerText } from './layer-text';
import { codeSpan, escapeMarkdown, markdownTable } from './markdown';
import { formatBytes, formatCompact, formatCount, formatPercent, formatShare } from './numbers';

/** What a hover on a layer says: short first, detail below. Text from the file is escaped. */
export function layerMarkdown(
  cost: LayerCost,
  comparison: LayerComparison | undefined,
  workload: Workload,
  translate?: Translate,
): string {
  const t = (m: Message) => formatMessage(m, translate);
  const { layer } = cost;
  const lines = [
    `**${escapeMarkdown(layerText(layer))}** · ${codeSpan(layer.path)} · ${FRAMEWORK_NAMES[layer.framework]}`,
    byHandText(layer)
      .map((m) => escapeMarkdown(t(m)))
      .join(' '),
    [paramsLine(cost, t), formulaLine(cost)].filter(Boolean).join('  \n'),
    [workLine(cost, workload, t), trainingLine(cost, workload, t)].filter(Boolean).join('  \n'),
    ...cost.supposed.map((m) => escapeMarkdown(t(m))),
    comparison && comparison.rows.length > 0 ? comparisonMarkdown(comparison.rows, t) : '',
    ...cost.unknown.map((m) => escapeMarkdown(t(m))),
  ];
  return lines.filter(Boolean).join('\n\n');
}

function paramsLine(cost: LayerCost, t: (m: Message) => string): string {
  if (!cost.params) return t(message('parameters: unknown'));
  const total = valueOf(cost.params.total);
  if (total === undefined) return t(message('{0} parameters', codeSpan(formatDim(cost.params.total))));
  const frozen = valueOf(cost.params.nonTrainable) ?? 0;
  const count = t(message('{0} parameters', `**${formatCount(total)}**`));
  return frozen === 0 ? count : `${count} (${t(message('{0} not trainable', formatCount(frozen)))})`;
}

function formulaLine(cost: LayerCost): string {
  const { formula, params } = cost;
  if (!formula || !params || formula.filled === '0') return '';
  const value = valueOf(params.total);
  const filled =
    value === undefined || formula.filled === String(value) ? '' : ` = ${codeSpan(formula.filled)}`;
  return `${codeSpan(formula.letters)}${filled}`;
}

function workLine(cost: LayerCost, workload: Workload, t: (m: Message) => string): string {
  const parts: string[] = [];
  const step = cost.perStep ? valueOf(cost.perStep.macs) : undefined;
  if (step !== undefined) parts.push(t(message('{0} MACs per step', formatCount(step))));
  const macs = number(cost.forward?.macs);
  const flops = number(cost.forward?.flops.total);
  if (macs !== undefined && flops !== undefined) {
    parts.push(t(message('{0} MACs and {1} FLOPs forward', formatCompact(macs), formatCompact(flops))));
    parts.push(workloadMarkdown(cost, workload, t));
  }
  return parts.join(' · ');
}

/** What training takes beside the weights; nothing where its work is unknown. */
function trainingLine(cost: LayerCost | ModelCost, workload: Workload, t: (m: Message) => string): string {
  const flops = number(cost.training?.flops.total);
  const activations = number(cost.memory?.activations);
  const adam = number(cost.memory?.optimiser.adam);
  if (!flops || activations === undefined || adam === undefined) return '';
  return t(
    message(
      'Training step: {0} FLOPs, activations {1}, Adam state {2} ({3})',
      formatCompact(flops),
      formatBytes(activations),
      formatBytes(adam),
      workload.numberType,
    ),
  );
}

function workloadMarkdown(cost: LayerCost, workload: Workload, t: (m: Message) => string): string {
  const steps = number(cost.steps);
  if (steps !== undefined && steps !== workload.seqLen) {
    return t(
      message(
        'T = {0} (from the source), batch {1} (assumed)',
        formatCount(steps),
        formatCount(workload.batch),
      ),
    );
  }
  return t(assumedMessage(workload));
}

function assumedMessage({ seqLen, batch, lengths }: Workload): Message {
  return lengths
    ? message('{0} sequences of up to {1} steps (assumed)', formatCount(batch), formatCount(seqLen))
    : message('T = {0}, batch {1} (assumed)', formatCount(seqLen), formatCount(batch));
}

function comparisonMarkdown(rows: readonly ComparisonRow[], t: (m: Message) => string): string {
  const same = rows.filter((row) => row.sizing === 'same-size');
  const difference = (row: ComparisonRow, percent: number) => (row.current ? '' : formatPercent(percent));
  // The hover sets no space between columns; these do.
  const apart = (cell: string) => (cell === '' ? '' : `&nbsp;&nbsp;&nbsp;${cell}`);
  return markdownTable(
    '<>>>>',
    [t(message('same size')), apart(t(message('parameters'))), apart('Δ'), apart('FLOPs'), apart('Δ')],
    same.map((row) => [
      row.current ? `**${CELL_NAMES[row.cell]}**` : CELL_NAMES[row.cell],
      apart(formatCount(row.params)),
      apart(difference(row, row.percent.params)),
      apart(formatCompact(row.flops)),
      apart(difference(row, row.percent.flops)),
    ]),
  );
}

/** What a hover on a model's name says: totals, the recurrent share, what is unknown. */
export function modelMarkdown(cost: ModelCost, translate?: Translate): string {
  const t = (m: Message) => formatMessage(m, translate);
  const { model, workload } = cost;
  const total = number(cost.params?.total);
  const recurrent = sum(cost.layers.filter((l) => isRecurrent(l.layer)).map((l) => number(l.params?.total)));
  const count =
    total !== undefined
      ? t(message('{0} parameters', `**${formatCount(total)}**`))
      : cost.params
        ? t(message('{0} parameters', codeSpan(formatDim(cost.params.total))))
        : t(message('parameters: unknown'));
  const share =
    recurrent === undefined
      ? ''
      : ` · ${t(message('{0} recurrent ({1})', formatCount(recurrent), formatShare(recurrent, total)))}`;
  const macs = number(cost.forward?.macs);
  const flops = number(cost.forward?.flops.total);
  const bytes = number(cost.memory?.weights);
  const lines = [
    `**${escapeMarkdown(model.name)}** · ${FRAMEWORK_NAMES[model.framework]}`,
    count + (total === undefined ? '' : share),
    macs === undefined || flops === undefined
      ? ''
      : `${t(message('{0} MACs and {1} FLOPs forward', formatCompact(macs), formatCompact(flops)))} · ${t(assumedMessage(workload))}`,
    bytes === undefined ? '' : t(message('weights {0} in {1}', formatBytes(bytes), workload.numberType)),
    trainingLine(cost, workload, t),
    ...cost.supposed.map((m) => escapeMarkdown(t(m))),
    ...model.assumed.map((a) =>
      t(message('assumed: {0} = {1}', codeSpan(displayName(a.name)), codeSpan(String(a.value)))),
    ),
    ...cost.unknown.map((m) => escapeMarkdown(t(m))),
  ];
  return lines.filter(Boolean).join('\n\n');
}

/** One line for an unknown: its name and the reason. */
export function unknownMarkdown(unknown: Unknown, translate?: Translate): string {
  return `${codeSpan(displayName(unknown.name))}: ${escapeMarkdown(formatMessage(unknown.reason, translate))}`;
}

function number(dim: Dim | undefined): number | undefined {
  return dim === undefined ? undefined : valueOf(dim);
}

function sum(values: readonly (number | undefined)[]): number | undefined {
  let total = 0;
  for (const value of values) {
    if (value === undefined) return undefined;
    total += value;
  }
  return total;
}
