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
