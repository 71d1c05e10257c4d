import type { FlowProfile } from '../../model';
import type { FlowCaseView, FlowView } from '../../protocol/panel';
import type { FlowPlan, PlannedCase } from './flow-plan';

/** A finished run as the page shows it. */
export function flowView(plan: FlowPlan, profiles: readonly FlowProfile[], path: string): FlowView {
  const first = profiles[0];
  return {
    status: 'done',
    reason: null,
    path,
    progress: null,
    setup: first
      ? {
          steps: first.spec.steps,
          batch: first.spec.batch,
          seeds: first.spec.seeds.length,
          backend: first.backend,
          initialiser: plan.initialiser,
          horizonDecades: 3,
          stale: false,
        }
      : null,
    cases: plan.cases.flatMap((planned, i) => {
      const profile = profiles[i];
      return profile ? [caseView(planned, profile)] : [];
    }),
    advice: [],
  };
}

function caseView(planned: PlannedCase, profile: FlowProfile): FlowCaseView {
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
    verdict: 'unknown',
    sentences: [],
    decayPerStep: null,
    halfLifeSteps: null,
    horizonSteps: null,
    gates: profile.gates,
    hiddenSaturation: profile.hiddenSaturation,
  };
}
