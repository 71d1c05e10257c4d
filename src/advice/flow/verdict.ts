import { type FlowProfile, type Message, message } from '../../model';
import { type FlowFigures, figuresOf } from './curve';
import { type RuleVerdict, publishedRules } from './published-rules';
import { round } from './round';
import { DEFAULT_THRESHOLDS, type FlowThresholds } from './thresholds';

/** `unknown`: the run does not answer the question (one step, or a loss on every state). */
export type VerdictKind = 'vanishing' | 'exploding' | 'healthy' | 'saturated' | 'unknown';

/** What a profile means for learning over its T steps. */
export interface Verdict {
  readonly kind: VerdictKind;
  /** Decades lost a step going back; negative when the gradient grows; null for a single step. */
  readonly decayPerStep: number | null;
  readonly halfLifeSteps: number | null;
  /** Null: not within the sequence length. */
  readonly horizonSteps: number | null;
  /** In plain words, the verdict first. */
  readonly sentences: readonly Message[];
  readonly thresholds: FlowThresholds;
  /** What published rules say of the same run. */
  readonly rules: readonly RuleVerdict[];
}

/** Judges a profile by ratios only: scaling the loss changes nothing. */
export function judge(profile: FlowProfile, thresholds: FlowThresholds = DEFAULT_THRESHOLDS): Verdict {
  const figures = figuresOf(profile, thresholds.horizonDecades);
  const kind = kindOf(profile, figures, thresholds);
  const { decayPerStep, halfLifeSteps, horizonSteps } = figures;
  return {
    kind,
    decayPerStep,
    halfLifeSteps,
    horizonSteps,
    sentences: sentencesFor(kind, profile, figures, thresholds),
    thresholds,
    rules: publishedRules(profile, figures),
  };
}

function kindOf(profile: FlowProfile, { curve }: FlowFigures, thresholds: FlowThresholds): VerdictKind {
  if (curve.length < 2) return 'unknown';
  const last = curve.at(-1)!;
  if (Math.max(...curve) - last >= thresholds.explodingDecades) return 'exploding';
  if (profile.spec.loss === 'all') return 'unknown';
  if (saturatedShare(profile) >= thresholds.saturatedShare) return 'saturated';
  return last - curve[0]! >= thresholds.vanishingDecades ? 'vanishing' : 'healthy';
}

function saturatedShare({ spec, hiddenSaturation }: FlowProfile): number {
  // Values beyond 0.99 mean saturation only where something squashes them.
  if (spec.nonlinearity !== 'tanh') return 0;
  const half = hiddenSaturation.slice(Math.floor(hiddenSaturation.length / 2));
  return half.reduce((sum, x) => sum + x, 0) / half.length;
}

function sentencesFor(
  kind: VerdictKind,
  profile: FlowProfile,
  figures: FlowFigures,
  thresholds: FlowThresholds,
): readonly Message[] {
  const { steps, loss } = profile.spec;
  const { decayPerStep, zeroAfterSteps } = figures;
  switch (kind) {
    case 'unknown':
      return [
        loss === 'all'
          ? message(
              'With a loss on every state each step has a gradient of its own: the curve does not show how far one reaches.',
            )
          : message('One step shows nothing about reach.'),
      ];
    case 'exploding':
      return [
        message(
          'Exploding: going back over {0} steps the gradient grows {1}-fold ({2} decades a step).',
          steps,
          tenTo(Math.max(...figures.curve) - figures.curve.at(-1)!),
          round(-decayPerStep!, 2),
        ),
        message('The threshold is {0}-fold.', tenTo(thresholds.explodingDecades)),
      ];
    case 'saturated':
      return [
        message(
          'Saturated: {0} % of the hidden units stay beyond ±0.99, where hardly any gradient passes.',
          Math.round(100 * saturatedShare(profile)),
        ),
        ...reach(figures, steps),
      ];
    case 'vanishing':
      if (zeroAfterSteps !== null)
        return [
          message('Vanishing: {0} steps back the gradient is exactly 0.', zeroAfterSteps),
          ...reach(figures, steps),
        ];
      return [
        message('Vanishing: the gradient loses {0} decades a step.', round(decayPerStep!, 2)),
        ...reach(figures, steps),
      ];
    case 'healthy':
      return [
        message(
          'Healthy: over {0} steps the gradient stays within {1} decades.',
          steps,
          round(Math.abs(figures.curve.at(-1)! - figures.curve[0]!), 2),
        ),
        ...reach(figures, steps),
      ];
  }
}

function reach({ halfLifeSteps, horizonSteps }: FlowFigures, steps: number): readonly Message[] {
  if (horizonSteps !== null && halfLifeSteps !== null)
    return [
      message(
        'Half of it is gone after {0} steps; the horizon is {1} of {2} steps.',
        round(halfLifeSteps, 2),
        horizonSteps,
        steps,
      ),
    ];
  if (halfLifeSteps !== null)
    return [
      message(
        'Half of it is gone after {0} steps; the horizon lies beyond {1} steps.',
        round(halfLifeSteps, 2),
        steps,
      ),
    ];
  return [];
}

/** 10 to the power of a number of decades, as text that stays short. */
function tenTo(decades: number): string {
  return decades < 5 ? String(round(10 ** decades, 2)) : `10^${Math.round(decades)}`;
}
