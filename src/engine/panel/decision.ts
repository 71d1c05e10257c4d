import { BYTES_PER_NUMBER, type Message, type Workload, message } from '../../model';
import type {
  ComparisonRowView,
  ComparisonView,
  FlowCaseView,
  FlowView,
  Goals,
  LayerView,
  SentenceView,
  TotalsView,
} from '../../protocol/panel';
import { CELL_NAMES } from '../../report/comparison-text';
import { formatBytes, formatCount, formatPercent, formatShare } from '../../report/numbers';

export interface DecisionInput {
  readonly totals: TotalsView;
  readonly layers: readonly LayerView[];
  readonly comparison: ComparisonView | null;
  /** A finished run for the compared layer; null when there is none. */
  readonly flow: FlowView | null;
  readonly goals: Goals;
  readonly workload: Workload;
}

/** A horizon this much longer is called longer: seeds of one cell differ by a few per cent. */
const CLEARLY_LONGER = 1.25;

/** The recommendation: only sentences whose numbers stand on the page, or that quote a paper. */
export function decide(input: DecisionInput): readonly SentenceView[] {
  const rows = input.comparison?.rows ?? [];
  const written = rows.find((r) => r.current);
  if (!written || input.comparison?.path === '') return budget(input);
  return [
    ...shareOfModel(input, written),
    ...sameSize(rows, written),
    ...budget(input),
    ...device(input, written),
    ...data(input),
    ...reach(input, rows, written),
  ];
}

function onPage(section: 'layers' | 'compare' | 'what-if' | 'gradient', text: Message): SentenceView {
  return { text, from: { type: 'page', section } };
}

function shareOfModel({ totals, comparison }: DecisionInput, written: ComparisonRowView): SentenceView[] {
  const total = totals.params.value;
  if (total === null || total === 0 || !comparison) return [];
  const share = formatShare(written.params, total);
  return [
    onPage(
      'layers',
      message(
        '{0} holds {1} of the {2} parameters ({3}).',
        comparison.path,
        formatCount(written.params),
        formatCount(total),
        share,
      ),
    ),
  ];
}

/** What the other cells cost at the hidden size as written. */
function sameSize(rows: readonly ComparisonRowView[], written: ComparisonRowView): SentenceView[] {
  return rows
    .filter((r) => r.sizing === 'same-size' && r.cell !== written.cell && r.percent.flops !== null)
    .map((r) =>
      onPage(
        'compare',
        message(
          'At the same hidden size, {0} changes the parameters by {1} and the FLOPs by {2}.',
          CELL_NAMES[r.cell],
          formatPercent(r.percent.params),
          formatPercent(r.percent.flops ?? undefined),
        ),
      ),
    );
}

function budget({ totals, goals, comparison }: DecisionInput): SentenceView[] {
  const { maxParams } = goals;
  const total = totals.params.value;
  if (maxParams === null) return [];
  if (total === null) {
    return [
      onPage(
        'layers',
        message(
          'Whether the model keeps to {0} parameters is unknown: its count is.',
          formatCount(maxParams),
        ),
      ),
    ];
  }
  if (total <= maxParams) {
    return [
      onPage(
        'layers',
        message(
          'The model keeps to your budget: {0} of {1} parameters.',
          formatCount(total),
          formatCount(maxParams),
        ),
      ),
    ];
  }
  const over = onPage(
    'layers',
    message(
      'The model is {0} parameters over your budget of {1}.',
      formatCount(total - maxParams),
      formatCount(maxParams),
    ),
  );
  const written = comparison?.rows.find((r) => r.current);
  if (!comparison || !written || comparison.path === '') return [over];
  const rest = total - written.params;
  if (rest >= maxParams) {
    return [
      over,
      onPage(
        'layers',
        message('No cell can mend that: the other layers alone have {0} parameters.', formatCount(rest)),
      ),
    ];
  }
  const least = comparison.rows
    .filter((r) => r.sizing === 'same-size')
    .reduce((a, b) => (b.params < a.params ? b : a), written);
  return [
    over,
    onPage(
      'compare',
      least.params + rest <= maxParams
        ? message(
            '{0} at the same hidden size saves {1} parameters in this layer, enough to keep to it if the layers after it stay as they are.',
            CELL_NAMES[least.cell],
            formatCount(written.params - least.params),
          )
        : message(
            'No cell at the same hidden size saves enough; this layer may have {0} parameters.',
            formatCount(maxParams - rest),
          ),
    ),
  ];
}

/** Flash of the STM32F412, on which the paper that is cited runs its networks. */
const FLASH_BYTES = 2 ** 20;

function device(input: DecisionInput, written: ComparisonRowView): SentenceView[] {
  const { totals, goals, workload } = input;
  if (goals.target === 'any') return [];
  if (goals.target === 'server') return oneAfterAnother(workload, written);
  const bytes = totals.weightBytes.value;
  if (bytes === null) return [];
  const asInt8 = (bytes / BYTES_PER_NUMBER[workload.numberType]) * BYTES_PER_NUMBER.int8;
  const sizes = onPage(
    'layers',
    message(
      'The weights take {0} as {1} and {2} as int8.',
      formatBytes(bytes),
      workload.numberType,
      formatBytes(asInt8),
    ),
  );
  if (goals.target === 'mobile') return [sizes, ...oneAfterAnother(workload, written)];
  const flash: SentenceView = {
    text:
      asInt8 <= FLASH_BYTES
        ? message('As int8 they fit into 1 MiB of flash, what the STM32F412 of this paper has.')
        : message('Even as int8 they do not fit into 1 MiB of flash, what the STM32F412 of this paper has.'),
    from: { type: 'paper', title: 'Lin et al. 2020, MCUNet', url: 'https://arxiv.org/abs/2007.10319' },
  };
  return [sizes, flash];
}

/** What no device can run side by side. */
function oneAfterAnother({ seqLen, batch }: Workload, { macsPerStep }: ComparisonRowView): SentenceView[] {
  if (macsPerStep === null) return [];
  return [
    onPage(
      'compare',
      message(
        'The {0} steps run one after another, each with {1} MACs for a sequence; side by side runs only the batch, here {2}.',
        formatCount(seqLen),
        formatCount(macsPerStep),
        formatCount(batch),
      ),
    ),
  ];
}

function data({ totals, goals, workload }: DecisionInput): SentenceView[] {
  const { trainingSequences } = goals;
  const total = totals.params.value;
  if (trainingSequences === null || total === null) return [];
  const steps = trainingSequences * workload.seqLen;
  return [
    onPage(
      'layers',
      message(
        '{0} sequences of {1} steps are {2} time steps to learn from, {3} for each parameter.',
        formatCount(trainingSequences),
        formatCount(workload.seqLen),
        formatCount(steps),
        (steps / Math.max(total, 1)).toPrecision(2),
      ),
    ),
  ];
}

/** How far the gradients reach, and what follows. */
function reach(
  input: DecisionInput,
  rows: readonly ComparisonRowView[],
  written: ComparisonRowView,
): SentenceView[] {
  const { flow, workload } = input;
  const runs = flow?.cases.filter((c) => c.verdict !== 'unknown') ?? [];
  const own = runs.find((c) => c.role === 'written');
  if (!own) {
    return [
      onPage(
        'gradient',
        message(
          'How far back each cell learns over T = {0} is not measured yet: run the gradient flow.',
          formatCount(workload.seqLen),
        ),
      ),
    ];
  }
  const others = runs.filter((c) => c.role === 'compared');
  const steps = flow?.setup?.steps ?? workload.seqLen;
  const facts = onPage(
    'gradient',
    message(
      flow?.setup?.trained
        ? 'With its trained weights, the gradient of {0} reaches {1} of {2} steps back; of the other cells, untrained: {3}.'
        : 'Before training, the gradient of {0} reaches {1} of {2} steps back; of the other cells: {3}.',
      CELL_NAMES[own.cell],
      horizon(own, steps),
      formatCount(steps),
      others.map((c) => `${CELL_NAMES[c.cell]} ${horizon(c, steps)}`).join(', ') || '–',
    ),
  );
  return [facts, ...conclusion(own, others, rows, written, steps)];
}

/** A horizon that was not met lies beyond the run. */
function horizon(run: FlowCaseView, steps: number): string {
  return run.horizonSteps === null ? `≥ ${formatCount(steps)}` : formatCount(run.horizonSteps);
}

function conclusion(
  own: FlowCaseView,
  others: readonly FlowCaseView[],
  rows: readonly ComparisonRowView[],
  written: ComparisonRowView,
  steps: number,
): SentenceView[] {
  const reachOf = (c: FlowCaseView) => c.horizonSteps ?? steps;
  const sound = others.filter((c) => c.verdict !== 'exploding' && c.verdict !== 'saturated');
  const best = sound.reduce((a, b) => (reachOf(b) > reachOf(a) ? b : a), own);
  const unsettled: SentenceView = {
    text: message('On real tasks at equal parameter counts, neither GRU nor LSTM was better throughout.'),
    from: { type: 'paper', title: 'Chung et al. 2014', url: 'https://arxiv.org/abs/1412.3555' },
  };
  if (reachOf(own) >= steps) {
    return [
      onPage(
        'gradient',
        message(
          '{0} already reaches over the whole sequence, so the horizon is no reason to change the cell.',
          CELL_NAMES[own.cell],
        ),
      ),
      unsettled,
    ];
  }
  if (best === own || reachOf(best) < CLEARLY_LONGER * reachOf(own)) {
    return [
      onPage(
        'gradient',
        message(
          'No other cell reaches clearly further, so the horizon is no reason to change the cell; initialisation may be (see the advice).',
        ),
      ),
      unsettled,
    ];
  }
  const row = rows.find((r) => r.cell === best.cell && r.hiddenSizes[0]?.size === best.hiddenSize);
  return [
    onPage(
      row ? 'compare' : 'gradient',
      row
        ? message(
            '{0} with hidden size {1} is worth trying first: it reaches {2} steps instead of {3}, with {4} parameters instead of {5}.',
            CELL_NAMES[best.cell],
            formatCount(best.hiddenSize),
            horizon(best, steps),
            horizon(own, steps),
            formatCount(row.params),
            formatCount(written.params),
          )
        : message(
            '{0} reaches {1} steps instead of {2}.',
            CELL_NAMES[best.cell],
            horizon(best, steps),
            horizon(own, steps),
          ),
    ),
    unsettled,
  ];
}
