export type NumberType = 'float32' | 'float16' | 'bfloat16' | 'int8' | 'float64';

/** What one forward pass runs over, where the source does not fix it. Always shown beside the numbers. */
export interface Workload {
  /** Sequence length T, in steps. */
  readonly seqLen: number;
  /** Batch size B, in sequences. */
  readonly batch: number;
  readonly numberType: NumberType;
  /**
   * Real lengths of the batch's sequences, where they differ. `seqLen` is then the longest and `batch` their number: padded
   * sequences all cost the longest, packed ones their own length.
   */
  readonly lengths?: readonly number[];
}

/** The same workload over sequences of these lengths; none at all: sequences of equal length. */
export function withLengths(workload: Workload, lengths: readonly number[]): Workload {
  const { seqLen, batch, numberType } = workload;
  if (lengths.length === 0) return { seqLen, batch, numberType };
  return { seqLen: lengths.reduce((a, b) => Math.max(a, b), 1), batch: lengths.length, numberType, lengths };
}

/** More sequences than this in one batch are refused. */
const MAX_LENGTHS = 10_000;

/** Whether these are lengths of sequences: whole numbers of at least 1, and not too many. */
export function areLengths(values: readonly unknown[]): values is readonly number[] {
  return values.length <= MAX_LENGTHS && values.every((n) => Number.isSafeInteger(n) && (n as number) >= 1);
}

export const DEFAULT_WORKLOAD: Workload = { seqLen: 100, batch: 1, numberType: 'float32' };

export const BYTES_PER_NUMBER: Readonly<Record<NumberType, number>> = {
  float64: 8,
  float32: 4,
  float16: 2,
  bfloat16: 2,
  int8: 1,
};
