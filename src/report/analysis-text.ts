import type { ModelCost } from '../cost/types';
import {
  displayName,
  FRAMEWORK_NAMES,
  formatDim,
  formatMessage,
  valueOf,
  type Dim,
  type Problem,
  type Workload,
} from '../model';
import { modelJson, type AnalysedFile } from './analysis-json';
import { byHandText } from './by-hand';
import { layerText } from './layer-text';
import { formatBytes, formatCompact, formatCount, UNKNOWN } from './numbers';
import { textTable } from './text-table';

/** What `rnn-lens analyze` prints for people. */
export function analysisText(files: readonly AnalysedFile[], workload: Workload): string {
  return files.map((file) => fileText(file, workload)).join('\n');
}

function fileText(file: AnalysedFile, workload: Workload): string {
  const models = file.models.map((m) => modelText(m)).join('\n');
  const problems = file.problems.map((p) => problemText(p)).join('');
  const nothing = file.models.length === 0 && file.problems.length === 0 ? '  no model found\n' : '';
  const note =
    file.models.length > 0
      ? `  one forward pass: ${workloadText(workload)}; MACs are weight products only\n`
      : '';
  return `${file.file}\n${models}${note}${problems}${nothing}`;
}

/** The assumption behind every MAC and FLOP, in words. */
export function workloadText(workload: Workload): string {
  const { lengths } = workload;
  if (lengths) return `sequences of ${lengths.join(', ')} steps, ${workload.numberType}`;
  return `T = ${formatCount(workload.seqLen)} steps, batch ${formatCount(workload.batch)}, ${workload.numberType}`;
}

function problemText(p: Problem): string {
  const line = p.source.range ? `line ${p.source.range.start.line + 1}: ` : '';
  return `  ${p.severity}: ${line}${formatMessage(p.message)}\n`;
}

function modelText(cost: ModelCost): string {
  const { model } = cost;
  const line = model.source.range ? `, line ${model.source.range.start.line + 1}` : '';
  const built = model.construction ? `, built as ${model.construction.text}` : '';
  const heading = `  ${model.name} (${FRAMEWORK_NAMES[model.framework]}${line}${built})\n`;
  const rows = cost.layers
    .filter((l) => l.layer.kind !== 'input' && (l.params === undefined || valueOf(l.params.total) !== 0))
    .map((l) => [
      l.layer.path,
      layerText(l.layer),
      dimText(l.params?.total),
      numberText(l.forward?.macs),
      numberText(l.forward?.flops.total),
    ]);
  const total = [
    'total',
    '',
    dimText(cost.params?.total),
    numberText(cost.forward?.macs),
    numberText(cost.forward?.flops.total),
  ];
  const table = textTable(
    [
      { title: 'layer', align: 'left' },
      { title: '', align: 'left' },
      { title: 'parameters', align: 'right' },
      { title: 'MACs', align: 'right' },
      { title: 'FLOPs', align: 'right' },
    ],
    [...rows, total],
    '    ',
  );
  const assumed = model.assumed.map((a) => `    assumed: ${displayName(a.name)} = ${a.value}\n`).join('');
  // A file of bytes has no lines.
  const inText = model.source.range !== undefined || model.form !== 'saved';
  const unknown = modelJson(cost)
    .unresolved.map((u) => `    unknown: ${u.name}${inText ? ` (line ${u.line})` : ''}: ${u.reason}\n`)
    .join('');
  const supposed = cost.supposed.map((m) => `    supposed: ${formatMessage(m)}\n`).join('');
  const byHand = model.layers
    .map((layer) => byHandText(layer).map((m) => formatMessage(m)))
    .map((sentences) => (sentences.length > 0 ? `    ${sentences.join(' ')}\n` : ''))
    .join('');
  return heading + table + byHand + memoryText(cost) + assumed + supposed + unknown;
}

function memoryText({ memory, training, workload }: ModelCost): string {
  const parts = [
    ['weights', formatBytes(memory && valueOf(memory.weights))],
    ['activations for training', formatBytes(memory?.activations && valueOf(memory.activations))],
    ['Adam state', formatBytes(memory && valueOf(memory.optimiser.adam))],
  ];
  const bytes = parts.map(([what, size]) => `${what} ${size}`).join(', ');
  const step = `training step ${numberText(training?.flops.total)} FLOPs`;
  return memory === undefined ? '' : `    ${bytes} in ${workload.numberType}; ${step}\n`;
}

function dimText(dim: Dim | undefined): string {
  if (dim === undefined) return UNKNOWN;
  const value = valueOf(dim);
  return value === undefined ? formatDim(dim) : formatCount(value);
}

function numberText(dim: Dim | undefined): string {
  return formatCompact(dim === undefined ? undefined : valueOf(dim));
}
