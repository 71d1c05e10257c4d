import {
  type Alternative,
  DEFAULT_THRESHOLDS,
  type FlowThresholds,
  advise,
  judge,
  snippetText,
  thresholdText,
} from '../../advice';
import type { FlowProfile, RecurrentLayer } from '../../model';
import type { AdviceView, FlowCaseView, FlowCurveView, FlowView, KernelView } from '../../protocol/panel';
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
export function flowView(input: FlowViewInput): Omit<FlowView, 'choices'> {
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
          trained: written.profile.spec.initialiser.kind === 'stored',
          loss: written.profile.spec.loss,
          input: plan.input,
          thresholds: thresholdText(thresholds),
          horizonDecades: thresholds.horizonDecades,
          stale: false,
          notTrained: plan.notTrained ?? null,
        }
      : null,
    cases: drawn.map(({ planned, profile }) => caseView(planned, profile, thresholds)),
    advice,
    trained: written ? trainedView(written.profile) : [],
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
        code: a.code ? snippetText(a.code) : null,
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
    seeds: profile.seeds.map((s) => ({ seed: s.seed, log10Norms: s.log10Norms.map(finite) })),
    verdict: verdict.kind,
    sentences: verdict.sentences,
    decayPerStep: finite(verdict.decayPerStep),
    halfLifeSteps: finite(verdict.halfLifeSteps),
    horizonSteps: verdict.horizonSteps,
    rules: verdict.rules.map(({ name, text, source }) => ({ name, text, source })),
    gates: profile.gates,
    hiddenSaturation: profile.hiddenSaturation,
    curves: curvesOf(profile),
    weightGradients: profile.weightGradients.map((w) => ({ ...w, log10Norm: finite(w.log10Norm) })),
    recurrentKernel: kernelOf(profile),
    lyapunov: profile.recurrentKernel.lyapunov ?? null,
  };
}

/** Top layer first: it is what the verdict is about. */
function curvesOf({ seeds }: FlowProfile): readonly FlowCurveView[] {
  const shapes = (seeds[0]?.layers ?? []).map(({ layer, direction }, i) => ({ layer, direction, i }));
  const topFirst = shapes.sort((a, b) => b.layer - a.layer || a.i - b.i);
  return topFirst.flatMap(({ layer, direction, i }) =>
    (['h', 'c'] as const).flatMap((of): FlowCurveView[] => {
      const each = seeds.flatMap(({ seed, layers }) => {
        const norms = of === 'h' ? layers?.[i]?.log10Norms : layers?.[i]?.log10CellNorms;
        return norms ? [{ seed, log10Norms: norms.map(finite) }] : [];
      });
      return each.length > 0 ? [{ layer, direction, of, seeds: each }] : [];
    }),
  );
}

function kernelOf({ recurrentKernel }: FlowProfile): readonly KernelView[] {
  const { sigmaMax, singularValues, spectralRadius } = recurrentKernel;
  return sigmaMax.map(({ gate, value }) => ({
    gate,
    sigmaMax: value,
    singularValues: singularValues.find((s) => s.gate === gate)?.values ?? [],
    spectralRadius: spectralRadius.find((s) => s.gate === gate)?.value ?? null,
  }));
}

function trainedView({ trained }: FlowProfile): FlowView['trained'] {
  return (trained ?? []).map(({ layer, direction, gates }) => ({
    layer,
    direction,
    gates: gates.map(({ gate, bias, sigmaMax, spectralRadius }) => ({
      gate,
      bias: bias ?? null,
      sigmaMax: sigmaMax ?? null,
      spectralRadius: spectralRadius ?? null,
    })),
  }));
}

/** An exact zero has no logarithm, a level curve no half-life, and JSON no infinity. */
function finite(value: number | null): number | null {
  return value !== null && Number.isFinite(value) ? value : null;
}
