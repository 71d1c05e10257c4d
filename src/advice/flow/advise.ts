import { type FlowProfile, type Message, message } from '../../model';
import type { Alternative } from './alternatives';
import { type CodeSnippet, type SnippetNames, snippetFor } from './code';
import { round } from './round';
import type { Citation } from './sources';
import { DEFAULT_THRESHOLDS, type FlowThresholds } from './thresholds';
import { type Verdict, judge } from './verdict';

/** One change that was tried, with what it did. */
export interface FlowAdvice {
  readonly id: Alternative['id'];
  readonly title: Message;
  /** The computed numbers, before and after. */
  readonly text: Message;
  readonly source: Citation;
  readonly verdict: Verdict;
  /** What to put into the user's code; absent where it is another cell, or nothing simple. */
  readonly code?: CodeSnippet;
}

/**
 * What helps, best first: the alternatives that were run and whose gradient reaches clearly further than that of the
 * layer as written without exploding.
 */
export function advise(
  written: FlowProfile,
  tried: readonly { readonly alternative: Alternative; readonly profile: FlowProfile }[],
  names: SnippetNames,
  thresholds: FlowThresholds = DEFAULT_THRESHOLDS,
): readonly FlowAdvice[] {
  const before = judge(written, thresholds);
  if (before.kind === 'healthy' || before.kind === 'unknown') return [];
  return tried
    .map(({ alternative, profile }) => ({ alternative, verdict: judge(profile, thresholds) }))
    .filter(({ verdict }) => isBetter(verdict, before))
    .sort((a, b) => distanceFromLevel(a.verdict) - distanceFromLevel(b.verdict))
    .map(({ alternative, verdict }) => {
      const code = alternative.spec.cell === written.spec.cell ? snippetFor(alternative, names) : undefined;
      return {
        id: alternative.id,
        title: alternative.label,
        text: effect(before, verdict, written.spec.steps),
        source: alternative.source,
        verdict,
        ...(code ? { code } : {}),
      };
    });
}

/** A fifth less decay (or growth): seeds differ by a few per cent. */
const CLEARLY = 0.8;

function isBetter(verdict: Verdict, before: Verdict): boolean {
  if (verdict.kind === 'exploding' || verdict.kind === 'unknown') return false;
  return distanceFromLevel(verdict) < CLEARLY * distanceFromLevel(before);
}

/** How far from losing and gaining nothing. */
function distanceFromLevel({ decayPerStep }: Verdict): number {
  return Math.abs(decayPerStep ?? Infinity);
}

function effect(before: Verdict, after: Verdict, steps: number): Message {
  const from = before.halfLifeSteps;
  const to = after.halfLifeSteps;
  if (from === null || to === null)
    return message(
      'Moves the decay from {0} to {1} decades a step.',
      round(before.decayPerStep ?? 0, 2),
      round(after.decayPerStep ?? 0, 2),
    );
  if (after.horizonSteps === null)
    return message(
      'Moves the half-life from {0} to {1} steps, and the horizon beyond {2} steps.',
      round(from, 2),
      round(to, 2),
      steps,
    );
  return message(
    'Moves the half-life from {0} to {1} steps and the horizon from {2} to {3}.',
    round(from, 2),
    round(to, 2),
    before.horizonSteps ?? steps,
    after.horizonSteps,
  );
}
