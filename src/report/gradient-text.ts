import { thresholdText } from '../advice';
import { type FlowInput, formatMessage } from '../model';
import { CELL_NAMES } from './comparison-text';
import { initialiserText, type GradientCase } from './gradient-json';
import { formatCount, formatLog10 } from './numbers';
import { textTable } from './text-table';

/** What `rnn-lens gradient` prints for people. */
export function gradientText(heading: string, cases: readonly GradientCase[], input: FlowInput): string {
  const { spec, backend } = cases[0]!.profile;
  const setup = [
    '‖∂L/∂h_t‖',
    spec.loss === 'last' ? 'loss on the last state' : 'loss on every state',
    `T = ${formatCount(spec.steps)}`,
    `batch ${formatCount(spec.batch)}`,
    `input: ${input.kind === 'noise' ? 'noise' : input.name}`,
    spec.seeds.length === 1 ? '1 seed' : `${spec.seeds.length} seeds`,
    backend,
  ].join(', ');
  const table = textTable(
    [
      { title: 'cell', align: 'left' },
      { title: 'hidden', align: 'right' },
      { title: 'initialisation', align: 'left' },
      { title: 'verdict', align: 'left' },
      { title: 'decades/step', align: 'right' },
      { title: 'half-life', align: 'right' },
      { title: 'horizon', align: 'right' },
      { title: 'first/last', align: 'right' },
    ],
    cases.map((c) => [
      CELL_NAMES[c.cell] + (c.current ? currentText(c) : ''),
      formatCount(c.profile.spec.hiddenSize),
      initialiserText(c.profile.spec),
      c.verdict.kind,
      c.verdict.decayPerStep === null ? '–' : c.verdict.decayPerStep.toFixed(3),
      stepsText(c.verdict.halfLifeSteps),
      stepsText(c.verdict.horizonSteps, c.profile.spec.steps),
      firstToLast(c),
    ]),
    '  ',
  );
  const verdicts = cases.flatMap((c) =>
    c.verdict.sentences.map(
      (s) => `  ${CELL_NAMES[c.cell]}, ${initialiserText(c.profile.spec)}: ${formatMessage(s)}\n`,
    ),
  );
  const { rules, thresholds } = cases[0]!.verdict;
  const published = rules.map((r) => `  ${r.name}: ${formatMessage(r.text)}\n`);
  const limits = `  ${formatMessage(thresholdText(thresholds))}\n`;
  return [
    `${heading}\n  ${setup}\n${table}`,
    ...verdicts,
    ...published,
    limits,
    kernelLine(cases[0]!),
    trainedText(cases[0]!),
  ].join('');
}

function currentText({ profile }: GradientCase): string {
  return profile.spec.initialiser.kind === 'stored' ? ' (as trained)' : ' (as written)';
}

/** The trained weights gate by gate; nothing for weights that were drawn. */
function trainedText({ profile: { trained, spec } }: GradientCase): string {
  if (!trained) return '';
  const several = spec.numLayers > 1 || spec.bidirectional;
  const table = textTable(
    [
      { title: 'trained weights', align: 'left' },
      { title: 'bias mean', align: 'right' },
      { title: 'spread', align: 'right' },
      { title: 'from', align: 'right' },
      { title: 'to', align: 'right' },
      { title: 'σmax', align: 'right' },
      { title: 'spectral radius', align: 'right' },
    ],
    trained.flatMap(({ layer, direction, gates }) =>
      gates.map(({ gate, bias, sigmaMax, spectralRadius }) => [
        several ? `layer ${layer + 1} ${direction} ${gate}` : gate,
        ...[bias?.mean, bias?.std, bias?.min, bias?.max].map((n) => n?.toFixed(3) ?? '–'),
        sigmaMax?.toFixed(3) ?? '–',
        spectralRadius?.toFixed(3) ?? '–',
      ]),
    ),
    '  ',
  );
  return `\n${table}`;
}

/** The layer as written: its recurrent kernel's spectrum and its Lyapunov exponent. */
function kernelLine({ profile }: GradientCase): string {
  const { sigmaMax, spectralRadius, lyapunov } = profile.recurrentKernel;
  const gates = sigmaMax.map(({ gate, value }) => {
    const radius = spectralRadius.find((r) => r.gate === gate)?.value;
    return `${gate} σmax ${short(value)}${radius === undefined ? '' : `, radius ${short(radius)}`}`;
  });
  const exponent = lyapunov === undefined ? [] : [`largest Lyapunov exponent ${short(lyapunov)} per step`];
  const parts = [...gates, ...exponent];
  return parts.length === 0 ? '' : `  Recurrent kernel: ${parts.join('; ')}\n`;
}

function short(x: number): string {
  return String(Number(x.toPrecision(3)));
}

/** Steps back; beyond the run's length nothing was measured. */
function stepsText(steps: number | null, measured = Infinity): string {
  if (steps === null || !Number.isFinite(steps))
    return measured === Infinity ? '–' : `>${formatCount(measured)}`;
  return steps < 10 ? steps.toFixed(1) : formatCount(Math.round(steps));
}

/** The first step's norm over the last one's, geometric mean over seeds. */
function firstToLast({ profile }: GradientCase): string {
  const ratios = profile.seeds.map((s) => s.log10Norms[0]! - s.log10Norms.at(-1)!);
  return formatLog10(ratios.reduce((a, b) => a + b, 0) / ratios.length);
}
