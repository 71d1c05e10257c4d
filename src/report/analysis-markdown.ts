import type { LayerCost, ModelCost } from '../cost/types';
import {
  displayName,
  FRAMEWORK_NAMES,
  formatDim,
  formatMessage,
  message,
  valueOf,
  type Dim,
  type Message,
  type Problem,
  type Translate,
} from '../model';
import type { AnalysedFile } from './analysis-json';
import { unknownMarkdown } from './hover-markdown';
import { layerText } from './layer-text';
import { codeSpan, escapeMarkdown, markdownTable } from './markdown';
import { formatBytes, formatCompact, formatCount, UNKNOWN } from './numbers';

/** A page on one file: every model, layer by layer, with what was assumed and what is unknown. Text from the file is escaped. */
export function analysisMarkdown(file: AnalysedFile, translate?: Translate): string {
  const t = (m: Message) => formatMessage(m, translate);
  const name = file.file.slice(file.file.lastIndexOf('/') + 1);
  const body = file.models.map((model) => modelSection(model, t, translate));
  if (file.models.length === 0) body.push(t(message('No model was found in this file.')));
  if (file.problems.length > 0) {
    body.push(`## ${t(message('Problems'))}`, file.problems.map((p) => problemLine(p, t)).join('\n'));
  }
  return `${[`# ${escapeMarkdown(name)}`, ...body].join('\n\n')}\n`;
}

function modelSection(cost: ModelCost, t: (m: Message) => string, translate?: Translate): string {
  const { model, workload } = cost;
  const bytes = numberOf(cost.memory?.weights);
  const facts = [
    FRAMEWORK_NAMES[model.framework],
    model.source.range ? t(message('line {0}', model.source.range.start.line + 1)) : '',
    model.construction ? t(message('built as {0}', codeSpan(model.construction.text))) : '',
    bytes === undefined ? '' : t(message('weights {0} in {1}', formatBytes(bytes), workload.numberType)),
  ];
  const notes = [
    ...model.assumed.map((a) =>
      t(message('assumed: {0} = {1}', codeSpan(displayName(a.name)), codeSpan(String(a.value)))),
    ),
    ...model.unknowns.map((u) => unknownMarkdown(u, translate)),
    ...cost.unknown.map((m) => escapeMarkdown(t(m))),
  ];
  return [
    `## ${escapeMarkdown(model.name)}`,
    facts.filter(Boolean).join(' · '),
    layerTable(cost, t),
    t(
      message(
        'One forward pass over T = {0} steps and a batch of {1}; MACs are weight products only.',
        formatCount(workload.seqLen),
        formatCount(workload.batch),
      ),
    ),
    notes.map((note) => `- ${note}`).join('\n'),
  ]
    .filter(Boolean)
    .join('\n\n');
}

function layerTable(cost: ModelCost, t: (m: Message) => string): string {
  const shown = cost.layers.filter(costsSomething);
  const bold = (text: string) => `**${text}**`;
  return markdownTable(
    '<<>>>',
    [t(message('layer')), '', t(message('parameters')), 'MACs', 'FLOPs'],
    [
      ...shown.map((l) => [
        codeSpan(l.layer.path),
        escapeMarkdown(layerText(l.layer)),
        exact(l.params?.total),
        compact(l.forward?.macs),
        compact(l.forward?.flops.total),
      ]),
      [
        bold(t(message('total'))),
        '',
        bold(exact(cost.params?.total)),
        bold(compact(cost.forward?.macs)),
        bold(compact(cost.forward?.flops.total)),
      ],
    ],
  );
}

/** Layers that neither hold weights nor do work would only make the table long. */
function costsSomething({ params, forward }: LayerCost): boolean {
  const nothing = (d: Dim | undefined) => d !== undefined && valueOf(d) === 0;
  return !(nothing(params?.total) && (forward === undefined || nothing(forward.flops.total)));
}

function problemLine(problem: Problem, t: (m: Message) => string): string {
  const line = problem.source.range ? `${t(message('line {0}', problem.source.range.start.line + 1))}: ` : '';
  return `- ${line}${escapeMarkdown(t(problem.message))}`;
}

function exact(dim: Dim | undefined): string {
  if (dim === undefined) return UNKNOWN;
  const value = valueOf(dim);
  return value === undefined ? codeSpan(formatDim(dim)) : formatCount(value);
}

function compact(dim: Dim | undefined): string {
  return formatCompact(numberOf(dim));
}

function numberOf(dim: Dim | undefined): number | undefined {
  return dim === undefined ? undefined : valueOf(dim);
}
