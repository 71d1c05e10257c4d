import { type Alternative, DEFAULT_THRESHOLDS, type FlowThresholds, advise, judge } from '../../advice';
import type { FlowProfile, RecurrentLayer } from '../../model';
import type { AdviceView, FlowCaseView, FlowView } from '../../protocol/panel';
import type { FlowPlan, PlannedCase } from './flow-plan';

/** How many pieces of advice are worth reading. */
const MAX_ADVICE = 3;

export interface FlowViewInput {
  readonly plan: FlowPlan;
  /** One for each case of the plan. */
  readonly profiles: readonly FlowProfile[];
  readonly layer: RecurrentLayer;
  /** Whether the change can be put into the source. */
  readonly canInsert: (alternative: Alternative) => boolean;
  readonly thresholds?: FlowThresholds;
}

/** A finished run as the page shows it: of the alternatives, only the best is drawn. */
export function flowView(input: FlowViewInput): FlowView {
  const { plan, profiles, layer, thresholds = DEFAULT_THRESHOLDS } = input;
  const runs = plan.cases.flatMap((planned, i) => {
    const profile = profiles[i];
    return profile ? [{ planned, profile }] : [];
  });
  const written = runs.find((r) => r.planned.role === 'written');
  const advice = written ? adviceOf(runs, written.profile, input, thresholds) : [];
  const drawn = runs.filter(({ planned }) => planned.role !== 'alternative' || planned.id === advice[0]?.id);
  return {
    status: 'done',
    reason: null,
    path: layer.path,
    progress: null,
    setup: written
      ? {
          steps: written.profile.spec.steps,
          batch: written.profile.spec.batch,
          seeds: written.profile.spec.seeds.length,
          backend: written.profile.backend,
          initialiser: plan.initialiser,
          horizonDecades: thresholds.horizonDecades,
          stale: false,
        }
      : null,
    cases: drawn.map(({ planned, profile }) => caseView(planned, profile, thresholds)),
    advice,
  };
}

function adviceOf(
  runs: readonly { readonly planned: PlannedCase; readonly profile: FlowProfile }[],
  written: FlowProfile,
  { layer, canInsert }: FlowViewInput,
  thresholds: FlowThresholds,
): readonly AdviceView[] {
  const tried = runs.flatMap(({ planned: { alternative }, profile }) =>
    alternative ? [{ alternative, profile }] : [],
  );
  const names = { framework: layer.framework, layer: `self.${layer.path.split('.').at(-1) ?? ''}` };
  return advise(written, tried, names, thresholds)
    .slice(0, MAX_ADVICE)
    .map((a): AdviceView => {
      const alternative = tried.find((t) => t.alternative.id === a.id)?.alternative;
      return {
        id: a.id,
        title: a.title,
        text: a.text,
        source: a.source,
        code: a.code?.text ?? null,
        insertable: alternative !== undefined && canInsert(alternative),
      };
    });
}

function caseView(planned: PlannedCase, profile: FlowProfile, thresholds: FlowThresholds): FlowCaseView {
  const verdict = judge(profile, thresholds);
  return {
    id: planned.id,
    label: planned.label,
    cell: planned.spec.cell,
    role: planned.role,
    hiddenSize: planned.spec.hiddenSize,
    seeds: profile.seeds.map((s) => ({
      seed: s.seed,
      // An exact zero has no logarithm, and JSON no infinity.
      log10Norms: s.log10Norms.map((n) => (Number.isFinite(n) ? n : null)),
    })),
    verdict: verdict.kind,
    sentences: verdict.sentences,
    decayPerStep: finite(verdict.decayPerStep),
    halfLifeSteps: finite(verdict.halfLifeSteps),
    horizonSteps: verdict.horizonSteps,
    rules: verdict.rules.map(({ name, text, source }) => ({ name, text, source })),
    gates: profile.gates,
    hiddenSaturation: profile.hiddenSaturation,
  };
}

function finite(value: number | null): number | null {
  return value !== null && Number.isFinite(value) ? value : null;
}
