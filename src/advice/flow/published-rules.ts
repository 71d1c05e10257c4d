import { type FlowProfile, type Message, message } from '../../model';
import type { FlowFigures } from './curve';
import { round } from './round';
import { type Citation, SOURCES } from './sources';

/** What a published rule says, by name, with its numbers. */
export interface RuleVerdict {
  readonly name: string;
  readonly kind: 'vanishing' | 'exploding' | 'healthy' | 'may-explode';
  readonly text: Message;
  readonly source: Citation;
}

/** AutoTrainer's thresholds. */
const VANISHING_RATIO = 1e-3;
const VANISHING_NORM = 1e-4;
const EXPLODING_NORM = 70;

/** The published rules that apply to a run. */
export function publishedRules(profile: FlowProfile, figures: FlowFigures): readonly RuleVerdict[] {
  const rules = [autoTrainer(figures)];
  const pascanu = pascanuRule(profile);
  return pascanu ? [...rules, pascanu] : rules;
}

/** AutoTrainer compares first and last layer; here the first and the last step take their place. */
function autoTrainer({ curve }: FlowFigures): RuleVerdict {
  const first = curve[0]!;
  const last = curve.at(-1)!;
  const vanishing = first - last < Math.log10(VANISHING_RATIO) && first < Math.log10(VANISHING_NORM);
  const exploding = Math.max(...curve) > Math.log10(EXPLODING_NORM);
  return {
    name: 'AutoTrainer',
    kind: exploding ? 'exploding' : vanishing ? 'vanishing' : 'healthy',
    text: message(
      'First step 10^{0}, last step 10^{1}; vanishing when their ratio is below 0.001 and the first below 0.0001, exploding above 70. Unlike ours, this rule depends on the scale of the loss.',
      round(first, 3),
      round(last, 3),
    ),
    source: SOURCES.autoTrainer,
  };
}

/** σ_max of the recurrent kernel against 1/γ, γ = 1 being the steepest slope of tanh, ReLU and the identity. */
function pascanuRule({ spec, recurrentKernel }: FlowProfile): RuleVerdict | undefined {
  const sigma = recurrentKernel.sigmaMax.find((s) => s.gate === 'hidden')?.value;
  if (spec.cell !== 'rnn' || sigma === undefined) return undefined;
  return {
    name: 'Pascanu et al.',
    kind: sigma < 1 ? 'vanishing' : 'may-explode',
    text:
      sigma < 1
        ? message(
            'The largest singular value of the recurrent kernel is {0}, below 1: the gradient must vanish.',
            round(sigma, 3),
          )
        : message(
            'The largest singular value of the recurrent kernel is {0}, not below 1: the gradient may explode, but need not.',
            round(sigma, 3),
          ),
    source: SOURCES.pascanu,
  };
}
