import { type Message, message } from '../../model';
import { round } from './round';

/** Where the verdicts change over. Settings of the user's; every one is shown beside the verdict. */
export interface FlowThresholds {
  /** Vanishing: the gradient at the first step is this many decades below that at the last. */
  readonly vanishingDecades: number;
  /** Exploding: it is this many decades above, at any step. */
  readonly explodingDecades: number;
  /** Saturated: this share of the hidden units is beyond 0.99, averaged over the second half of the steps. */
  readonly saturatedShare: number;
  /** The horizon: how many decades below the last norm count as gone. */
  readonly horizonDecades: number;
}

export const DEFAULT_THRESHOLDS: FlowThresholds = {
  vanishingDecades: 3,
  explodingDecades: 2,
  saturatedShare: 0.5,
  horizonDecades: 3,
};

/** The least and the most that a setting may be. */
export const THRESHOLD_RANGES: Readonly<Record<keyof FlowThresholds, readonly [number, number]>> = {
  vanishingDecades: [0.1, 1000],
  explodingDecades: [0.1, 1000],
  saturatedShare: [0.01, 1],
  horizonDecades: [0.1, 1000],
};

/** Thresholds from what somebody wrote by hand: what is no number in its range is as by default. */
export function thresholdsFrom(given: Partial<Record<keyof FlowThresholds, unknown>>): FlowThresholds {
  const thresholds: { -readonly [K in keyof FlowThresholds]: number } = { ...DEFAULT_THRESHOLDS };
  for (const name of Object.keys(DEFAULT_THRESHOLDS) as (keyof FlowThresholds)[]) {
    const value = given[name];
    const [least, most] = THRESHOLD_RANGES[name];
    if (typeof value === 'number' && value >= least && value <= most) thresholds[name] = value;
  }
  return thresholds;
}

/** All of them in one sentence, to stand beside every verdict. */
export function thresholdText(thresholds: FlowThresholds): Message {
  return message(
    'Thresholds: vanishing from {0} decades lost over the run, exploding from {1} decades gained, saturated from {2} % of the hidden units, horizon at {3} decades below the last step.',
    thresholds.vanishingDecades,
    thresholds.explodingDecades,
    round(100 * thresholds.saturatedShare, 3),
    thresholds.horizonDecades,
  );
}
