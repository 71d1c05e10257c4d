import type { Verdict } from '../advice';
import type { CellKind, FlowProfile, FlowSpec, InitialiserSpec } from '../model';
import { SCHEMA_VERSION } from './json-numbers';

/** One cell's run, judged. */
export interface GradientCase {
  readonly cell: CellKind;
  /** The layer as it is written, not a cell put in its place. */
  readonly current: boolean;
  readonly profile: FlowProfile;
  readonly verdict: Verdict;
}

/** The object that `rnn-lens gradient --json` prints; `media/schemas/gradient.schema.json` describes it. */
export function gradientJson(spec: FlowSpec, where: object, cases: readonly GradientCase[]) {
  return {
    schemaVersion: SCHEMA_VERSION,
    // Trained weights are not printed again.
    spec: {
      ...where,
      ...spec,
      ...(spec.initialiser.kind === 'stored' ? { initialiser: { kind: 'stored' } } : {}),
    },
    backend: cases[0]!.profile.backend,
    cells: cases.map((c) => ({
      cell: c.cell,
      current: c.current,
      hiddenSize: c.profile.spec.hiddenSize,
      initialiser: initialiserText(c.profile.spec),
      seeds: c.profile.seeds.map((s) => ({
        seed: s.seed,
        log10Norms: s.log10Norms.map(finite),
        ...(s.log10CellNorms ? { log10CellNorms: s.log10CellNorms.map(finite) } : {}),
        layers: (s.layers ?? []).map(({ layer, direction, log10Norms, log10CellNorms }) => ({
          layer,
          direction,
          log10Norms: log10Norms.map(finite),
          ...(log10CellNorms ? { log10CellNorms: log10CellNorms.map(finite) } : {}),
        })),
      })),
      verdict: c.verdict.kind,
      decayPerStep: finite(c.verdict.decayPerStep),
      halfLifeSteps: finite(c.verdict.halfLifeSteps),
      horizonSteps: finite(c.verdict.horizonSteps),
      thresholds: c.verdict.thresholds,
      rules: c.verdict.rules.map(({ name, kind, source }) => ({ name, verdict: kind, source: source.url })),
      gates: c.profile.gates,
      hiddenSaturation: c.profile.hiddenSaturation,
      weightGradients: c.profile.weightGradients.map((w) => ({ ...w, log10Norm: finite(w.log10Norm) })),
      recurrentKernel: { lyapunov: null, ...c.profile.recurrentKernel },
      ...(c.profile.trained ? { trained: c.profile.trained } : {}),
    })),
  };
}

/** JSON has no infinity: an exact zero has no logarithm, a gradient that does not decay no half-life. */
function finite(n: number | null): number | null {
  return n !== null && Number.isFinite(n) ? n : null;
}

/** `pytorch default`, `forget-bias 1`, `chrono 200` … */
export function initialiserText(spec: FlowSpec): string {
  const initialiser: InitialiserSpec = spec.initialiser;
  switch (initialiser.kind) {
    case 'default':
      return `${spec.framework} default`;
    case 'named':
      return Object.entries(initialiser.initialisers)
        .filter(([, value]) => value !== undefined)
        .map(([name, value]) => `${name}=${value}`)
        .join(', ');
    case 'forget-bias':
      return `forget-bias ${initialiser.value}`;
    case 'chrono':
      return `chrono ${initialiser.maxSteps}`;
    case 'orthogonal':
      return `orthogonal ${initialiser.gain}`;
    case 'identity':
      return `identity ${initialiser.scale}`;
    case 'stored':
      return 'stored weights';
  }
}
