import type { LayerCost, ModelCost } from '../cost/types';
import {
  type Dim,
  type Message,
  type Workload,
  FRAMEWORK_NAMES,
  formatDim,
  formatMessage,
  valueOf,
} from '../model';
import { layerText, sizeText } from './layer-text';
import { formatBytes, formatCount, UNKNOWN } from './numbers';
import { type Quantities, SHOWN_TYPES, quantitiesOf } from './quantities';
import { textTable } from './text-table';
import { workloadText } from './analysis-text';

/** Why a recurrent layer's count is what it is. */
export interface Explanation {
  /** One equation a line; `_x` and `_{xy}` are subscripts. */
  readonly equations: readonly string[];
  readonly sentences: readonly Message[];
}

/** What `rnn-lens explain` prints for people about a whole model. */
export function modelExplainedText(cost: ModelCost): string {
  const { model, workload } = cost;
  const heading = `${model.name} (${FRAMEWORK_NAMES[model.framework]}); ${workloadText(workload)}\n`;
  return heading + quantitiesText(quantitiesOf(cost, workload));
}

/** What `rnn-lens explain` prints for people about one layer; `explanation` for recurrent ones. */
export function layerExplainedText(
  cost: LayerCost,
  workload: Workload,
  explanation: Explanation | undefined,
): string {
  const { layer, formula, params } = cost;
  const heading = `${layer.path}: ${layerText(layer)} (${FRAMEWORK_NAMES[layer.framework]})\n`;
  const formulas =
    formula && formula.filled !== '0'
      ? `  ${formula.letters} = ${formula.filled} = ${sizeText(params!.total)} parameters\n`
      : '';
  return [
    heading,
    formulas,
    tensorsText(cost),
    explanation ? explanation.equations.map((e) => `  ${e}\n`).join('') : '',
    quantitiesText(quantitiesOf(cost, workload)),
    explanation ? listText(explanation.sentences) : '',
  ]
    .filter(Boolean)
    .join('\n');
}

function tensorsText({ tensors }: LayerCost): string {
  if (tensors === undefined || tensors.length === 0) return '';
  return textTable(
    [
      { title: 'tensor', align: 'left' },
      { title: 'shape', align: 'left' },
    ],
    tensors.map((t) => [t.name, t.shape.length === 0 ? '1' : t.shape.map(sizeText).join(' × ')]),
    '  ',
  );
}

function quantitiesText({ params, work, memory, conventions }: Quantities): string {
  const indented = (label: Message, depth: number) => '  '.repeat(depth) + formatMessage(label);
  return [
    textTable(
      [
        { title: 'count', align: 'left' },
        { title: '', align: 'right' },
      ],
      params.map((r) => [indented(r.label, r.depth), exact(r.size)]),
      '  ',
    ),
    textTable(
      [
        { title: 'work', align: 'left' },
        { title: 'per step', align: 'right' },
        { title: 'per sequence', align: 'right' },
        { title: 'per batch', align: 'right' },
      ],
      work.map((r) => [
        indented(r.label, r.depth),
        exact(r.perStep),
        exact(r.perSequence),
        exact(r.perBatch),
      ]),
      '  ',
    ),
    textTable(
      [
        { title: 'memory', align: 'left' },
        ...SHOWN_TYPES.map((title) => ({ title, align: 'right' as const })),
      ],
      memory.map((r) => [formatMessage(r.label), ...r.bytes.map(bytes)]),
      '  ',
    ),
    listText(conventions),
  ].join('\n');
}

function listText(sentences: readonly Message[]): string {
  return sentences.map((m) => `  - ${formatMessage(m)}\n`).join('');
}

/** Null: there is no such number. */
function exact(dim: Dim | undefined | null): string {
  if (dim === null) return '–';
  if (dim === undefined) return UNKNOWN;
  const value = valueOf(dim);
  return value === undefined ? formatDim(dim) : formatCount(value);
}

function bytes(dim: Dim | undefined): string {
  return formatBytes(dim === undefined ? undefined : valueOf(dim));
}
